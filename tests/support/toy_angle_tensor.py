"""The engine part of the angles of `toy_angle`."""

from __future__ import annotations

import numpy as np
import polars as pl
import tensorflow as tf
import toy_angle

from dlstudio.data.columns import Cells, Numbers
from dlstudio.data.features.base import Fitted, Rows
from dlstudio.data.typing import Tensor
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import (
    BranchInput,
    InputBranch,
    number_branch,
)

TENTHS = (
    "np.searchsorted(np.quantile(table[{name}], np.linspace(0, 1, 11)[1:-1]), "
    "table[{name}])"
)


class _AngleTensor:
    """See `TensorFeature`: float32 (n, 2) from degrees float32 (n,)."""

    dtype = "float32"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        return number_branch(toy_angle.DESCRIPTION, given)

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        del fitted
        return np.asarray(rows, np.float32)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        del fitted
        column = toy_angle.ANGLE.parse(cells, feature).column
        assert isinstance(column, Numbers)
        return column.values.astype(np.float32)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        del feature
        degrees = tf.cast(values, tf.float32)
        degrees = tf.where(tf.math.is_finite(degrees), degrees, fitted["fill"])
        radians = degrees * (np.pi / 180)
        return tf.stack([tf.sin(radians), tf.cos(radians)], axis=1)

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        del fitted, feature, encoded
        return "In degrees."

    def example(self, fitted: Fitted, feature: Feature) -> float:
        del feature
        return float(fitted["fill"])

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        del fitted, feature
        return Cells(pl.Series(["-0.5°", "1080°"]))

    def script(self, column: ScriptColumn) -> FeatureScript:
        del column
        waves = "np.stack([np.sin(angles), np.cos(angles)], axis=1)"
        rows = (
            "angles = np.deg2rad(table[{name}].fillna(0.0).to_numpy())",
            f'inputs[{{name}}] = {waves}.astype("float32")',
        )
        return FeatureScript(
            read=(
                'texts = table[{name}].str.strip().str.removesuffix("°")',
                'table[{name}] = pd.to_numeric(texts, errors="coerce") % 360',
            ),
            prepare=rows,
            target=(rows[0], rows[1].replace("inputs", "targets", 1)),
            strata=TENTHS,
            serve=(
                "tf.where(tf.math.is_finite({value}), {value}, 0.0) * (np.pi / 180)",
                "tf.stack([tf.sin({value}), tf.cos({value})], axis=1)",
            ),
        )


ANGLE = _AngleTensor()
