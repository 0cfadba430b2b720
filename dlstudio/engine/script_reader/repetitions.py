"""Models of a script that repeat another one, as our scripts write a repetition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dlstudio.document.graph import INPUT, NESTED
from dlstudio.engine.script_reader.model_calls import calls_of
from dlstudio.engine.script_reader.script_values import (
    ScriptCall,
    ScriptModel,
    ScriptTensor,
)

FUNCTION = re.compile(r".*_x\d+(_shared)?_*")
"""What our scripts call a function that repeats a model."""


@dataclass(frozen=True, slots=True)
class ScriptRepetition:
    """A model, and how often it stands one behind the other.

    Attributes:
        shared: Whether all copies have the same weights.
    """

    model: ScriptModel
    count: int
    shared: bool


def repetition_in(model: ScriptModel) -> ScriptRepetition | None:
    """The repetition that a model is; None if it is another one.

    Each copy takes what the one before gives, and further inputs of the model as they
    are.
    """
    if not FUNCTION.fullmatch(model.function):
        return None
    calls = [call for call in calls_of(model) if call.layer.kind != INPUT]
    models = [call.layer.model for call in calls if call.layer.kind == NESTED]
    if not calls or len(models) < len(calls) or models[0] is None:
        return None
    if any(each is None or each.function != models[0].function for each in models):
        return None
    flowing = [ScriptTensor(each) for each in model.inputs]
    for call in calls:
        if [tensor for _port, tensor in call.given] != flowing:
            return None
        given = _tensors(call)
        flowing = [*given, *flowing[len(given) :]]
    if [end.call for end in model.outputs] != [calls[-1]]:
        return None
    layers = {id(call.layer) for call in calls}
    if len(layers) not in (1, len(calls)):
        return None
    return ScriptRepetition(models[0], len(calls), len(layers) == 1)


def _tensors(call: ScriptCall) -> list[ScriptTensor]:
    return [ScriptTensor(call, port) for port in range(call.outputs or 1)]
