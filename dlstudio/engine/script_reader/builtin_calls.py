"""Calls of functions that Python has."""

from __future__ import annotations

from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.literal_calls import (
    CONTAINER_FUNCTIONS,
    LITERAL_FUNCTIONS,
    call_literal,
)
from dlstudio.engine.script_reader.literals import NoLiteralError
from dlstudio.engine.script_reader.network_layers import (
    BackboneLayers,
    NetworkLayer,
    inner_layers,
)
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import (
    Reference,
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    ScriptTensor,
    SeveralTensors,
    ShapeOf,
    Unknown,
)
from dlstudio.engine.script_reader.tensor_shapes import plain_shape
from dlstudio.i18n import _


def call_builtin(name: str, arguments: Arguments, context: ReadingContext) -> object:
    """Call a function of Python on literals, lists, layers or shapes.

    Args:
        name: Of the function.
        arguments: Of the call.
        context: Knows shapes and networks.
    """
    line = arguments.line
    args: list[object] = []
    for each in arguments.positional:
        value = each
        if isinstance(each, ShapeOf):
            value = plain_shape(each, context)
        if isinstance(each, BackboneLayers):
            value = inner_layers(each, context)
        if isinstance(value, Unknown):
            return value
        if isinstance(value, SeveralTensors) and value.count is not None:
            value = [ScriptTensor(value.call, n) for n in range(value.count)]
        args.append(value)
    if name == "print":
        return None
    if name == "isinstance" and len(args) == 2:
        return _is_instance(args[0], args[1], line)
    if name in LITERAL_FUNCTIONS or name in CONTAINER_FUNCTIONS:
        try:
            return call_literal(name, tuple(args), dict(arguments.named))
        except NoLiteralError:
            pass
    text = _("“{name}” has no known result here.").format(name=name)
    return Unknown(text, line)


def _is_instance(value: object, sort: object, line: int) -> object:
    """Whether a value is of a type or of one of several."""
    sorts = sort if isinstance(sort, tuple) else (sort,)
    types = {"int": int, "float": float, "str": str, "list": list, "tuple": tuple}
    found = []
    for each in sorts:
        if not isinstance(each, Reference):
            return Unknown(_("This comparison is not supported."), line)
        if each.name in types and each.path.startswith("builtins."):
            found.append(isinstance(value, types[each.name]))
        elif isinstance(value, (ScriptLayer, NetworkLayer)):
            found.append(value.kind.rpartition(".")[2] == each.name)
        elif isinstance(value, (ScriptModel, ScriptSequential)):
            found.append(each.name in ("Model", "Sequential"))
        else:
            return Unknown(_("This comparison is not supported."), line)
    return any(found)
