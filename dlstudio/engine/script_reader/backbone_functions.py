"""Networks of `keras.applications` in a script: each becomes one Backbone node."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from dlstudio.catalog.backbones import BACKBONE, IMAGENET, NONE, networks
from dlstudio.engine.script_reader.layer_arguments import frozen_params
from dlstudio.engine.script_reader.layer_calls import call_layer
from dlstudio.engine.script_reader.layer_functions import make_input
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.script_values import (
    Arguments,
    ScriptLayer,
    ScriptTensor,
    ShapeOf,
    Unknown,
)
from dlstudio.i18n import _

PLACES = ("include_top", "weights", "input_tensor", "input_shape", "pooling")
"""Arguments of most networks, in their order."""
OWN = ("alpha", "minimalistic")
UNUSED = frozenset(
    ["classes", "classifier_activation", "dropout", "depth_multiplier", "dropout_rate"]
)


@dataclass(slots=True, eq=False)
class BackboneLayer(ScriptLayer):
    """A network, and the shape of what it was created for.

    Attributes:
        shape: As written, or None.
        entry: The Input that its own `input` means, once it was asked for.
    """

    shape: object = None
    entry: object = None


@dataclass(frozen=True, slots=True)
class ScaledInput:
    """What `preprocess_input` made of an input; the network's node does the same."""

    tensor: ScriptTensor
    module: str


@dataclass(frozen=True, slots=True)
class BackboneLayers:
    """The layers within a network, or those of a slice."""

    backbone: BackboneLayer
    whole: bool = True


def call_application(
    path: str, arguments: Arguments, context: ReadingContext
) -> object:
    """Something of `keras.applications` that is called.

    Args:
        path: Below `keras.applications`.
        arguments: Of the call.
        context: Takes problems.
    """
    name, line = path.rpartition(".")[2], arguments.line
    if name == "preprocess_input":
        tensor = arguments.get(0, "x")
        if isinstance(tensor, ScriptTensor):
            return ScaledInput(tensor, path.rpartition(".")[0])
        return Unknown(_("“{name}” is never run.").format(name=name), line)
    if name not in networks():
        text = _("There is no network “{name}”.").format(name=name)
        return context.report(line, text)
    given = dict(zip(PLACES, arguments.positional, strict=False))
    given |= arguments.named
    if given.get("include_top", True) is not False:
        text = _("Networks of keras.applications need include_top=False.")
        return context.report(line, text)
    layer = _backbone(name, given, line, context)
    tensor = given.get("input_tensor")
    if isinstance(layer, BackboneLayer) and isinstance(tensor, ScriptTensor):
        layer.entry = tensor
    return layer


def _backbone(
    name: str, given: dict[str, object], line: int, context: ReadingContext
) -> object:
    weights = given.get("weights", IMAGENET)
    params: dict[str, object] = {"architecture": name}
    params["weights"] = NONE if weights is None else weights
    if given.get("pooling") is not None:
        params["pooling"] = given["pooling"]
    params |= {key: given[key] for key in OWN if given.get(key) is not None}
    if given.get("include_preprocessing") is False or networks()[name].mode:
        params["preprocess"] = False  # unless what enters it is scaled
    known = {*PLACES, *OWN, *UNUSED, "name", "include_preprocessing"}
    for other in set(given) - known:
        text = _("{network} has no argument “{name}”.").format(network=name, name=other)
        return context.report(line, text)
    context.line = line
    found = frozen_params(context.catalog[BACKBONE], params, context)
    if isinstance(found, Unknown):
        return found
    called = given.get("name")
    layer = BackboneLayer(
        BACKBONE, found, called if isinstance(called, str) else "", line
    )
    layer.shape = given.get("input_shape")
    return layer


def call_backbone(
    layer: BackboneLayer, arguments: Arguments, context: ReadingContext
) -> object:
    """Call a network.

    Args:
        layer: The network.
        arguments: Its input, perhaps scaled, and `training`.
        context: Takes the call.
    """
    network = networks()[str(layer.params["architecture"])]
    entered = arguments.get(0, "inputs")
    scaled = isinstance(entered, ScaledInput)
    if isinstance(entered, ScaledInput):
        if network.mode and entered.module != network.module:
            text = _("The input is scaled for another network.")
            return context.report(arguments.line, text)
        entered = entered.tensor
    if network.mode:
        layer.params["preprocess"] = scaled
    given = Arguments((entered,), {}, arguments.line)
    return call_layer(layer, given, context)


def end_of(layer: BackboneLayer, name: str, context: ReadingContext) -> object:
    """The `input` or `output` of a network that was not called.

    Args:
        layer: The network.
        name: "input" or "output".
        context: Takes an Input and the call.
    """
    if layer.entry is None:
        shape = layer.shape
        if shape is None or isinstance(shape, (ShapeOf, Unknown)):
            text = _("The network needs an input_shape.")
            return context.report(layer.line, text)
        layer.entry = make_input(Arguments((), {"shape": shape}, layer.line), context)
    if name == "input":
        return layer.entry
    if layer.calls:
        return ScriptTensor(layer.calls[0])
    return call_backbone(layer, Arguments((layer.entry,), {}, layer.line), context)


def read_layer_loop(
    node: ast.For, found: BackboneLayers, context: ReadingContext
) -> None:
    """A loop over the layers within a network, which freezes them.

    Args:
        node: The loop.
        found: What it goes over.
        context: Takes a note where it is not understood.
    """
    code = ast.unparse(ast.Module(node.body, []))
    name = ast.unparse(node.target)
    layer = found.backbone
    first = _first_trained(node, name)
    if first and found.whole:
        layer.params["trainable_from"] = first
    elif code == f"{name}.trainable = False" and found.whole:
        layer.frozen = True
    elif code == f"{name}.trainable = True" and found.whole:
        layer.frozen = False
    elif "BatchNormalization" in code or f"hasattr({name}" in code:
        return  # the node does so itself
    else:
        note_frozen_layers(node.lineno, context)


def note_frozen_layers(line: int, context: ReadingContext) -> None:
    """Note that layers within a network are frozen in a way that is not read."""
    text = _(
        "Which layers of the network are frozen here is not read: freeze them on the "
        "canvas, or set its “trainable_from” to the first layer that is trained."
    )
    context.note(line, text)


def _first_trained(node: ast.For, name: str) -> str:
    """What a loop waits for that freezes the layers before it; "" if it does not."""
    match node.body:
        case [
            ast.If(
                test=ast.Call(
                    func=ast.Attribute(attr="startswith"),
                    args=[ast.Constant(value=str(first))],
                ),
                body=[ast.Break()],
            ),
            ast.Assign() as frozen,
        ] if ast.unparse(frozen) == f"{name}.trainable = False":
            return first
    return ""
