"""Sequential models of a script."""

from __future__ import annotations

from dlstudio.document.graph import INPUT
from dlstudio.engine.script_reader.layer_calls import call_layer
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.model_calls import layer_of
from dlstudio.engine.script_reader.script_callables import Arguments, ScriptObject
from dlstudio.engine.script_reader.script_objects import call_object
from dlstudio.engine.script_reader.script_values import (
    ModelEnd,
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    ScriptTensor,
    SeveralTensors,
    Unknown,
)
from dlstudio.i18n import _


def functional(
    model: ScriptModel | ScriptSequential, context: ReadingContext
) -> ScriptModel | None:
    """The functional model; None for a Sequential that does not begin with an Input.

    Args:
        model: Either kind.
        context: Takes the calls of a Sequential.
    """
    if isinstance(model, ScriptModel):
        return model
    if model.model is None:
        first = next(iter(model.items), None)
        if not isinstance(first, ScriptTensor):
            return None
        last: object = first
        for item in model.items[1:]:
            last = _apply(item, last, context)
            if not isinstance(last, (ScriptTensor, SeveralTensors)):
                return None
        assert isinstance(last, (ScriptTensor, SeveralTensors))
        model.model = ScriptModel(
            (first.call,),
            (ModelEnd(last.call),),
            model.name,
            model.function,
            model.line,
            model.frozen,
        )
    return model.model


def _apply(item: object, given: object, context: ReadingContext) -> object:
    """What an item of a Sequential makes of a tensor."""
    line = item.line if isinstance(item, (ScriptLayer, ScriptModel)) else context.line
    if isinstance(item, Unknown):
        return context.use_unknown(item, "Sequential", line)
    if isinstance(item, ScriptObject):
        return call_object(item, Arguments((given,), {}, line), context)
    if isinstance(item, ScriptSequential):
        return call_sequential(item, given, context)
    if isinstance(item, ScriptModel):
        item = layer_of(item)
    if isinstance(item, Unknown):
        return context.use_unknown(item, "Sequential", item.line)
    assert isinstance(item, ScriptLayer)
    return call_layer(item, Arguments((given,), {}, line), context)


def call_sequential(
    model: ScriptSequential, given: object, context: ReadingContext
) -> object:
    """Call a Sequential: a model of its own, or its layers if it has no Input.

    Args:
        model: The Sequential.
        given: What it is called on.
        context: Takes the calls.
    """
    if isinstance(given, Unknown) and not given.reported:
        return given  # data: the finished model predicts
    model.is_part = True
    whole = functional(model, context)
    if whole is None and is_input(next(iter(model.items), None)):
        text = _("Not all layers of this Sequential are known.")
        return context.report(model.line, text)
    if whole is not None:
        arguments = Arguments((given,), {}, context.line)
        return call_layer(layer_of(whole), arguments, context)
    context.block_count += 1
    context.blocks.append((model.name or "sequential", context.block_count))
    try:
        for item in model.items:
            if isinstance(item, ScriptLayer):
                item.frozen |= model.frozen
            given = _apply(item, given, context)
    finally:
        context.blocks.pop()
    return given


def is_input(value: object) -> bool:
    """Whether it is the tensor of an Input."""
    return isinstance(value, ScriptTensor) and value.call.layer.kind == INPUT
