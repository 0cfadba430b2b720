"""Networks of `keras.applications` in a script: each becomes one Backbone node."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.catalog.backbones import BACKBONE, DEFAULT, IMAGENET, NONE, networks
from dlstudio.engine.script_reader.layer_arguments import frozen_params
from dlstudio.engine.script_reader.layer_calls import call_layer
from dlstudio.engine.script_reader.layer_functions import make_input
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.network_layers import (
    BackboneLayer,
    BackboneLayers,
    inner_layers,
)
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import ScriptTensor, ShapeOf, Unknown
from dlstudio.i18n import _

PLACES = ("include_top", "weights", "input_tensor", "input_shape", "pooling")
"""Arguments of most networks, in their order."""
OWN = ("alpha", "minimalistic")
UNUSED = frozenset(
    ["classes", "classifier_activation", "dropout", "depth_multiplier", "dropout_rate"]
)


@dataclass(frozen=True, slots=True)
class ScaledInput:
    """What a network's own scaling made of an input; its node does the same.

    Attributes:
        tensor: The input.
        module: Of `preprocess_input`, or the preset of a converter.
    """

    tensor: ScriptTensor
    module: str


@dataclass(frozen=True, slots=True)
class HubConverter:
    """A converter of KerasHub, which scales as a preset needs it.

    Attributes:
        preset: Name or folder, as written.
    """

    preset: str

    def convert(self, arguments: Arguments) -> object:
        """What it makes of an input."""
        tensor = arguments.get(0, "inputs")
        if isinstance(tensor, ScriptTensor):
            return ScaledInput(tensor, self.preset)
        return Unknown(
            _("“{name}” is never run.").format(name="ImageConverter"), arguments.line
        )


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
    layer: BackboneLayer | HubConverter, arguments: Arguments, context: ReadingContext
) -> object:
    """Call a network.

    Args:
        layer: The network, or what scales its input.
        arguments: Its input, perhaps scaled, and `training`.
        context: Takes the call.
    """
    if isinstance(layer, HubConverter):
        return layer.convert(arguments)
    entered = arguments.get(0, "inputs")
    scaled = isinstance(entered, ScaledInput)
    preset = str(layer.params.get("preset") or "")
    network = networks()[str(layer.params.get("architecture") or DEFAULT)]
    if isinstance(entered, ScaledInput):
        wanted = preset or (network.module if network.mode else entered.module)
        if entered.module != wanted:
            text = _("The input is scaled for another network.")
            return context.report(arguments.line, text)
        entered = entered.tensor
    if network.mode or preset:
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


def find_network_layer(
    layer: BackboneLayer, arguments: Arguments, context: ReadingContext
) -> object:
    """A layer within a network, by its name or place.

    Args:
        layer: The network.
        arguments: Of `get_layer`.
        context: Knows the line.
    """
    wanted = arguments.get(0, "name", arguments.named.get("index"))
    layers = inner_layers(BackboneLayers(layer), context)
    for place, each in enumerate(() if isinstance(layers, Unknown) else layers):
        if each.name == wanted or (type(wanted) is int and place == wanted):
            return each
    text = _("The model has no layer “{name}”.").format(name=wanted)
    return Unknown(text, arguments.line)
