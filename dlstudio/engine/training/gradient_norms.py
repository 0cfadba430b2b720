"""Norms of each layer's gradient, measured on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from dlstudio.engine.training.fused_normalization import all_layers

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasModel, KerasOptimizer


class GradientNorms:
    """Gradient norms, measured within the step and read between calls.

    Args:
        model: The model; its layers may be frozen and unfrozen while training.
        optimizer: The optimizer; its loss scale is divided out.
    """

    def __init__(self, model: KerasModel, optimizer: KerasOptimizer) -> None:
        self._model = model
        self._optimizer = optimizer
        self._names: tuple[str, ...] = ()
        self._values: Any = None

    @property
    def on(self) -> bool:
        """Whether they are measured."""
        return bool(self._names)

    def watch(self, on: bool) -> None:
        """Start or stop measuring; call it before the step is retraced."""
        if self._values is None:
            count = len(list(all_layers(self._model)))
            self._values = tf.Variable(tf.zeros(count), trainable=False)
        found = by_layer(self._model) if on else []
        self._names = tuple(name for name, _places in found)

    def measure(self, gradients: Sequence[Tensor]) -> None:
        """The norm of each layer's gradient, without the loss scale."""
        scale = self._optimizer.scale_loss(tf.constant(1.0))
        norms = [
            tf.linalg.global_norm([gradients[place] for place in places]) / scale
            for _name, places in by_layer(self._model)
        ]
        rest = tf.zeros(self._values.shape[0] - len(norms))
        self._values.assign(tf.concat([tf.stack(norms), rest], 0))

    def read(self) -> dict[str, float]:
        """The norms of the last step, by layer; empty if not measured."""
        if not self._names:
            return {}
        norms = self._values.numpy()[: len(self._names)].tolist()
        return dict(zip(self._names, norms, strict=True))


def by_layer(model: KerasModel) -> list[tuple[str, list[int]]]:
    """Layers with trainable weights, and the indices of these weights."""
    places = {id(v): place for place, v in enumerate(model.trainable_variables)}
    found = []
    for layer in all_layers(model):
        if not isinstance(layer, keras.Model):
            mine = [places[id(v)] for v in layer.trainable_variables if id(v) in places]
            if mine:
                found.append((layer.name, mine))
    return found
