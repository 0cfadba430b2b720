"""A backbone opened into its layers: a nested graph that begins with its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.nodes import ReplaceNode
from dlstudio.document.edits.project import SetGraph, SetInitialWeights
from dlstudio.document.graph import NESTED, Graph, Node
from dlstudio.document.graph_names import MODEL
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Value
from dlstudio.engine.model.backbone import make_network
from dlstudio.engine.model.backbone_weights import load_pretrained
from dlstudio.engine.model.build import build
from dlstudio.engine.model.hub_network import has_own_layers
from dlstudio.engine.model.initial_weights import (
    node_arrays,
    read_initial_weights,
    write_arrays,
)
from dlstudio.engine.model.weights_path import weights_path
from dlstudio.engine.model_import.carried_weights import carry_weights, model_weights
from dlstudio.engine.model_import.imported_graphs import ImportedGraphs
from dlstudio.engine.model_import.keras_models import imported_model
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def open_backbone(
    project: Project, id: str, folder: Path, catalog: Catalog
) -> CompositeEdit:
    """The edits that replace a backbone of the model by a nested graph of its layers.

    Its weights are written beside the project, as what the layers begin with.

    Args:
        project: The project.
        id: Of the backbone's node.
        folder: Of the project.
        catalog: Describes layers.

    Raises:
        UserError: The node is no backbone, shares its weights, or cannot be built, or
            its pretrained weights are not at hand.
    """
    node = _backbone(project, id)
    config = BackboneConfig.of(node.params)
    shape = ShapeInference().infer(project.model, catalog, project.graphs)[id]
    if not shape.inputs or shape.error:
        raise UserError(
            _("{name} cannot be built yet.").format(name=node.name), shape.error or ""
        )
    size = tuple(shape.inputs[0].shape[1:])
    network = make_network(config, size, node.name)
    if config.preset and has_own_layers(network):
        raise UserError(
            _("{name} has layers of KerasHub's own, which cannot be opened.").format(
                name=node.name
            ),
            _("Keep it as one layer, or choose a network of Keras."),
        )
    if config.pretrained:
        load_pretrained(network, config, weights_path(config, size[0], folder))
    imported = imported_model(network, catalog)
    names = _free_names(project.graphs, imported.graphs, node.name)
    edits: list[Edit] = [
        SetGraph(_renamed(graph, names), names[name])
        for name, graph in imported.graphs.items()
    ]
    params: FrozenMap[str, Value] = FrozenMap({"graph": names[MODEL]})
    if isinstance(node.params.get("name"), str):
        params = params.set("name", node.name)
    edits.append(ReplaceNode(replace(node, kind=NESTED, params=params)))
    if config.pretrained:
        arrays = node_arrays(imported.graphs, _built(network, imported, catalog))
        known = project.initial_weights
        kept = read_initial_weights(known, folder) if known is not None else {}
        own = {f"{id}/{place}": found for place, found in arrays.items()}
        weights = write_arrays(folder, {**kept, **own})
        if known is not None:
            weights = replace(weights, classes=known.classes)
        edits.append(SetInitialWeights(weights))
    return CompositeEdit(tuple(edits))


def _backbone(project: Project, id: str) -> Node:
    node = project.model.nodes.get(id)
    if node is None or node.kind != BACKBONE:
        raise UserError(
            _("“{name}” is no pretrained network.").format(name=id),
            _("Choose a layer of the kind Backbone."),
        )
    uses = (each for each in project.model.nodes.values() if each.shares == id)
    if node.shares is not None or any(uses):
        raise UserError(
            _("{name} shares its weights with another layer.").format(name=node.name),
            _("Let each use its own weights first."),
        )
    return node


def _free_names(
    known: Mapping[str, Graph], opened: Mapping[str, Graph], name: str
) -> dict[str, str]:
    """A name that no graph has yet, for each graph of a network."""
    taken = set(known)
    found = {}
    for own in opened:
        wanted = name if own == MODEL else f"{name} {own}"
        free, number = wanted, 2
        while free in taken:
            free, number = f"{wanted} {number}", number + 1
        taken.add(free)
        found[own] = free
    return found


def _renamed(graph: Graph, names: Mapping[str, str]) -> Graph:
    """The graph, whose nested graphs have other names."""
    nested = [each for each in graph.nodes.values() if each.kind == NESTED]
    return graph.with_nodes(
        replace(each, params=each.params.set("graph", names[str(each.params["graph"])]))
        for each in nested
    )


def _built(
    network: KerasModel, imported: ImportedGraphs, catalog: Catalog
) -> KerasModel:
    """The model of the graphs, with the network's weights."""
    built = build(
        imported.model, catalog, graphs=imported.graphs, precision=imported.precision
    )
    carried = carry_weights(built, imported, model_weights(network, imported))
    if not carried.complete:
        lost = [each.path for each in carried.mismatches] + list(carried.unused)
        raise UserError(
            _("The weights of these layers could not be taken over: {names}.").format(
                names=", ".join("/".join(path) for path in lost[:8])
            )
        )
    return built
