"""Which calls belong to a model of a script, and what it is as a layer."""

from __future__ import annotations

from collections.abc import Iterable

from dlstudio.document.graph import NESTED
from dlstudio.engine.script_reader.script_values import (
    ModelEnd,
    ScriptCall,
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    ScriptTensor,
)


def calls_before(
    tensors: Iterable[ScriptTensor | ModelEnd], inputs: Iterable[ScriptCall] = ()
) -> list[ScriptCall]:
    """The calls that tensors come from, in the order of the script.

    Args:
        tensors: Where to begin.
        inputs: Where to end; they are among the result.
    """
    ends = set(map(id, inputs))
    found: dict[int, ScriptCall] = {each.number: each for each in inputs}
    waiting = [tensor.call for tensor in tensors]
    while waiting:
        call = waiting.pop()
        if call.number in found or id(call) in ends:
            continue
        found[call.number] = call
        waiting += [tensor.call for _port, tensor in call.given]
    return [found[number] for number in sorted(found)]


def calls_of(model: ScriptModel) -> list[ScriptCall]:
    """The calls of a model, in the order of the script."""
    return calls_before(model.outputs, model.inputs)


def layer_of(model: ScriptModel) -> ScriptLayer:
    """What a model is as a layer of another one; the same one each time."""
    if model.layer is None:
        count = sum(
            len(end.ports) or end.call.layer.outputs or 2 for end in model.outputs
        )
        model.layer = ScriptLayer(
            NESTED,
            name=model.name,
            line=model.line,
            frozen=model.frozen,
            model=model,
            outputs=count,
        )
    return model.layer


def layers_of(
    model: ScriptModel | ScriptSequential,
) -> list[ScriptLayer | ScriptModel | ScriptSequential]:
    """The layers of a model, in the order they were called."""
    if isinstance(model, ScriptSequential):
        return [
            each
            for each in model.items
            if isinstance(each, (ScriptLayer, ScriptModel, ScriptSequential))
        ]
    found = dict.fromkeys(call.layer for call in calls_of(model))
    return [layer.model or layer for layer in found]
