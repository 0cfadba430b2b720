"""Nested models that do the same in training as in inference while they are frozen."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

UPDATING = (keras.layers.SpectralNormalization,)
"""Layers that change weights in training even if they are frozen."""


def frozen_networks(model: KerasModel, waiting: Collection[str]) -> set[str]:
    """Names of nested models whose results never change while they are frozen.

    Such is a backbone that was opened into its layers. Layers that draw, or that
    normalize by the batch, would make others in each step.

    Args:
        model: Whose layers these are.
        waiting: Names of layers, also inside of others, that are frozen only while the
            head is trained.
    """
    layers: Any = model.layers
    nested = [each for each in layers if isinstance(each, keras.Model) and each.weights]
    return {each.name for each in nested if _is_fixed(each, waiting)}


def _is_fixed(layer: Any, waiting: Collection[str]) -> bool:
    if isinstance(layer, keras.Model):
        outputs = getattr(layer, "outputs", None)
        if outputs is None:
            return False  # a class of its own, which may compute anything
        masks = [getattr(each, "_keras_mask", None) for each in outputs]
        unmasked = all(each is None for each in masks)  # features have no masks
        return unmasked and all(_is_fixed(each, waiting) for each in layer.layers)
    if len(layer.variables) > len(layer.weights) or isinstance(layer, UPDATING):
        return False  # a random layer has the state of its generator
    own = type(layer).__module__.startswith("keras.")
    frozen = not layer.trainable or layer.name in waiting
    return own and (frozen or not layer.weights or _is_adapted(layer))


def _is_adapted(layer: Any) -> bool:
    return isinstance(layer, keras.layers.Normalization)
