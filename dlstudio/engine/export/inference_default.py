"""Models that run in inference mode unless called with `training=True`.

Keras records a call of an augmentation layer with its default, `training=True`, and the
value applies to all following layers of the model: `model(inputs)` then augments, drops
out and updates moving averages, while `model.predict(inputs)` does not.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasLayer, KerasModel


def takes_training(layer: object) -> bool:
    """Whether a layer's call has a `training` argument."""
    return (
        isinstance(layer, keras.layers.Layer)
        and "training" in inspect.signature(layer.call).parameters
    )


def inference_by_default(model: KerasModel) -> KerasModel:
    """A functional or sequential model that runs in inference mode by default.

    `fit` calls with `training=True`, and augments as before.

    Returns:
        A model that shares the layers, and so the weights.
    """

    def call(layer: KerasLayer, *args: object, **kwargs: object) -> Tensor:
        if takes_training(layer):
            kwargs["training"] = False
        return layer(*args, **kwargs)

    if isinstance(model, keras.Sequential):
        # Not as lists of one: Keras would then warn of calls with a tensor.
        model = keras.Model(model.inputs[0], model.outputs[0], name=model.name)
    clone: KerasModel = keras.models.clone_model(
        model,
        input_tensors=model.input,
        clone_function=lambda layer: layer,
        call_function=call,
    )
    return clone
