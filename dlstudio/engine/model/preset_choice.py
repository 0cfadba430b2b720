"""What a graph becomes when a preset of KerasHub is chosen for its backbone."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path

from dlstudio.document.backbone import OF_APPLICATIONS, BackboneConfig, pooling_behind
from dlstudio.document.graph import Graph, Node
from dlstudio.document.preset_config import TOKENS_OF, preset_config_of
from dlstudio.document.values import FrozenMap, Value
from dlstudio.engine.model.hub_catalog import find_preset, image_backbones
from dlstudio.engine.model.preset_files import (
    WEIGHTS,
    is_complete,
    preset_place,
    read_preset,
)
from dlstudio.engine.model.weights_path import path_sha256

CHOSEN = ("weights", "weights_sha256", "trainable_from", "preset_config")
"""Parameters that belong to the network that a node had before."""


def choose_preset(
    graph: Graph, node: Node, preset: str, folder: Path
) -> tuple[Node, ...]:
    """The nodes of a graph that change when its backbone takes a preset.

    Pooling behind it takes tokens if the network gives these instead of feature maps.

    Args:
        graph: Of the node.
        node: The backbone.
        preset: Name of a published preset, or a folder, relative to the project's.
        folder: Of the project.

    Raises:
        UserError: There is no such preset, it is no image network, or KerasHub is not
            installed.
    """
    made = with_preset(node, preset, folder)
    rank = 1 if _gives_tokens(BackboneConfig.of(made.params)) else 2
    changed = pooling_behind(graph, made, rank)
    return (made, *changed)


def _gives_tokens(config: BackboneConfig) -> bool:
    """Whether the network of a preset gives tokens, also if it is not at hand."""
    if config.preset_config:
        return preset_config_of(config.preset_config).gives_tokens
    network = image_backbones()[find_preset(config.preset).network]
    return TOKENS_OF in inspect.signature(network.__init__).parameters


def with_preset(node: Node, preset: str, folder: Path) -> Node:
    """A Backbone node that takes a preset, and keeps what is known of it.

    Args:
        node: The node.
        preset: Name of a published preset, or a folder, relative to the project's.
        folder: Of the project.

    Raises:
        UserError: There is no such preset, it is no image network, or KerasHub is not
            installed.
    """
    config = BackboneConfig(preset=preset)
    place = preset_place(config, folder)
    params: dict[str, Value] = {
        name: value
        for name, value in node.params.items()
        if name not in (*OF_APPLICATIONS, *CHOSEN)
    }
    params["preset"] = preset
    if config.preset_folder or is_complete(place):
        params["preset_config"] = read_preset(place).text()
    weights = place / WEIGHTS
    if config.preset_folder and weights.is_file():
        params["weights_sha256"] = path_sha256(weights)
    return replace(node, params=FrozenMap(params))
