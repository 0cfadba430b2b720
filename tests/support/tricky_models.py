"""Small Keras models of every form that an import has to understand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops

MAKERS: dict[str, Callable[[], keras.Model]] = {}


def model(maker: Callable[[], keras.Model]) -> Callable[[], keras.Model]:
    """Add a model to the corpus, under the name of its function."""
    MAKERS[maker.__name__] = maker
    return maker


@model
def sequential() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


@model
def sequential_without_input() -> keras.Model:
    made = keras.Sequential(
        [layers.Dense(4, activation="tanh"), layers.Dropout(0.5), layers.Dense(2)]
    )
    made.build((None, 5))
    return made


@model
def siamese() -> keras.Model:
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    tower = layers.Dense(4, activation="relu", name="tower")
    a, b = tower(left), tower(right)
    return keras.Model([left, right], layers.Dense(1)(layers.Subtract()([a, b])))


@model
def siamese_models() -> keras.Model:
    inside = keras.Input((6,))
    tower = keras.Model(inside, layers.Dense(4)(layers.Dense(5)(inside)), name="tower")
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    both = layers.Concatenate()([tower(left), tower(right)])
    return keras.Model([right, left], layers.Dense(1)(both))


@model
def nested_three_deep() -> keras.Model:
    a = keras.Input((6,))
    inner = keras.Model(a, layers.Dense(5, activation="elu")(a), name="inner")
    b = keras.Input((6,))
    middle = keras.Model(b, layers.Dense(4)(inner(b)), name="middle")
    outer = keras.Sequential([keras.Input((6,)), middle, layers.Dense(3)], name="outer")
    c = keras.Input((6,))
    return keras.Model(c, layers.Dense(2)(outer(c)), name="whole")


@model
def operators() -> keras.Model:
    x = keras.Input((5, 4))
    y = (x + 1.0) * x[:, :1] - 2 / (ops.abs(x) + 3.0)
    y = y @ ops.transpose(y, (0, 2, 1))
    y = ops.where(y > 0, y, 0.1 * y)
    y = ops.concatenate([y, -y], axis=-1)
    y = ops.einsum("bij,bkj->bik", y, y)
    y = ops.mean(y, axis=1, keepdims=True) ** 2
    return keras.Model(x, layers.Dense(2)(y[..., 0, ::2]))


@dataclass(frozen=True)
class Sample:
    """Inputs of a model."""

    inputs: Any


def inputs_of(made: keras.Model, seed: int = 0) -> list[np.ndarray]:
    """Values for the inputs of a model, in their order."""
    random = np.random.default_rng(seed)
    found = []
    for tensor in made.inputs:
        shape = tuple(5 if size is None else size for size in tensor.shape[1:])
        if "int" in tensor.dtype:
            values = random.integers(0, 10, (3, *shape)).astype(tensor.dtype)
        else:
            values = random.normal(size=(3, *shape)).astype(tensor.dtype)
        found.append(values)
    return found
