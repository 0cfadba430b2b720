"""The lines of a script for several names in one cell."""

from __future__ import annotations

import polars as pl

from dlstudio.catalog.features.categories import CATEGORIES as DESCRIPTION
from dlstudio.data.features.base import settings
from dlstudio.data.features.categories import usual_separator
from dlstudio.data.features.cell_text import named_texts
from dlstudio.engine.features.feature_script import (
    FeatureScript,
    ScriptColumn,
    not_written,
)

MULTI_HOT = (
    "def multi_hot(texts: pd.Series, separator: str, names: list[str]) -> np.ndarray:",
    '    """A 1 for each name that is in a cell, uint8 (n, names)."""',
    "    cells = [",
    "        {part.strip() for part in text.split(separator)} for text in texts",
    "    ]",
    "    rows = [[name in cell for name in names] for cell in cells]",
    '    return np.array(rows, "uint8")',
)
MULTI_HOT_OF_TEXTS = (
    "def multi_hot_of_texts(",
    "    texts: tf.Tensor, separator: str, names: list[str]",
    ") -> tf.Tensor:",
    '    """As `multi_hot`, for the exported model, float32 (n, names)."""',
    "    parts = tf.strings.strip(tf.strings.split(texts, separator).to_tensor())",
    "    found = parts[:, :, None] == tf.constant(names)",
    "    return tf.cast(tf.reduce_any(found, axis=1), tf.float32)",
)
RAREST = (
    "def rarest(rows: np.ndarray) -> np.ndarray:",
    '    """The rarest name of each row, -1 where it has none."""',
    '    rare_first = rows[:, np.argsort(rows.sum(axis=0), kind="stable")]',
    "    return np.where(rows.any(axis=1), rare_first.argmax(axis=1), -1)",
)


def categories_script(column: ScriptColumn) -> FeatureScript:
    """See `TensorFeature.script`.

    Raises:
        UserError: The cells are no texts.
    """
    if column.cells.values.dtype != pl.String:
        raise not_written(column.name)
    separator = str(settings(column.feature, DESCRIPTION)["separator"])
    if separator == "auto":
        separator = usual_separator(named_texts(column.cells)) or "|"
    rows = f'multi_hot(table[{{name}}].fillna(""), "{separator}", NAMES[{{name}}])'
    return FeatureScript(
        prepare=(f"inputs[{{name}}] = {rows}",),
        target=(f"targets[{{name}}] = {rows}",),
        strata=f"rarest({rows})",
        serve=(f'multi_hot_of_texts({{value}}, "{separator}", NAMES[{{name}}])',),
        helpers=(MULTI_HOT, MULTI_HOT_OF_TEXTS, RAREST),
        names=tuple(column.fitted["names"]),
        blank_is_value=True,
    )
