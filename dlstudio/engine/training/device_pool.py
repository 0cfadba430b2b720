"""Samples on the device(s), selected by index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from dlstudio.data.pipeline import Weights

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import Strategy


@dataclass(frozen=True, slots=True)
class DevicePool:
    """Samples as tensors on the device(s), selected by index.

    Attributes:
        rows: By name, (n, ...); per replica if there are several.
        weights: float32 (n,) by target, or (0,) if samples have no weights.
    """

    rows: Mapping[str, Any]
    weights: Mapping[str, Any]

    def signature(self) -> tuple[dict[str, tf.TensorSpec], dict[str, tf.TensorSpec]]:
        """Specs of rows and weights, for any number of samples; of one device."""
        rows, weights = (
            {
                name: tf.TensorSpec((None, *values.shape[1:]), values.dtype)
                for name, values in tensors.items()
            }
            for tensors in (self.rows, self.weights)
        )
        return rows, weights


class DevicePlacement:
    """Places values on the device, or a copy on each of several.

    Args:
        strategy: The strategy if there are several devices.
    """

    def __init__(self, strategy: Strategy | None = None) -> None:
        self._strategy = strategy

    def put(self, values: object) -> Tensor:
        """Values as tensors, placed on each replica's device."""
        if self._strategy is None:
            tensor: Tensor = tf.constant(values)
            return tensor
        return self._strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(values)
        )

    def pool(self, rows: Mapping[str, object], weights: Weights) -> DevicePool:
        """Samples as tensors, a copy on each replica's device."""
        placed = {name: self.put(values) for name, values in rows.items()}
        return DevicePool(placed, self._weights(weights))

    def reweighted(self, pool: DevicePool, weights: Weights) -> DevicePool:
        """The same samples with other weights."""
        return replace(pool, weights=self._weights(weights))

    def _weights(self, weights: Weights) -> dict[str, Tensor]:
        none = np.zeros(0, np.float32)
        return {
            name: self.put(none if each is None else each)
            for name, each in weights.items()
        }

    def first(self, values: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The values on the first device."""
        if self._strategy is None:
            return dict(values)
        local = self._strategy.experimental_local_results
        return {name: local(each)[0] for name, each in values.items()}
