"""The fused operation equals Keras' batch normalization, up to rounding."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from dlstudio.engine.training.fused_normalization import all_layers, fused_normalization


def trained(images: Any, fused: bool, **options: Any) -> tuple[list[Any], Any]:
    """The variables after two steps in a nested model, and the last gradient."""
    keras.utils.set_random_seed(1)
    inner = keras.Sequential(
        [layers.Input((4, 4, 3)), layers.BatchNormalization(**options)]
    )
    given = keras.Input((4, 4, 3))
    model = keras.Model(given, layers.Conv2D(2, 3)(inner(given)))
    for _step in range(2):
        with tf.GradientTape() as tape:
            tape.watch(images)
            if fused:
                with fused_normalization(model):
                    answers = model(images, training=True)
            else:
                answers = model(images, training=True)
            loss = tf.reduce_sum(tf.cast(answers, tf.float32) ** 2)
        variables = model.trainable_variables
        gradients = tape.gradient(loss, [images, *variables])
        for variable, gradient in zip(variables, gradients[1:], strict=True):
            variable.assign_sub(0.01 * gradient)
    assert "call" not in vars(inner.layers[0])
    return [np.asarray(v) for v in model.variables], np.asarray(gradients[0])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"scale": False, "center": False, "momentum": 0.5, "epsilon": 0.1},
        {"trainable": False},
        {"axis": 1},
    ],
)
@pytest.mark.parametrize("count", [1, 5])
def test_it_is_the_same_up_to_rounding(options: dict[str, Any], count: int) -> None:
    random = np.random.default_rng(0)
    images = tf.constant(random.normal(3, 2, (count, 4, 4, 3)), tf.float32)
    expected, gradient = trained(images, False, **options)
    found, other = trained(images, True, **options)
    for array, value in zip(found, expected, strict=True):
        np.testing.assert_allclose(array, value, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(other, gradient, rtol=1e-3, atol=1e-3)


def test_it_is_used_where_it_fits_and_nowhere_else() -> None:
    given = keras.Input((4, 4, 3))
    fits = layers.BatchNormalization()
    row = layers.BatchNormalization()
    flat = layers.Flatten()(fits(given))
    model = keras.Model(given, row(flat))
    assert set(all_layers(model)) >= {fits, row}

    @tf.function
    def answer(images: Any) -> Any:
        with fused_normalization(model):
            return model(images, training=True)

    graph = answer.get_concrete_function(tf.TensorSpec((None, 4, 4, 3))).graph
    kinds = [op.type for op in graph.get_operations()]
    assert kinds.count("FusedBatchNormV3") == 1
    assert kinds.count("Rsqrt") >= 1  # that of a vector is not fused
