"""Several names in one cell: an input takes a 0 or 1 for each name, an export texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dlstudio.catalog.features.categories import CATEGORIES as DESCRIPTION
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import Fitted, Rows, settings
from dlstudio.data.features.categories import SEPARATORS
from dlstudio.data.features.cell_text import cell_texts, has_lists
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.categories_script import categories_script
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import (
    BranchInput,
    InputBranch,
    number_branch,
)
from dlstudio.engine.features.names_text import listed, unseen_name
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

BLANK = ""


class _CategoriesTensor:
    """See `TensorFeature`: float32 (n, names) from strings (n,)."""

    dtype = "str"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        """Nothing: a 0 or 1 is scaled."""
        return number_branch(DESCRIPTION, given)

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The rows, float32 (n, names)."""
        del fitted
        return np.asarray(rows, np.float32)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The names of each cell in one text, object (n,); "" where there is none."""
        values = cells.values
        if has_lists(values):
            mark = _separators(fitted, feature)[0]
            names = values.cast(pl.List(pl.String))
            texts = names.list.join(mark, ignore_nulls=True)
        else:
            texts = cell_texts(cells)
        return np.array(texts.fill_null(BLANK).to_list(), object)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """A 1 for each learned name in a text, float32 (n, names)."""
        # A script needs only what needs no TensorFlow.
        from dlstudio.engine.features.names_graph import multi_hot

        return multi_hot(values, _separators(fitted, feature), fitted["names"])

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """Which names there are, and how they are written."""
        names = listed(fitted["names"])
        if encoded:
            text = _("A 0 or 1 for each name, in this order: {names}.")
            return text.format(names=names)
        marks = " ".join(f"“{each}”" for each in _separators(fitted, feature))
        text = _(
            "Any number of names, separated by {separator}. Others than these are "
            "ignored: {names}."
        )
        return text.format(separator=marks, names=names)

    def example(self, fitted: Fitted, feature: Feature) -> str:
        """The first two names."""
        return _separators(fitted, feature)[0].join(fitted["names"][:2])

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """A name that was not learned, alone and after one that was."""
        names = list(fitted["names"])
        unseen, marks = unseen_name(names), _separators(fitted, feature)
        several = f" {marks[-1]} ".join([*names[:1], unseen])
        return Cells(pl.Series([unseen, several]))

    def script(self, column: ScriptColumn) -> FeatureScript:
        """Lines that split the names and look them up."""
        return categories_script(column)


def _separators(fitted: Fitted, feature: Feature) -> str:
    """What separates names: one character, or any that is in no name."""
    separator = str(settings(feature, DESCRIPTION)["separator"])
    if separator != "auto":
        return separator
    names = "".join(fitted["names"])
    return "".join(each for each in SEPARATORS if each not in names) or "\n"


CATEGORIES = _CategoriesTensor()
