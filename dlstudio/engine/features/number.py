"""Numbers: an input takes them as a column; an export takes NaN for a missing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dlstudio.catalog.features.number import NUMBER as DESCRIPTION
from dlstudio.data.columns import Cells, Numbers
from dlstudio.data.features.base import Fitted, Rows, load_feature_type, settings
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.input_branch import (
    BranchInput,
    InputBranch,
    number_branch,
)
from dlstudio.engine.features.number_script import number_script
from dlstudio.errors import joined
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

LARGEST = float(np.finfo(np.float32).max)


class _NumberTensor:
    """See `TensorFeature`: float32 (n, 1) from float32 (n,)."""

    dtype = "float32"
    scalar = True
    is_file = False

    def branch(self, given: BranchInput) -> InputBranch:
        """A Normalization."""
        return number_branch(DESCRIPTION, given)

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The numbers as a column, float32 (n, 1)."""
        del fitted
        return np.asarray(rows, np.float32).reshape(-1, 1)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The numbers as they stand there, float32 (n,); NaN where there is none."""
        del fitted
        column = load_feature_type(DESCRIPTION).parse(cells, feature).column
        assert isinstance(column, Numbers)
        # As rows are: too great a number is not a missing one.
        return np.clip(column.values, -LARGEST, LARGEST).astype(np.float32)

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """Missing numbers filled, all within their limits, float32 (n, 1)."""
        import tensorflow as tf  # a script needs only the rest of this module

        params = settings(feature, DESCRIPTION)
        fill = tf.constant(float(fitted["fill"]), tf.float32)
        numbers = tf.cast(values, tf.float32)
        numbers = tf.where(tf.math.is_finite(numbers), numbers, fill)
        least, most = params["minimum"], params["maximum"]
        if least is not None:
            numbers = tf.maximum(numbers, np.float32(max(least, -LARGEST)))
        if most is not None:
            numbers = tf.minimum(numbers, np.float32(min(most, LARGEST)))
        column: Tensor = tf.reshape(numbers, (-1, 1))
        return column

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """The unit, which the cells have and the numbers do not, and the limits."""
        del fitted, encoded
        params = settings(feature, DESCRIPTION)
        unit, least, most = params["unit"], params["minimum"], params["maximum"]
        parts = []
        if unit:
            parts.append(_("In {unit}.").format(unit=unit))
        if least is not None:
            parts.append(_("Limited to at least {value:g}.").format(value=least))
        if most is not None:
            parts.append(_("Limited to at most {value:g}.").format(value=most))
        return joined(*parts)

    def example(self, fitted: Fitted, feature: Feature) -> float:
        """The mean."""
        del feature
        return float(fitted.get("mean", 0.0))

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """Numbers beyond the limits."""
        del fitted
        params = settings(feature, DESCRIPTION)
        found = []
        for limit, way in (("minimum", -1.0), ("maximum", 1.0)):
            if params[limit] is not None:
                bound = float(params[limit])
                found.append(bound + way * max(1.0, abs(bound)))
        return Cells(pl.Series(found, dtype=pl.Float64))

    def script(self, column: ScriptColumn) -> FeatureScript:
        """Texts to numbers; missing ones filled, all within their limits."""
        return number_script(column)


NUMBER = _NumberTensor()
