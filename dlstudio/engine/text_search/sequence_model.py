"""A model of sequences, cut into what is computed once and what for each token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras

from dlstudio.engine.preprocessing.tensor_graph import (
    call_again,
    call_of,
    calls_before,
    is_input,
    layer_name,
)
from dlstudio.engine.text_search.token_input import TokenInput
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor

POINTWISE = (keras.layers.Dense, keras.layers.Activation, keras.layers.Softmax)
"""Layers that treat each position alone, and are only needed for the newest one."""


@dataclass(frozen=True, slots=True)
class SequenceModel:
    """The parts of a model that predicts the next token of a text.

    All layers are shared with the whole model.

    Attributes:
        encoder: From the inputs, without the text so far, to what does not depend on
            that text: a list of tensors.
        decoder: From these tensors and the tokens so far, (n, length), to a vector for
            each position, (n, positions, ...).
        scorer: From the vectors of one position, (n, 1, ...), to a score for each
            token, (n, 1, tokens).
        length: Tokens of a text at most.
    """

    encoder: KerasModel
    decoder: KerasModel
    scorer: KerasModel
    length: int


def cut_model(model: KerasModel, tokens: TokenInput) -> SequenceModel:
    """Cut a model that predicts each token of a text from those before.

    Args:
        model: The whole model; its only output is (n, positions, tokens).
        tokens: Where the text so far enters.

    Raises:
        UserError: The output does not depend on that text, or on nothing else.
    """
    (output,) = model.outputs
    between = _between(output, tokens.tensor)
    entries = [
        call.output_tensors[0] for call in calls_before(between) if is_input(call)
    ]
    text = {layer_name(each) for each in _entries([tokens.tensor])}
    sources = [each for each in entries if layer_name(each) not in text]
    if not sources or len(sources) != len(entries):
        raise UserError(
            _("The model does not predict a text from other inputs and its beginning."),
            _("Let only one layer take the text that is predicted."),
        )
    last, layers = _before_pointwise(output)
    given = {
        id(each): keras.Input(tuple(each.shape[1:]), dtype=each.dtype)
        for each in (*between, tokens.tensor)
    }
    entered = [given[id(each)] for each in (*between, tokens.tensor)]
    (hidden,) = call_again([last], dict(given))
    one = keras.Input((1, *hidden.shape[2:]), dtype=hidden.dtype)
    scores = one
    for layer in layers:
        scores = layer(scores)
    return SequenceModel(
        encoder=keras.Model(sources, between),
        decoder=keras.Model(entered, hidden),
        scorer=keras.Model(one, scores if layers else keras.layers.Identity()(one)),
        length=tokens.length,
    )


def _between(output: KerasTensor, tokens: KerasTensor) -> list[KerasTensor]:
    """Tensors that do not depend on some tokens, and enter calls that do."""
    calls = calls_before([output])
    depending = {id(tokens)}
    found: dict[int, KerasTensor] = {}
    for call in calls:
        if not any(id(each) in depending for each in call.input_tensors):
            continue
        depending |= {id(each) for each in call.output_tensors}
        for each in call.input_tensors:
            if id(each) not in depending:
                found[id(each)] = each
    if id(output) not in depending or not found:
        raise UserError(
            _("The output does not depend on both the inputs and the text so far."),
            _("Connect the decoder to the encoder, and to the text that is predicted."),
        )
    return list(found.values())


def _before_pointwise(output: KerasTensor) -> tuple[KerasTensor, list[Any]]:
    """The tensor before the last layers that treat positions alone, and these."""
    layers: list[Any] = []
    tensor: Any = output
    while True:
        call = call_of(tensor)
        if not isinstance(call.operation, POINTWISE) or len(call.input_tensors) != 1:
            return tensor, layers
        layers.insert(0, call.operation)
        (tensor,) = call.input_tensors


def _entries(tensors: Iterable[KerasTensor]) -> list[KerasTensor]:
    calls = calls_before(tensors)
    return [call.output_tensors[0] for call in calls if is_input(call)]
