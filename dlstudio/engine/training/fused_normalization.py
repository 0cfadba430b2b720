"""Batch normalization with TensorFlow's fused operation.

Keras 3 uses a dozen small operations, which on a CPU take almost half the time of a
residual network. Result and gradient are the same up to rounding (Ioffe & Szegedy,
Batch Normalization, 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasLayer, KerasModel


@contextmanager
def fused_normalization(model: KerasModel) -> Iterator[None]:
    """Inside the block, calls of the model are traced with the fused operation.

    Applies only to training, images (n, height, width, channels), and layers without
    extra options; everything else, and the layers themselves, are unchanged.
    """
    layers = [layer for layer in all_layers(model) if _is_plain(layer)]
    try:
        for layer in layers:
            # Bypasses Keras' attribute tracking: it must not be tracked or saved.
            vars(layer)["call"] = _fused(layer)
        yield
    finally:
        for layer in layers:
            vars(layer).pop("call", None)


def all_layers(model: KerasModel) -> Iterator[KerasLayer]:
    """The layers of a model and of its nested models."""
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from all_layers(layer)


def _is_plain(layer: Any) -> bool:
    return (
        type(layer) is keras.layers.BatchNormalization
        and layer.axis in (-1, 3)
        and not layer.synchronized
        and not getattr(layer, "renorm", False)
        and layer.compute_dtype != "float64"
    )


def _fused(layer: Any) -> Callable[..., Tensor]:
    usual = layer.call

    def call(inputs: Any, training: bool | None = None, mask: object = None) -> Tensor:
        rank = inputs.shape.rank
        if not (training and layer.trainable and rank == 4) or mask is not None:
            plain: Tensor = usual(inputs, training=training, mask=mask)
            return plain
        channels = inputs.shape[-1]
        gamma = tf.cast(layer.gamma, tf.float32) if layer.scale else tf.ones(channels)
        beta = tf.cast(layer.beta, tf.float32) if layer.center else tf.zeros(channels)
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            tf.cast(inputs, tf.float32), gamma, beta, epsilon=layer.epsilon
        )
        # TensorFlow returns the sample variance, Keras stores the population variance.
        count = tf.size(inputs) // channels
        share = tf.maximum(count - 1, 1) / tf.maximum(count, 1)
        variance *= tf.cast(share, tf.float32)
        for moving, value in (
            (layer.moving_mean, mean),
            (layer.moving_variance, variance),
        ):
            before = tf.cast(moving, tf.float32) * layer.momentum
            moving.assign(before + value * (1.0 - layer.momentum))
        normalized: Tensor = tf.cast(outputs, layer.compute_dtype)
        return normalized

    return call
