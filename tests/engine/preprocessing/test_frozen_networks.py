"""Which nested models have features that never change."""

from __future__ import annotations

from typing import Any

import keras
import pytest
from keras import layers

from dlstudio.engine.preprocessing.frozen_networks import frozen_networks

LEARNS = "learns"


@pytest.mark.parametrize(
    ("inside", "frozen", "waiting", "fixed"),
    [
        (lambda: [layers.Dense(3, name=LEARNS)], True, (), True),
        (lambda: [layers.Dense(3, name=LEARNS)], False, (), False),
        (lambda: [layers.Dense(3, name=LEARNS)], False, (LEARNS,), True),
        (lambda: [layers.Dense(3), layers.BatchNormalization()], True, (), True),
        (
            lambda: [
                layers.Dense(3, trainable=False),
                layers.BatchNormalization(center=False, scale=False),
            ],
            False,
            (),
            False,
        ),
        (lambda: [layers.Dense(3), layers.Dropout(0.0)], True, (), True),
        (lambda: [layers.Dense(3), layers.Dropout(0.1)], True, (), False),
        (lambda: [layers.SpectralNormalization(layers.Dense(3))], True, (), False),
        (lambda: [layers.Embedding(5, 2, mask_zero=True)], True, (), False),
        (lambda: [layers.ReLU()], True, (), False),
    ],
)
def test_what_draws_or_learns_or_masks_is_not_fixed(
    inside: Any, frozen: bool, waiting: tuple[str, ...], fixed: bool
) -> None:
    model = keras.Sequential([keras.Input((4,)), *inside()], name="net")
    model.trainable = not frozen
    images = keras.Input((4,))
    whole = keras.Model(images, model(images))
    assert frozen_networks(whole, waiting) == ({"net"} if fixed else set())
