"""Pretrained weights of the backbones of a project, set when a training begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.catalog.backbones import BACKBONE, PublishedWeights
from dlstudio.data.fileinfo import is_network_path
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.graph import Graph, Node
from dlstudio.document.project import Project
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.model.published_weights import check_at_hand, damaged, file_digest
from dlstudio.engine.model.weights_file import load_matching
from dlstudio.errors import UserError
from dlstudio.i18n import _

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
        matched = load_matching(network, path)
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


def weights_path(config: BackboneConfig, size: int | None, folder: Path) -> Path:
    """The file with a backbone's pretrained weights, unchanged since it was chosen.

    Args:
        config: Of the backbone.
        size: Height of its images.
        folder: Of the project.

    Raises:
        UserError: It is missing, damaged or another one, or Keras publishes none.
    """
    if not config.own_file:
        return check_at_hand(published(config, size))
    if is_network_path(config.own_file):
        raise UserError(
            _("{path} is on another machine.").format(path=config.own_file),
            _("Copy it beside the project."),
        )
    path = folder / Path(config.own_file).expanduser()
    if not path.is_file():
        raise UserError(
            _("The weights {path} are missing.").format(path=path),
            _("Put the file back, or choose other weights."),
        )
    if config.weights_sha256 and path_sha256(path) != config.weights_sha256:
        raise UserError(
            _("The weights {path} have changed since they were chosen.").format(
                path=path
            ),
            _("Choose them again, or put the former file back."),
        )
    return path


def published(config: BackboneConfig, size: int | None) -> PublishedWeights:
    """The weights that Keras publishes for a backbone.

    Raises:
        UserError: There are none for its arguments.
    """
    found = config.network.published(size, config.arguments)
    if found is None:
        known = [each.arguments for each in config.network.weights if not each.size]
        raise UserError(
            _("Keras has no ImageNet weights for {network} with {arguments}.").format(
                network=config.architecture, arguments=_text(config.arguments)
            ),
            _("It has some for {known}.").format(known="; ".join(map(_text, known))),
        )
    return found


def path_sha256(path: Path) -> str:
    """SHA-256 of a file; one that stays the same is read once."""
    found = path.stat()
    return file_digest(path, "sha256", found.st_size, found.st_mtime_ns)


def _text(arguments: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in arguments.items())
