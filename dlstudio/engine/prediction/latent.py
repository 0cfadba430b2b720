"""The encoder and the decoder within a model that reconstructs its input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import keras
import numpy as np

from dlstudio.engine.preprocessing.tensor_graph import call_again, calls_before
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor


def latent_of(model: KerasModel) -> KerasTensor:
    """Where a model is narrowest: what its decoder starts from.

    It is the smallest tensor that everything on the way to the output passes through;
    of equally small ones, the last, which is behind activations and samplings.

    Args:
        model: With one input and one output.

    Raises:
        UserError: Nothing is smaller than the input: connections lead around it.
    """
    calls = calls_before(model.outputs)
    last = {
        id(tensor): place
        for place, call in enumerate(calls)
        for tensor in call.input_tensors
    }
    open_tensors: dict[int, Any] = {}
    found: Any = None
    smallest = _size(model.inputs[0])
    for place, call in enumerate(calls[:-1]):
        for tensor in call.output_tensors:
            if id(tensor) in last:
                open_tensors[id(tensor)] = tensor
        ended = [key for key in open_tensors if last[key] <= place]
        for key in ended:
            del open_tensors[key]
        if len(open_tensors) != 1:
            continue
        (tensor,) = open_tensors.values()
        size = _size(tensor)
        if size < smallest or (found is not None and size == smallest):
            found, smallest = tensor, size
    if found is None:
        raise UserError(
            _("The model has no layer that is smaller than the image."),
            _("Add a Dense layer of few units between encoder and decoder."),
        )
    return cast("KerasTensor", found)


def encoder_of(model: KerasModel) -> KerasModel:
    """From images as the model takes them to the latent vector; shares all layers."""
    encoder: KerasModel = keras.Model(model.inputs[0], latent_of(model), name="encoder")
    return encoder


def decoder_of(model: KerasModel) -> KerasModel:
    """From the latent vector to the model's output; shares all layers."""
    latent = latent_of(model)
    given = keras.Input(tuple(latent.shape[1:]), dtype=latent.dtype, name="latent")
    (output,) = call_again(model.outputs, {id(latent): given})
    decoder: KerasModel = keras.Model(given, output, name="decoder")
    return decoder


def _size(tensor: Any) -> float:
    """Values per sample; infinite if it may have any size."""
    shape = tuple(tensor.shape[1:])
    return float("inf") if None in shape else float(np.prod(shape))
