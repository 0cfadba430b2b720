"""Parts of a language model: its tokens, and the next one alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from dlstudio.engine.preprocessing.tensor_graph import calls_before
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor

SEPARATORS = {"whitespace": " ", "character": ""}


def tokens_of(model: KerasModel) -> KerasTensor:
    """The tokens of the text that enters a model, whole numbers (n, length).

    Raises:
        UserError: No TextVectorization makes tokens of it.
    """
    tensor: KerasTensor = _vectorization(model).output_tensors[0]
    return tensor


def vocabulary_of(model: KerasModel) -> tuple[list[str], str]:
    """All tokens by their number, and what stands between them in a text.

    Raises:
        UserError: No TextVectorization makes tokens of the text.
    """
    layer = _vectorization(model).operation
    words = [str(each) for each in layer.get_vocabulary()]
    return words, SEPARATORS.get(str(layer._split), " ")


def answering_model(model: KerasModel) -> KerasModel:
    """The same layers, whose output is that behind the last token, (n, tokens).

    Args:
        model: Its output is (n, length, tokens).
    """
    tokens, outputs = tokens_of(model), model.outputs[0]
    is_token = keras.ops.cast(keras.ops.not_equal(tokens, 0), "int32")
    last = keras.ops.maximum(keras.ops.sum(is_token, axis=-1, keepdims=True) - 1, 0)
    found = keras.ops.take_along_axis(
        outputs, keras.ops.expand_dims(last, axis=-1), axis=1
    )
    answer = keras.ops.squeeze(found, axis=1)
    made: KerasModel = keras.Model(model.inputs[0], answer, name=model.name)
    return made


def _vectorization(model: KerasModel) -> Any:
    for call in calls_before(model.outputs):
        if isinstance(call.operation, keras.layers.TextVectorization):
            return call
    raise UserError(
        _("The model has no TextVectorization layer that splits its text into tokens."),
        _("Let the text enter one."),
    )
