"""Models of the tests' corpus that files of all versions of Keras have, too."""

from __future__ import annotations

import keras
from keras import layers


def siamese() -> keras.Model:
    """A layer that is called twice."""
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    tower = layers.Dense(4, activation="relu", name="tower")
    apart = layers.Subtract()([tower(left), tower(right)])
    return keras.Model([left, right], layers.Dense(1)(apart))


def siamese_models() -> keras.Model:
    """A model that is called twice."""
    inside = keras.Input((6,))
    tower = keras.Model(inside, layers.Dense(4)(layers.Dense(5)(inside)), name="tower")
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    both = layers.Concatenate()([tower(left), tower(right)])
    return keras.Model([right, left], layers.Dense(1)(both))
