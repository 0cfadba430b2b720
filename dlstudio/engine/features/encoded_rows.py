"""Features whose rows are numbers already: an input takes them as they are encoded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import Fitted, Rows, load_feature_type
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import TensorFeature, Values
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import (
    BranchInput,
    InputBranch,
    number_branch,
)

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

Meaning = Callable[[Fitted, Feature], str]
WriteScript = Callable[[ScriptColumn], FeatureScript]


class _EncodedRowsTensor:
    """See `TensorFeature`: the encoded rows themselves, float32 (n, ...).

    Args:
        description: Of the feature type.
        meaning: What the rows mean, see `TensorFeature.meaning`.
        write: Writes the script, see `TensorFeature.script`.
    """

    dtype = "float32"
    scalar = False
    is_file = False

    def __init__(
        self, description: Description, meaning: Meaning, write: WriteScript
    ) -> None:
        self._description = description
        self._meaning = meaning
        self._write = write

    def branch(self, given: BranchInput) -> InputBranch:
        """A Normalization, unless the rows are scaled."""
        return number_branch(self._description, given)

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The rows, float32; a scalar becomes a column."""
        del fitted
        table = np.asarray(rows, np.float32)
        return table.reshape(-1, 1) if table.ndim == 1 else table

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The encoded rows: what they are made from has no form inside a graph."""
        feature_type = load_feature_type(self._description)
        column = feature_type.parse(cells, feature).column
        return self.values(feature_type.encode(column, fitted, feature), fitted)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """The rows themselves."""
        import tensorflow as tf  # a script needs only the rest of this module

        del fitted, feature
        rows: Tensor = tf.cast(values, tf.float32)
        return rows

    def meaning(self, fitted: Fitted, feature: Feature) -> str:
        """What the rows mean."""
        return self._meaning(fitted, feature)

    def script(self, column: ScriptColumn) -> FeatureScript:
        """Lines that encode the rows."""
        return self._write(column)


def encoded_rows(
    description: Description, meaning: Meaning, write: WriteScript
) -> TensorFeature:
    """The engine part of a type whose encoded rows enter a model as they are.

    Args:
        description: Of the feature type.
        meaning: What the rows mean, see `TensorFeature.meaning`.
        write: Writes the script, see `TensorFeature.script`.
    """
    return _EncodedRowsTensor(description, meaning, write)
