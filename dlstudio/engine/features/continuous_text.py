"""Running text: an input takes strings, of long ones the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlstudio.catalog.features.continuous_text import CONTINUOUS_TEXT as DESCRIPTION
from dlstudio.data.columns import Cells, Texts
from dlstudio.data.features.base import Fitted, Rows, load_feature_type, settings
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import (
    BranchInput,
    BranchLayer,
    InputBranch,
)
from dlstudio.engine.features.language_profile import LanguageProfile
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

SIZE = 32


class _ContinuousTextTensor:
    """See `TensorFeature`: strings (n, 1) from strings (n,)."""

    dtype = "str"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        """Tokens, and vectors of these at each position."""
        profile = LanguageProfile.of(given.feature, given.column)
        return InputBranch(
            load_feature_type(DESCRIPTION).input_form(given.feature, None),
            (
                profile.tokens(),
                profile.embedding(SIZE),
                BranchLayer("last", "LSTM", FrozenMap({"units": SIZE})),
            ),
            deep=True,
            template="dlstudio.templates.generate-lstm",
            alone="dlstudio.templates.generate-lstm",
        )

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The texts, object (n, 1)."""
        del fitted
        return np.asarray(rows[:], object).reshape(-1, 1)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The texts, object (n,); "" where there is none."""
        del fitted
        column = load_feature_type(DESCRIPTION).parse(cells, feature).column
        if not isinstance(column, Texts):
            return np.array(cells.values.to_list(), object)
        return column.values.fill_null("").to_numpy().astype(object)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """The end of each text, string (n, 1)."""
        import tensorflow as tf  # a script needs only the rest of this module

        del fitted
        given = settings(feature, DESCRIPTION)
        size = int(given["window"])
        if size and given["unit"] == "characters":
            length = tf.strings.length(values, unit="UTF8_CHAR")
            start = tf.maximum(length - size, 0)
            values = tf.strings.substr(
                values, start, tf.fill(tf.shape(values), size), unit="UTF8_CHAR"
            )
        elif size:
            words = tf.strings.split(values)
            longer = words.row_lengths() > size
            last = tf.strings.reduce_join(words[:, -size:], axis=-1, separator=" ")
            values = tf.where(longer, last, values)
        column: Tensor = tf.reshape(values, (-1, 1))
        return column

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """That any text may come, and how much of it counts."""
        del fitted, encoded
        given = settings(feature, DESCRIPTION)
        size = int(given["window"])
        if not size:
            return _("Any text in UTF-8.")
        if given["unit"] == "characters":
            text = _("Any text in UTF-8; the last {count} characters count.")
        else:
            text = _("Any text in UTF-8; the last {count} words count.")
        return text.format(count=size)

    def example(self, fitted: Fitted, feature: Feature) -> float | str:
        """A beginning."""
        del fitted, feature
        return "The "

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """Nothing, another script, emoji, line breaks, and a very long text."""
        import polars as pl

        del fitted, feature
        texts = ["", " ", "a\nb\r\n\tc ", "你好，世界", "👩‍🚀 é", "word " * 400]
        return Cells(pl.Series(texts, dtype=pl.String))

    def script(self, column: ScriptColumn) -> FeatureScript:
        """None: windows of a text are no column of a table.

        Raises:
            UserError: Always.
        """
        raise UserError(
            _("The script has no lines that cut “{name}” into windows.").format(
                name=column.name
            )
        )


CONTINUOUS_TEXT = _ContinuousTextTensor()
