"""A model as exports contain it: without the layers that only training needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import keras

from dlstudio.engine.model.random_tokens import RandomTokens
from dlstudio.engine.model.saved_model_layer import SavedModelLayer
from dlstudio.engine.model.subword_layer import SubwordLayer
from dlstudio.engine.preprocessing.tensor_graph import call_again, call_of
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor


def refuse_own_layers(model: KerasModel) -> None:
    """Check that Keras alone can load a model.

    Raises:
        UserError: A layer of it is not one of Keras'.
    """
    for layer in cast("Any", model).layers:
        if isinstance(layer, SubwordLayer):
            raise UserError(
                _(
                    "“{name}” splits words into subwords, which Keras cannot do, so "
                    "that it could not load the file."
                ).format(name=layer.name),
                _("Export a SavedModel, which takes texts as they are."),
            )
        if isinstance(layer, SavedModelLayer):
            raise UserError(
                _(
                    "“{name}” calls a SavedModel, which Keras does not load from a "
                    ".keras file."
                ).format(name=layer.name),
                _("Export a SavedModel: it holds the whole model."),
            )


def inference_model(model: KerasModel) -> KerasModel:
    """The same layers but those that change texts at random while training.

    Args:
        model: A trained model; it is returned itself where it has no such layer.
    """
    layers: list[Any] = cast("Any", model).layers
    random = [each for each in layers if isinstance(each, RandomTokens)]
    if not random:
        return model
    given = {id(each.output): _before_random(each.output) for each in random}
    outputs = call_again(model.outputs, given)
    inputs = model.inputs
    made: KerasModel = keras.Model(
        inputs if inputs[1:] else inputs[0],
        outputs if outputs[1:] else outputs[0],
        name=model.name,
    )
    return made


def _before_random(tensor: KerasTensor) -> KerasTensor:
    """The tokens that enter layers which change them at random."""
    call = call_of(tensor)
    while isinstance(call.operation, RandomTokens):
        (tensor,) = call.input_tensors
        call = call_of(tensor)
    return tensor
