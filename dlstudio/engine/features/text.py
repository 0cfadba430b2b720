"""Texts: an input takes strings, and layers behind it split them into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlstudio.catalog.features.text import TEXT as DESCRIPTION
from dlstudio.data.columns import Cells, Texts
from dlstudio.data.features.base import Fitted, Rows, load_feature_type
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import BranchInput, InputBranch
from dlstudio.engine.features.text_branch import text_branch
from dlstudio.engine.features.text_script import text_script
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


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
        import tensorflow as tf  # a script needs only the rest of this module

        del fitted, feature
        column: Tensor = tf.reshape(tf.strings.strip(values), (-1, 1))
        return column

    def meaning(self, fitted: Fitted, feature: Feature) -> str:
        """That any text may come, in which encoding, and what a missing one is."""
        del fitted, feature
        return _("Any text in UTF-8; an empty one where it is missing.")

    def script(self, column: ScriptColumn) -> FeatureScript:
        """Texts as they are."""
        return text_script(column)


TEXT = _TextTensor()
