"""Samples on the device(s), selected by index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import Strategy


@dataclass(frozen=True, slots=True)
class DevicePool:
    """Samples as tensors on the device(s), selected by index.

    Attributes:
        images: uint8 (n, height, width, channels); per replica if there are several.
        labels: (n,) or (n, classes).
        weights: float32 (n,), or (0,) if samples have no weights.
    """

    images: Any
    labels: Any
    weights: Any


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

    def pool(
        self, images: object, labels: object, weights: object | None
    ) -> DevicePool:
        """Samples as tensors, a copy on each replica's device.

        Args:
            images: uint8 (n, height, width, channels).
            labels: (n,) or (n, classes).
            weights: float32 (n,), or None if samples have no weights.
        """
        return DevicePool(self.put(images), self.put(labels), self._weights(weights))

    def reweighted(self, pool: DevicePool, weights: object | None) -> DevicePool:
        """The same samples with other weights, float32 (n,), or None."""
        return replace(pool, weights=self._weights(weights))

    def _weights(self, weights: object | None) -> Tensor:
        return self.put(np.zeros(0, np.float32) if weights is None else weights)

    def first(self, values: Tensor) -> Tensor:
        """The values on the first device."""
        if self._strategy is None:
            return values
        return self._strategy.experimental_local_results(values)[0]
