"""Backbones in a script: one call of `keras.applications`, or a preset of KerasHub."""

from __future__ import annotations

from dlstudio.catalog.backbones import IMAGENET
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.graph import Node
from dlstudio.engine.codegen.hub_layers import hub_call_rows, hub_rows
from dlstudio.engine.codegen.literals import INDENT, fitted, quoted
from dlstudio.engine.model.preset_files import known_preset

RANDOM = {"EfficientNet": "rate", "ConvNeXt": "drop_path_rate"}
"""What networks with layers that drop values call the share of these."""


def backbone_rows(layer: str, node: Node, name: str, images: str) -> list[str]:
    """The lines that create the network, and set what of it is trained.

    Args:
        layer: The variable it is assigned to.
        node: The backbone.
        name: Its name in the model.
        images: The expression of what it is first called on.

    Raises:
        UserError: There is no such network, or it does not take an argument.
    """
    config = BackboneConfig.of(node.params)
    if config.preset:
        rows = hub_rows(layer, config, name, images)
    else:
        rows = _application_rows(layer, config, name, images)
    if node.frozen:
        rows.append(f"{layer}.trainable = False")
    if config.trainable_from and not node.frozen:
        rows += _frozen_rows(layer, config.trainable_from.strip())
    if config.pretrained:
        rows += _inference_rows(layer, config, frozen=node.frozen)
    return rows


def _application_rows(
    layer: str, config: BackboneConfig, name: str, images: str
) -> list[str]:
    network = config.network
    weights = config.own_file or (IMAGENET if config.pretrained else "")
    pairs = [
        "include_top=False",
        f"weights={quoted(weights) if weights else None}",
        f"input_shape={images}.shape[1:]",
        *([f"pooling={quoted(config.pooling)}"] if config.pooling != "none" else []),
        *(f"{key}={value!r}" for key, value in config.arguments.items()),
    ]
    if network.includes_preprocessing and not config.preprocess:
        pairs.append("include_preprocessing=False")
    pairs.append(f"name={quoted(name)}")
    return fitted(f"{layer} = ", f"keras.applications.{network.name}", pairs, "")


def backbone_call_rows(variable: str, layer: str, node: Node, images: str) -> list[str]:
    """The lines that call the network on images as it takes them.

    Args:
        variable: What the features are assigned to.
        layer: The variable of the network.
        node: The backbone.
        images: The expression of what enters.
    """
    config = BackboneConfig.of(node.params)
    if config.preset:
        return hub_call_rows(variable, layer, config, images)
    return [f"{variable} = {layer}({_scaled(config, images)})"]


def _scaled(config: BackboneConfig, images: str) -> str:
    if not config.preprocess or not config.network.mode:
        return images
    return f"keras.applications.{config.network.module}.preprocess_input({images})"


def _frozen_rows(layer: str, first: str) -> list[str]:
    """Layers before the first that is trained are frozen."""
    return [
        f"for inner in {layer}.layers:",
        f"{INDENT}if inner.name.startswith({quoted(first)}):",
        f"{2 * INDENT}break",
        f"{INDENT}inner.trainable = False",
    ]


def _inference_rows(layer: str, config: BackboneConfig, *, frozen: bool) -> list[str]:
    """What behaves otherwise in training does as in inference."""
    if config.preset:
        share = "rate" if known_preset(config).drops else ""
    else:
        starts = RANDOM.items()
        name = config.architecture
        share = next((each for start, each in starts if name.startswith(start)), "")
    # Layers of KerasHub have others inside.
    inside = "_flatten_layers()" if config.preset else "layers"
    rows = [f"for inner in {layer}.{inside}:  # as in inference"]
    if not frozen:
        rows.append(f"{INDENT}if isinstance(inner, layers.BatchNormalization):")
        rows.append(f"{2 * INDENT}inner.trainable = False")
    if share:
        rows.append(f"{INDENT}if hasattr(inner, {quoted(share)}):")
        rows.append(f"{2 * INDENT}inner.{share} = 0.0")
    return rows if rows[1:] else []
