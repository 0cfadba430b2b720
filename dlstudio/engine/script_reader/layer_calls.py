"""Calls of layers on tensors: which tensor goes to which port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.schema import Description, Ports
from dlstudio.document.graph import NESTED, OPAQUE
from dlstudio.document.values import Value
from dlstudio.engine.model.call_arguments import plain_ports
from dlstudio.engine.script_reader.layer_arguments import first_unknown, frozen_value
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.literals import is_plain
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import (
    ScriptLayer,
    ScriptTensor,
    SeveralTensors,
    WhileTraining,
    tensors_of,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

Given = list[tuple[int, ScriptTensor]]


class _CallError(Exception):
    """A call that is not understood."""


def call_layer(
    layer: ScriptLayer, arguments: Arguments, context: ReadingContext
) -> object:
    """The tensors that a layer gives.

    Args:
        layer: The layer.
        arguments: Of the call.
        context: Takes the call and problems.
    """
    description = context.catalog[layer.kind]
    if isinstance(arguments.named.get("training"), WhileTraining):
        named = {**arguments.named}
        del named["training"]
        arguments = replace(arguments, named=named)
    values = [*arguments.positional, *arguments.named.values()]
    unknown = arguments.unknown or first_unknown(values)
    if unknown is not None:
        if context.models and (layer.calls or layer.model is not None):
            return unknown  # the finished model predicts: this is data
        return context.use_unknown(unknown, _shown(layer), arguments.line)
    try:
        given, call = _bound(layer, description, arguments, context)
    except _CallError as error:
        text = _("{layer}: {text}").format(layer=_shown(layer), text=str(error))
        return context.report(arguments.line, text)
    except UserError as error:
        return context.report(arguments.line, f"{_shown(layer)}: {error.message}")
    made = context.call(layer, tuple(sorted(given, key=_port)), call, arguments.line)
    return tensors_of(made)


def _port(given: tuple[int, ScriptTensor]) -> int:
    return given[0]


def _shown(layer: ScriptLayer) -> str:
    kind = layer.kind.rpartition(".")[2]
    return f"{kind} “{layer.name}”" if layer.name else kind


def _bound(
    layer: ScriptLayer,
    description: Description,
    arguments: Arguments,
    context: ReadingContext,
) -> tuple[Given, dict[str, Value]]:
    """Tensors by port, and the other arguments of the call."""
    ports = _ports(layer, description)
    given: Given = []
    call: dict[str, Value] = {}
    for place, value in enumerate(arguments.positional):
        if value is None or (layer.kind == OPAQUE and is_plain(value)):
            continue
        if place == 0 and isinstance(value, dict) and layer.model is not None:
            value = _by_name(layer, value)
        if place == 0 and isinstance(value, (list, tuple, SeveralTensors)):
            given += _numbered(0, flat(value))
        elif ports.names and place < len(ports.names):
            given += _numbered(_place(ports, place), flat(value))
        else:
            given += _numbered(place, flat(value))
    for name, value in arguments.named.items():
        _named(name, value, ports, given, call, description, context)
    return given, call


def _ports(layer: ScriptLayer, description: Description) -> Ports:
    if layer.kind == NESTED and layer.model is not None:
        count = len(layer.model.inputs)
        return Ports(count, count, as_list=count > 1)
    if layer.kind in (OPAQUE, BACKBONE):
        return Ports(1, None)
    return description.inputs


def _place(ports: Ports, place: int) -> int:
    """The first port of an argument: those of a repeated name are one argument."""
    names = list(dict.fromkeys(ports.names))
    if place >= len(names):
        raise _CallError(_("It is called with too many arguments."))
    return ports.names.index(names[place])


def _numbered(first: int, tensors: Sequence[ScriptTensor]) -> Given:
    return list(enumerate(tensors, first))


def _named(
    name: str,
    value: object,
    ports: Ports,
    given: Given,
    call: dict[str, Value],
    description: Description,
    context: ReadingContext,
) -> None:
    """Bind one keyword argument."""
    most = plain_ports(ports) or 0
    if name in ports.names:
        if value is not None:
            given += _numbered(ports.names.index(name), flat(value))
        return
    if name in ports.keywords and value is not None:
        first = most + ports.keywords.index(name)
        if isinstance(value, (list, tuple)):  # None where one has no mask
            given += [
                (first + place, tensor)
                for place, tensor in enumerate(value)
                if isinstance(tensor, ScriptTensor)
            ]
        else:
            given += _numbered(first, flat(value))
        return
    param = next((each for each in description.call if each.name == name), None)
    if param is not None:
        if value is not None:
            call[name] = frozen_value(param, value, context)
        return
    if value is None or (name == "training" and isinstance(value, bool)):
        return
    opaque = description.kind == OPAQUE
    if (opaque or not given) and isinstance(value, (ScriptTensor, list, tuple)):
        given += _numbered(len(given), flat(value))  # the first one by its name
        return
    if opaque and is_plain(value):
        return  # part of the block, which keeps how it is called
    raise _CallError(_("Calling it takes no “{name}”.").format(name=name))


def flat(value: object) -> list[ScriptTensor]:
    """All tensors of an argument.

    Raises:
        _CallError: It is no tensor.
    """
    if isinstance(value, ScriptTensor):
        return [value]
    if isinstance(value, SeveralTensors):
        if value.count is None:
            raise _CallError(_("How many tensors it takes is not known."))
        return [ScriptTensor(value.call, port) for port in range(value.count)]
    if isinstance(value, (list, tuple)):
        return [tensor for each in value for tensor in flat(each)]
    raise _CallError(_("It is called on something that is not a tensor."))


def _by_name(layer: ScriptLayer, value: Mapping[object, object]) -> list[object]:
    """The tensors of a dictionary, in the order of a model's inputs."""
    assert layer.model is not None
    names = [call.layer.name for call in layer.model.inputs]
    if set(names) != set(value):
        raise _CallError(_("Its inputs have other names."))
    return [value[name] for name in names]
