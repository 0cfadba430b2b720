"""Pretrained weights of the backbones of a project, set when a training begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.graph import Graph, Node
from dlstudio.document.project import Project
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.model.hub_network import load_preset
from dlstudio.engine.model.published_weights import damaged, published
from dlstudio.engine.model.weights_file import MatchedWeights, load_matching
from dlstudio.engine.model.weights_path import path_sha256, weights_path

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

NAMED = 40
"""Most layers that are listed by name in a run's files."""


def backbone_nodes(graph: Graph) -> Iterator[tuple[str, Node]]:
    """The backbones of a graph that have a layer of their own, with its name."""
    names = layer_names(graph)
    for id, node in graph.nodes.items():
        if node.kind == BACKBONE and node.shares is None:
            yield names[id], node


def set_backbone_weights(
    project: Project,
    model: KerasModel,
    folder: Path,
    known: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, dict[str, Any]]:
    """Give backbones their pretrained weights.

    Args:
        project: Its model may have backbones.
        model: Built from it.
        folder: Of the project.
        known: What was kept when the run was begun. Its weights are in a checkpoint
            then, and no file is needed.

    Returns:
        Which file, and what of it was used, by the name of the layer; plain JSON.

    Raises:
        UserError: A file is missing or damaged, or fits nothing.
    """
    layers: dict[str, Any] = {layer.name: layer for layer in model.layers}
    found = {}
    for name, node in backbone_nodes(project.model):
        config = BackboneConfig.of(node.params)
        if not config.pretrained:
            continue
        if known is not None:
            found[name] = dict(known.get(name, {}))
            continue
        network = layers[name]
        size = network.input_shape[1]
        path = weights_path(config, size, folder)
        matched = load_pretrained(network, config, path)
        if config.is_imagenet and matched.missing:
            raise damaged(published(config, size), path)
        found[name] = {
            "weights": path.name,
            "sha256": path_sha256(path),
            "matched": len(matched.matched),
            "missing": list(matched.missing[:NAMED]),
            "unused": list(matched.unused[:NAMED]),
        }
    return found


def load_pretrained(
    network: KerasModel, config: BackboneConfig, path: Path
) -> MatchedWeights:
    """Give a network its pretrained weights.

    Args:
        network: As `make_network` makes it.
        config: Of the backbone.
        path: Of the file.

    Raises:
        UserError: The file cannot be read, or nothing in it fits.
    """
    if config.has_preset_weights:
        return load_preset(network, config, path)
    return load_matching(network, path)
