"""Categories: an input takes strings, and looks them up itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dlstudio.catalog.features.category import CATEGORY as DESCRIPTION
from dlstudio.data.columns import Categories, Cells
from dlstudio.data.features.base import Fitted, Rows, load_feature_type, settings
from dlstudio.data.tables.null_marks import EVERYWHERE
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.category_script import category_script
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import BranchInput, InputBranch
from dlstudio.engine.features.name_branch import name_branch
from dlstudio.engine.features.names_text import names_text, unseen_name

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

UNKNOWN, BLANK = "[UNK]", ""
"""The strings of a name that was not learned, and of a missing one."""


def strings_of(fitted: Fitted) -> tuple[str, ...]:
    """The string of each code, those of unseen and missing names first.

    A code, as the data part encodes it, plus 2 is the place of its string.
    """
    return (UNKNOWN, BLANK, *fitted["names"])


class _CategoryTensor:
    """See `TensorFeature`: strings (n, 1) from strings (n,)."""

    dtype = "str"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        """A lookup, then one-hot or embedded."""
        return name_branch(DESCRIPTION, given)

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The string of each code, object (n, 1)."""
        strings = np.array(strings_of(fitted), object)
        return strings[np.asarray(rows, np.int64) + 2].reshape(-1, 1)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The names as they stand there, object (n,); "" where there is none."""
        del fitted
        column = load_feature_type(DESCRIPTION).parse(cells, feature).column
        assert isinstance(column, Categories)
        return np.array((*column.names, BLANK), object)[column.codes]

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """Names without blanks around them, missing ones filled, string (n, 1)."""
        # A script needs only what needs no TensorFlow.
        import tensorflow as tf

        from dlstudio.engine.features.text_graph import is_blank, stripped

        names = stripped(values)
        names = tf.where(is_blank(names, EVERYWHERE), BLANK, names)
        if settings(feature, DESCRIPTION)["missing"] == "most_frequent":
            filled = tf.constant(str(fitted["most_frequent"] or BLANK))
            names = tf.where(tf.equal(names, BLANK), filled, names)
        column: Tensor = tf.reshape(names, (-1, 1))
        return column

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """The names that were learned."""
        del feature, encoded
        return names_text(fitted["names"])

    def example(self, fitted: Fitted, feature: Feature) -> str:
        """The most frequent name."""
        del feature
        return str(fitted.get("most_frequent") or BLANK)

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """A name that was not learned."""
        del feature
        return Cells(pl.Series([unseen_name(fitted["names"])]))

    def script(self, column: ScriptColumn) -> FeatureScript:
        """Names as texts; of a target, their places in the list of names."""
        return category_script(column)


CATEGORY = _CategoryTensor()
