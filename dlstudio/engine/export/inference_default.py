"""Models that infer unless they are told to train.

Keras records a call of an augmentation layer with `training=True`, its own default,
and what a layer is called with holds for all that follow it in the same model: there
`model(images)` augments, drops out and updates running averages, while
`model.predict(images)` does not.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasLayer, KerasModel


def takes_training(layer: object) -> bool:
    """Whether calls of a layer tell it if they are training."""
    return (
        isinstance(layer, keras.layers.Layer)
        and "training" in inspect.signature(layer.call).parameters
    )


def inference_by_default(model: KerasModel) -> KerasModel:
    """A functional or sequential model whose calls infer unless told to train.

    `fit` calls with `training=True`, and augments as before.

    Returns:
        A model of the same layers, so with the same weights.
    """

    def call(layer: KerasLayer, *args: object, **kwargs: object) -> Tensor:
        if takes_training(layer):
            kwargs["training"] = False
        return layer(*args, **kwargs)

    if isinstance(model, keras.Sequential):
        model = keras.Model(model.inputs, model.outputs, name=model.name)
    clone: KerasModel = keras.models.clone_model(
        model,
        input_tensors=model.input,
        clone_function=lambda layer: layer,
        call_function=call,
    )
    return clone
