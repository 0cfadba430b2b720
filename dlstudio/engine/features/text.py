"""Texts: an input takes strings, and layers behind it split them into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dlstudio.catalog.features.text import TEXT as DESCRIPTION
from dlstudio.data.columns import Cells, Texts
from dlstudio.data.features.base import Fitted, Rows, load_feature_type
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import TensorFeature, Values
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import BranchInput, InputBranch
from dlstudio.engine.features.text_branch import text_branch
from dlstudio.engine.features.text_script import text_script
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


EDGES = (
    "这家店的外卖很好吃，下次还会再点！",
    "مرحبا بالعالم",
    "👩‍🚀 great!! 😀",
    "One line,\nand\tanother\r\none — “quoted”…",
    "\u3000 wide blanks \u00a0",
    "?",
    "very long " * 2000,
)
"""Texts with which an export is verified beside those of the data."""


class _TextTensor:
    """See `TensorFeature`: strings (n, 1) from strings (n,)."""

    dtype = "str"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        """Words, and convolutions that find phrases."""
        return text_branch(given)

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The texts, object (n, 1)."""
        del fitted
        return np.asarray(rows[:], object).reshape(-1, 1)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The texts, object (n,); "" where there is none."""
        del fitted
        column = load_feature_type(DESCRIPTION).parse(cells, feature).column
        assert isinstance(column, Texts)
        return column.values.fill_null("").to_numpy().astype(object)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """Texts without blanks around them, string (n, 1)."""
        # A script needs only the rest of this module.
        import tensorflow as tf

        from dlstudio.engine.features.text_graph import stripped

        del fitted, feature
        column: Tensor = tf.reshape(stripped(values), (-1, 1))
        return column

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """That any text may come, in which encoding, and what a missing one is."""
        del fitted, encoded
        if feature.params.get("segmentation") == "words":
            return _(
                "Any text in UTF-8 with blanks between Chinese words, as the package "
                "rjieba finds them; an empty one where it is missing."
            )
        return _("Any text in UTF-8; an empty one where it is missing.")

    def example(self, fitted: Fitted, feature: Feature) -> str:
        """A few words."""
        del fitted, feature
        return _("Some text")

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """Texts of other scripts, emoji, line ends and blanks, and a very long one."""
        del fitted, feature
        return Cells(pl.Series(EDGES, dtype=pl.String))

    def script(self, column: ScriptColumn) -> FeatureScript:
        """Texts as they are."""
        return text_script(column)


TEXT: TensorFeature = _TextTensor()
