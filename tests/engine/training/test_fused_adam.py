"""The fused step of Adam equals Keras' own, up to rounding."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlstudio.engine.training.fused_adam import fused_adam

TOKENS = np.array([[1, 2, 2], [5, 0, 1]], np.int32)


def model() -> Any:
    """An embedding, whose gradient is sparse, and a Dense layer."""
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((3,), dtype="int32"),
            keras.layers.Embedding(7, 4),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(2),
        ]
    )


def traced_step(network: Any, optimizer: Any, fused: bool) -> Any:
    """One traced training step."""
    variables = network.trainable_variables
    optimizer.build(variables)

    @tf.function
    def step() -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((network(TOKENS) - 3.0) ** 2)
            scaled = optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, variables)
        with fused_adam(optimizer) if fused else nullcontext():
            optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return loss

    return step


def trained(optimizer: Any, fused: bool) -> list[Any]:
    """All variables of model and optimizer after five steps."""
    network = model()
    step = traced_step(network, optimizer, fused)
    for _number in range(5):
        step()
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    assert "update_step" not in vars(inner)
    return [np.asarray(v) for v in (*network.variables, *optimizer.variables)]


def plain(**options: Any) -> Any:
    """Adam."""
    return keras.optimizers.Adam(0.02, **options)


def decayed(**options: Any) -> Any:
    """AdamW."""
    return keras.optimizers.AdamW(0.02, weight_decay=0.1, **options)


def scaled(**options: Any) -> Any:
    """Adam with a scaled loss, as for mixed precision."""
    return keras.optimizers.LossScaleOptimizer(plain(**options), initial_scale=8.0)


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (plain, {}),
        (plain, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 0.1}),
        (plain, {"amsgrad": True}),
        (plain, {"beta_1": 0.0}),
        (plain, {"global_clipnorm": 0.3, "use_ema": True}),
        (plain, {"gradient_accumulation_steps": 2}),
        (decayed, {"clipvalue": 0.2}),
        (scaled, {}),
    ],
)
def test_it_is_the_same_up_to_rounding(make: Any, options: dict[str, Any]) -> None:
    expected = trained(make(**options), False)
    found = trained(make(**options), True)
    for array, value in zip(found, expected, strict=True):
        np.testing.assert_allclose(array, value, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("optimizer", "count"),
    [
        (plain(), 3),
        (decayed(), 3),
        (plain(amsgrad=True), 0),
        (plain(beta_1=0.0), 0),
        (keras.optimizers.Nadam(), 0),
        (keras.optimizers.SGD(), 0),
    ],
)
def test_it_is_used_where_it_fits_and_nowhere_else(optimizer: Any, count: int) -> None:
    step = traced_step(model(), optimizer, True)
    kinds = [op.type for op in step.get_concrete_function().graph.get_operations()]
    assert kinds.count("ResourceApplyAdam") == count


class Renamed(keras.optimizers.Adam):  # type: ignore[misc]
    """Adam of a version of Keras with other names for its moments."""

    def build(self, variables: Any) -> None:
        """Add the moments, under other names."""
        super().build(variables)
        self._first, self._second = self._momentums, self._velocities
        del self._momentums, self._velocities

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Use them where Keras does."""
        names = vars(self)
        names.update(_momentums=self._first, _velocities=self._second)
        super().update_step(gradient, variable, learning_rate)
        del names["_momentums"], names["_velocities"]


def test_other_names_in_keras_leave_its_own_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = trained(plain(), False)
    monkeypatch.setattr(keras.optimizers, "Adam", Renamed)
    optimizer = plain()
    assert type(optimizer) is keras.optimizers.Adam
    for array, value in zip(trained(optimizer, True), expected, strict=True):
        np.testing.assert_array_equal(array, value)


def test_two_trainings_have_the_same_bits() -> None:
    one, two = (trained(plain(weight_decay=0.1), True) for _number in range(2))
    for array, value in zip(one, two, strict=True):
        np.testing.assert_array_equal(array, value)
