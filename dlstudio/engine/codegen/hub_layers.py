"""Networks of KerasHub in a script: their preset, what it scales, and the pooling."""

from __future__ import annotations

from dlstudio.catalog.backbones import TOKEN
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.preset_config import PresetConfig
from dlstudio.engine.codegen.literals import fitted, quoted
from dlstudio.engine.model.preset_files import known_preset

PREFIXING = ("DINOV2Backbone", "DINOV3Backbone", "HGNetV2Backbone")
"""Networks whose layers' names begin with that of the network."""
SEVERAL = "HGNetV2Backbone"
"""The network that gives all its feature maps, by name."""


def hub_rows(layer: str, config: BackboneConfig, name: str, images: str) -> list[str]:
    """The lines that create the network, with its weights.

    Args:
        layer: The variable it is assigned to.
        config: Of the backbone.
        name: Its name in the model.
        images: The expression of what it is first called on.

    Raises:
        UserError: The preset is not at hand.
    """
    preset = known_preset(config)
    pairs = [quoted(config.preset.strip())]
    if not config.has_preset_weights:
        pairs.append("load_weights=False")
    pairs.append(f"{preset.shape_argument}={_shape(config, preset, images)}")
    if config.pretrained:
        pairs += [f"{argument}=0.0" for argument in preset.dropped]
    if preset.class_name not in PREFIXING:
        pairs.append(f"name={quoted(name)}")
    rows = fitted(f"{layer} = ", "keras_hub.models.Backbone.from_preset", pairs, "")
    if config.own_file:
        rows.append(f"{layer}.load_weights({quoted(config.own_file)})")
    return rows


def _shape(config: BackboneConfig, preset: PresetConfig, images: str) -> str:
    if config.preprocess and preset.image_size is not None:
        height, width = preset.image_size
        return f"({height}, {width}, 3)"
    return f"{images}.shape[1:]"


def hub_call_rows(
    variable: str, layer: str, config: BackboneConfig, images: str
) -> list[str]:
    """The lines that call the network.

    Args:
        variable: What the features are assigned to.
        layer: The variable of the network.
        config: Of the backbone.
        images: The expression of what enters.

    Raises:
        UserError: The preset is not at hand.
    """
    preset, rows = known_preset(config), []
    if config.preprocess and preset.converter:
        converter = "keras_hub.layers.ImageConverter.from_preset"
        scaled = f"{variable}_images"
        pairs = [quoted(config.preset.strip())]
        rows += fitted(f"{scaled} = ", converter, pairs, f"({images})")
        images = scaled
    called = f"{layer}({images})"
    if preset.class_name == SEVERAL:
        called = f"list({called}.values())[-1]"
    if config.pooling == TOKEN:
        return [*rows, f"{variable} = {called}[:, 0]"]
    name = {"avg": "Average", "max": "Max"}.get(config.pooling)
    if name is None:
        return [*rows, f"{variable} = {called}"]
    pool = f"layers.Global{name}Pooling{1 if preset.gives_tokens else 2}D()"
    return [*rows, *fitted(f"{variable} = ", pool, [called], "")]
