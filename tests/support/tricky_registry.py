"""The corpus of small Keras models that an import has to understand."""

from __future__ import annotations

from collections.abc import Callable

import keras

MAKERS: dict[str, Callable[[], keras.Model]] = {}
"""A function for each model, by its name."""
OPAQUE: dict[str, tuple[str, ...]] = {
    "custom_activation": ("waves",),
    "custom_layer": ("scaled",),
    "custom_outputs": ("both",),
    "lambda_layer": ("doubled",),
    "quantized": ("small",),
}
"""Layers that stay opaque, by the model that has them."""


def model(maker: Callable[[], keras.Model]) -> Callable[[], keras.Model]:
    """Add a model to the corpus, under the name of its function."""
    MAKERS[maker.__name__] = maker
    return maker
