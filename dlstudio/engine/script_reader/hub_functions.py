"""Networks of KerasHub in a script: each becomes one Backbone node."""

from __future__ import annotations

from dlstudio.catalog.backbones import BACKBONE, IMAGENET, NONE, TOKEN
from dlstudio.document.preset_config import DROP
from dlstudio.document.values import Value
from dlstudio.engine.model.item_key import GET_ITEM
from dlstudio.engine.script_reader.backbone_functions import HubConverter
from dlstudio.engine.script_reader.layer_arguments import frozen_params
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.network_layers import BackboneLayer, BackboneLayers
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import ScriptCall, Unknown
from dlstudio.i18n import _

POOLS = {
    f"keras.layers.Global{name}Pooling{rank}D": pooling
    for name, pooling in (("Average", "avg"), ("Max", "max"))
    for rank in (1, 2)
}
FIRST = ":, 0"
KNOWN = ("preset", "load_weights", "image_shape", "input_shape", "name", "trainable")


def call_hub(path: str, arguments: Arguments, context: ReadingContext) -> object:
    """Something of KerasHub that is called.

    Args:
        path: Its full name.
        arguments: Of the call.
        context: Takes problems.
    """
    line = arguments.line
    parts = path.split(".")
    preset = arguments.get(0, "preset")
    if parts[-1] == "from_preset" and isinstance(preset, str) and len(parts) > 2:
        if parts[-2].endswith("ImageConverter"):
            return HubConverter(preset)
        if parts[-2].endswith("Backbone"):
            return _backbone(preset, arguments, context)
    text = _("Of KerasHub, only “from_preset” of networks and converters is read.")
    return context.report(line, text)


def _backbone(preset: str, arguments: Arguments, context: ReadingContext) -> object:
    given = dict(zip(("preset", "load_weights"), arguments.positional, strict=False))
    given |= arguments.named
    for other in (each for each in given if each not in KNOWN and DROP not in each):
        text = _("{network} has no argument “{name}”.").format(
            network=preset, name=other
        )
        return context.report(arguments.line, text)
    random = given.get("load_weights") is False
    params: dict[str, object] = {
        "preset": preset,
        "weights": NONE if random else IMAGENET,
    }
    context.line = arguments.line
    found = frozen_params(context.catalog[BACKBONE], params, context)
    if isinstance(found, Unknown):
        return found
    name = given.get("name")
    layer = BackboneLayer(
        BACKBONE, found, name if isinstance(name, str) else "", arguments.line
    )
    layer.shape = given.get("image_shape", given.get("input_shape"))
    layer.frozen = given.get("trainable") is False
    return layer


def call_hub_method(layer: BackboneLayer, name: str, arguments: Arguments) -> object:
    """A method of a network.

    Args:
        layer: The network.
        name: Of the method.
        arguments: Of the call.
    """
    path = arguments.get(0, "filepath")
    if name == "load_weights" and isinstance(path, str):
        layer.params["weights"] = path
        return None
    if name == "_flatten_layers":
        return BackboneLayers(layer)
    return Unknown(_("“{name}” is never run.").format(name=name), arguments.line)


def fold_pooling(calls: list[ScriptCall]) -> None:
    """Let networks pool themselves what nothing else takes, as their nodes do.

    Args:
        calls: All calls of layers; those of networks that pool now are left out.
    """
    for call in list(calls):
        pooling = _pooling(call)
        if not pooling or len(call.layer.calls) > 1 or len(call.given) != 1:
            continue
        inner = call.given[0][1].call
        network = inner.layer
        alone = len(network.calls) == 1 and not inner.variable
        if (
            isinstance(network, BackboneLayer)
            and network.params.get("preset")
            and alone
        ):
            network.params["pooling"] = pooling
            network.variable = network.variable or call.variable
            network.calls[:] = [call]
            call.layer, call.given, call.call = network, inner.given, inner.call
            calls[:] = [each for each in calls if each is not inner]


def _pooling(call: ScriptCall) -> str:
    """How a call pools features, as a parameter of a backbone; "" if it does not."""
    params = {k: v for k, v in call.layer.params.items() if not _is_usual(k, v)}
    if call.layer.kind == GET_ITEM:
        return TOKEN if call.layer.params.get("key") == FIRST else ""
    return POOLS.get(call.layer.kind, "") if not params else ""


def _is_usual(name: str, value: Value) -> bool:
    return value is None or value is False or name == "data_format"
