"""`keras.Model`, `keras.Sequential`, and the methods of both."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.document.graph import INPUT
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.script_reader.layer_functions import FirstLayer
from dlstudio.engine.script_reader.limits import ReadingContext, Setting
from dlstudio.engine.script_reader.literals import PLAIN
from dlstudio.engine.script_reader.model_calls import layers_of
from dlstudio.engine.script_reader.script_callables import (
    Arguments,
    Function,
    ScriptObject,
)
from dlstudio.engine.script_reader.script_values import (
    ModelEnd,
    Reference,
    ScriptCall,
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    ScriptTensor,
    SeveralTensors,
    Unknown,
)
from dlstudio.engine.script_reader.training_phases import note_fit
from dlstudio.i18n import _

COMPILE = ("optimizer", "loss", "loss_weights", "metrics")
IDENTITY = "keras.layers.Identity"
FIT = ("batch_size", "epochs", "callbacks", "class_weight", "validation_split")
PLANNED = {"optimizer": "optimizers", "loss": "losses", "epochs": "", "batch_size": ""}
"""Settings that the plan takes, and the family of those that are objects."""
STOPPING_ARGUMENTS = ("monitor", "min_delta", "patience")
ADDABLE = (ScriptLayer, ScriptModel, ScriptSequential, ScriptObject, ScriptTensor)
WEIGHTS = ("load_weights", "set_weights")


def make_model(arguments: Arguments, context: ReadingContext) -> object:
    """A functional model of its inputs and outputs."""
    line = arguments.line
    inputs = _tensors(arguments.get(0, "inputs"))
    outputs = _tensors(arguments.get(1, "outputs"))
    for value in (inputs, outputs):
        if isinstance(value, Unknown):
            return context.use_unknown(value, _("The model"), line)
    if not inputs or not outputs:
        return context.report(line, _("The model needs inputs and outputs."))
    assert not isinstance(inputs, Unknown) and not isinstance(outputs, Unknown)
    calls: list[ScriptCall] = []
    for tensor in inputs:
        if tensor.call.layer.kind != INPUT:
            text = _("The inputs of a model must be Inputs, not the outputs of layers.")
            return context.report(line, text)
        calls.append(tensor.call)
    function = context.blocks[-1][0] if context.blocks else ""
    name = arguments.get(2, "name", "")
    model = ScriptModel(
        tuple(calls),
        _ends(outputs, line, context),
        name if isinstance(name, str) else "",
        function,
        line,
    )
    context.models.append(model)
    context.unknown_inputs = 0
    return model


def _tensors(value: object) -> list[ScriptTensor | SeveralTensors] | Unknown:
    """The tensors of an argument, within lists and dictionaries as well."""
    if isinstance(value, (ScriptTensor, SeveralTensors)):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, (list, tuple)):
        return []
    found: list[ScriptTensor | SeveralTensors] = []
    for each in value:
        inner = _tensors(each)
        if isinstance(inner, Unknown):
            return inner
        found += inner
    return found


def _ends(
    outputs: list[ScriptTensor | SeveralTensors], line: int, context: ReadingContext
) -> tuple[ModelEnd, ...]:
    """The calls whose tensors leave a model, each once.

    A tensor of a call that is among them already leaves by an Identity.
    """
    found: list[ModelEnd] = []
    known: set[ScriptCall] = set()
    waiting = list(outputs)
    while waiting:
        tensor = waiting.pop(0)
        call, ports = tensor.call, list[int]()
        if call in known and isinstance(tensor, ScriptTensor):
            layer = ScriptLayer(IDENTITY, line=line)
            call = context.call(layer, ((0, tensor),), {}, line)
        elif isinstance(tensor, ScriptTensor) and call.outputs != 1:
            ports = [tensor.port]
            while waiting and waiting[0].call is call:
                following = waiting.pop(0)
                assert isinstance(following, ScriptTensor)
                ports.append(following.port)
        if ports == list(range(call.outputs or 0)):
            ports = []
        known.add(call)
        found.append(ModelEnd(call, tuple(ports)))
    return tuple(found)


def make_sequential(arguments: Arguments, context: ReadingContext) -> object:
    """A Sequential, perhaps with layers."""
    name = arguments.get(1, "name", "")
    function = context.blocks[-1][0] if context.blocks else ""
    text = name if isinstance(name, str) else ""
    model = ScriptSequential([], text, function, arguments.line)
    given = arguments.get(0, "layers")
    if isinstance(given, Unknown):
        return context.use_unknown(given, "Sequential", arguments.line)
    for each in given if isinstance(given, (list, tuple)) else ():
        bad = add_layer(model, each, arguments.line, context)
        if bad is not None:
            return bad
    context.models.append(model)
    context.unknown_inputs = 0
    return model


def add_layer(
    model: ScriptSequential, item: object, line: int, context: ReadingContext
) -> Unknown | None:
    """Add a layer to a Sequential.

    Args:
        model: The Sequential.
        item: A layer, a model or an Input.
        line: Where.
        context: Takes problems.

    Returns:
        What is not known, if it cannot be added.
    """
    model.model = None
    if isinstance(item, Unknown):
        model.items.append(context.use_unknown(item, "Sequential", line))
        return item
    if isinstance(item, FirstLayer):
        model.items += [item.given, item.layer]
    elif isinstance(item, ADDABLE):
        model.items.append(item)
    else:
        model.items.append(
            context.report(line, _("This cannot be added to a Sequential."))
        )
    return None


def call_model_method(
    model: ScriptModel | ScriptSequential | ScriptObject,
    name: str,
    arguments: Arguments,
    context: ReadingContext,
) -> object:
    """A method of a model.

    Args:
        model: The model.
        name: Of the method.
        arguments: Of the call.
        context: Takes settings and problems.
    """
    line = arguments.line
    if name == "add" and isinstance(model, ScriptSequential):
        return add_layer(model, arguments.get(0, "layer"), line, context)
    if name == "pop" and isinstance(model, ScriptSequential) and model.items:
        model.model = None
        return model.items.pop()
    if name == "compile":
        context.chosen = model
        for place, setting in enumerate(COMPILE):
            _set(context, setting, arguments.get(place, setting), line)
        return None
    if name == "fit":
        context.chosen = model
        for setting in FIT:
            _set(context, setting, arguments.named.get(setting), line)
        note_fit(model, arguments, context)
        return Unknown(_("The model is not trained while reading."), line)
    note_weights(name, line, context)
    if name == "get_layer" and not isinstance(model, ScriptObject):
        return _get_layer(model, arguments, context)
    return Unknown(_("“{name}” is never run.").format(name=name), line)


def _set(context: ReadingContext, name: str, value: object, line: int) -> None:
    family = PLANNED.get(name)
    if isinstance(value, (Reference, str)) and family:
        called = value.name if isinstance(value, Reference) else value
        found = context.catalog.search(family, called)
        value = Unknown("", line) if found is None else Spec(found.kind)
    if isinstance(value, (Unknown, Function)):
        if family is not None:
            text = _("“{name}” has no value that can be read; the plan keeps its own.")
            context.note(line, text.format(name=name))
    elif value is not None:
        context.settings[name] = Setting(value, line)


def note_weights(name: str, line: int, context: ReadingContext) -> None:
    """Note a method that sets weights, which a script does not bring.

    Args:
        name: Of any method.
        line: Where.
        context: Takes the note.
    """
    if name in WEIGHTS:
        text = _("“{name}” is not read. To begin with weights of a file: {command}")
        command = "dlstudio import FILE --out PROJECT"
        context.note(line, text.format(name=name, command=command))


def _get_layer(
    model: ScriptModel | ScriptSequential, arguments: Arguments, context: ReadingContext
) -> object:
    wanted, place = arguments.named.get("name"), arguments.named.get("index")
    if arguments.positional:
        wanted = arguments.positional[0]
    layers = layers_of(model)
    assert isinstance(layers, Sequence)
    if isinstance(place, int) and place < len(layers):
        return layers[place]
    for layer in layers:
        if getattr(layer, "name", None) == wanted and wanted:
            return layer
    text = _("The model has no layer “{name}”.").format(name=wanted)
    return Unknown(text, arguments.line)


def make_stopping(arguments: Arguments, _context: ReadingContext) -> object:
    """`keras.callbacks.EarlyStopping`, the callback that the plan has."""
    given = {
        **dict(zip(STOPPING_ARGUMENTS, arguments.positional, strict=False)),
        **arguments.named,
    }
    values = {name: value for name, value in given.items() if isinstance(value, PLAIN)}
    if len(values) < len(given) or arguments.unknown is not None:
        return Unknown(_("Its arguments are not known."), arguments.line)
    return Spec("keras.callbacks.EarlyStopping", FrozenMap(values))


def set_policy(arguments: Arguments, context: ReadingContext) -> object:
    """`keras.config.set_dtype_policy`: the precision of the plan."""
    value = arguments.get(0, "policy")
    if isinstance(value, Reference):
        value = value.name
    if isinstance(value, str):
        context.settings["precision"] = Setting(value, arguments.line)
    return None
