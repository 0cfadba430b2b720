"""Layers and models that a script defines as classes: what they do to tensors."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dlstudio.engine.script_reader.layer_arguments import first_unknown
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.model_calls import calls_before
from dlstudio.engine.script_reader.script_callables import (
    Arguments,
    Function,
    Scope,
    ScriptClass,
    ScriptObject,
    ScriptSuper,
)
from dlstudio.engine.script_reader.script_values import (
    Reference,
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    ScriptTensor,
    ShapeOf,
    Unknown,
    WhileTraining,
)
from dlstudio.i18n import _

LAYERS = ("keras.layers.Layer", "keras.Layer", "keras.Model")
"""The classes of Keras that layers and models are derived from."""
NOTHING = ("__init__", "build")
"""Methods of theirs that do nothing to tensors."""
ADDED = ("add_loss", "add_metric")
KEPT = (ScriptLayer, ScriptModel, ScriptSequential, ScriptObject)
EMBEDDING = "keras.layers.Embedding"


def is_layer(called: ScriptClass) -> bool:
    """Whether a class is a layer or a model, and nothing else."""
    return bool(called.parents) and all(
        parent.path in LAYERS
        if isinstance(parent, Reference)
        else isinstance(parent, ScriptClass) and is_layer(parent)
        for parent in called.parents
    )


def make_object(
    called: ScriptClass, arguments: Arguments, context: ReadingContext
) -> object:
    """An object of a class, after its `__init__`.

    Args:
        called: A layer or a model.
        arguments: Of the call.
        context: Runs its methods, by reading them.
    """
    made = ScriptObject(called, line=arguments.line)
    found = _member((called,), "__init__")
    if found is not None:
        done = _run(made, found, arguments, context)
        if isinstance(done, Unknown):
            return done
    return made


def own_training(called: ScriptClass) -> str:
    """A sentence, if a class has its own way to train; else ""."""
    if _member((called,), "train_step") is None:
        return ""
    text = _("“{name}” is trained by its own “train_step”, which is not read.")
    return text.format(name=called.name)


def takes_ends(called: ScriptClass, arguments: Arguments) -> bool:
    """Whether a class is called with the inputs and outputs of a model."""
    inputs = arguments.get(0, "inputs")
    first = inputs[0] if isinstance(inputs, (list, tuple)) and inputs else inputs
    return isinstance(first, ScriptTensor) and _member((called,), "__init__") is None


def call_object(
    called: ScriptObject, arguments: Arguments, context: ReadingContext
) -> object:
    """What a layer or a model of the script makes of tensors.

    Args:
        called: The layer or the model.
        arguments: Of the call.
        context: Takes the calls within it.
    """
    unknown = arguments.unknown or first_unknown(arguments.positional)
    if unknown is not None:
        return unknown  # data, or reported where a model needs it
    if called.broken is not None:
        return called.broken
    found = _member((called.kind,), "call")
    if found is None:
        text = _("The class “{name}” has no method “call” that can be read.")
        return context.report(arguments.line, text.format(name=called.kind.name))
    if not called.is_built:
        called.is_built = True
        _build(called, arguments, context)
    names = [each.arg for each in found[1].node.args.args]
    given = dict(arguments.named)
    if "mask" in names and "mask" not in given and _is_masked(arguments, context):
        text = _("“{name}” takes a mask, which is not read. Give it as an argument.")
        return context.report(arguments.line, text.format(name=called.kind.name))
    if "training" in names and len(arguments.positional) < names.index("training"):
        text = _("It depends on whether the model is being trained.")
        given.setdefault("training", WhileTraining(text, arguments.line))
    return _run(called, found, replace(arguments, named=given), context)


def call_object_method(
    owner: ScriptObject | ScriptSuper,
    name: str,
    arguments: Arguments,
    context: ReadingContext,
) -> object:
    """A method of an object, or of the classes it is derived from.

    Args:
        owner: The object, or its `super()`.
        name: Of the method.
        arguments: Of the call.
        context: Runs the method, by reading it.
    """
    made, classes = _owner(owner)
    found = _member(classes, name)
    if found is not None:
        return _run(made, found, arguments, context)
    if name in NOTHING:
        return None
    if name == "call" and isinstance(owner, ScriptObject):
        return call_object(owner, arguments, context)
    if name in ADDED:
        text = _("“{name}” is not read.").format(name=name)
        made.broken = context.report(arguments.line, text)
    return Unknown(_("“{name}” is never run.").format(name=name), arguments.line)


def member_of(owner: ScriptObject | ScriptSuper, name: str) -> object:
    """A value of the class; None if there is none."""
    _made, classes = _owner(owner)
    return next((each.members[name] for each in classes if name in each.members), None)


def layers_within(owner: ScriptObject) -> list[object]:
    """The layers and models that an object keeps, those in lists as well."""
    found: list[object] = []
    waiting, seen = list(owner.attributes.values()), {id(owner)}
    while waiting:
        value = waiting.pop(0)
        if id(value) in seen:
            continue  # a list may hold itself
        seen.add(id(value))
        if isinstance(value, KEPT):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
    return found


def _owner(
    owner: ScriptObject | ScriptSuper,
) -> tuple[ScriptObject, tuple[ScriptClass, ...]]:
    """The object, and the classes in which its methods are looked up."""
    if isinstance(owner, ScriptObject):
        return owner, tuple(_lineage((owner.kind,)))
    return owner.owner, tuple(_lineage(owner.kind.parents))


def _lineage(classes: tuple[object, ...]) -> Iterator[ScriptClass]:
    for each in classes:
        if isinstance(each, ScriptClass):
            yield each
            yield from _lineage(each.parents)


def _member(
    classes: tuple[object, ...], name: str
) -> tuple[ScriptClass, Function] | None:
    """A method, and the class that defines it."""
    for each in _lineage(classes):
        found = each.members.get(name)
        if isinstance(found, Function) and isinstance(found.node, ast.FunctionDef):
            return each, found
    return None


def _run(
    owner: ScriptObject,
    found: tuple[ScriptClass, Function],
    arguments: Arguments,
    context: ReadingContext,
) -> object:
    kind, function = found
    assert context.run is not None
    scope = Scope({"super": ScriptSuper(owner, kind)}, function.scope)
    method = replace(function, name=owner.kind.name, scope=scope)
    given = replace(arguments, positional=(owner, *arguments.positional))
    return context.run(method, given)


def _build(owner: ScriptObject, arguments: Arguments, context: ReadingContext) -> None:
    """Run `build`, which creates layers for the shapes that enter."""
    found = _member((owner.kind,), "build")
    if found is None:
        return
    shapes = _shapes(arguments.positional[0] if arguments.positional else ())
    _run(owner, found, Arguments((shapes,), {}, arguments.line), context)


def _shapes(value: object) -> object:
    if isinstance(value, ScriptTensor):
        return ShapeOf(value)
    if isinstance(value, (list, tuple)):
        return [_shapes(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _shapes(each) for key, each in value.items()}
    return None


def _is_masked(arguments: Arguments, context: ReadingContext) -> bool:
    """Whether a tensor that enters may have a mask."""
    waiting = [*arguments.positional, *arguments.named.values()]
    tensors: list[ScriptTensor] = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, ScriptTensor):
            tensors.append(value)
        elif isinstance(value, (list, tuple)):
            waiting += value
    before = calls_before(tensors)
    context.count_items(len(before))
    return any(_gives_mask(call.layer) for call in before)


def _gives_mask(layer: ScriptLayer) -> bool:
    if layer.kind == EMBEDDING:
        return layer.params.get("mask_zero", False) is True
    return layer.kind == "keras.layers.Masking"
