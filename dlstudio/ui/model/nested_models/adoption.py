"""Nested models that come with copied layers or blocks. Independent of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.project import SetGraph
from dlstudio.document.graph import Graph
from dlstudio.document.nested_graphs import with_graph_renamed
from dlstudio.ui.model.nested_models.kinds import free_graph_name


@dataclass(frozen=True, slots=True)
class AdoptedLayers:
    """Layers whose nested models are in the project after some edits.

    Attributes:
        graph: The layers, with the names that their nested models have there.
        edits: Add the nested models that the project lacks.
    """

    graph: Graph
    edits: tuple[Edit, ...] = ()


def adopt(
    fragment: Graph, nested: Mapping[str, Graph], there: Mapping[str, Graph]
) -> AdoptedLayers:
    """Give the nested models of copied layers names that are free in a project.

    A model that the project has already, with the same name and layers, is used.

    Args:
        fragment: The copied layers.
        nested: The nested models that came with them, by name.
        there: All graphs of the project.
    """
    names: dict[str, str] = {}
    taken = dict(there)
    for name, graph in nested.items():
        if there.get(name) == graph:
            continue
        names[name] = free_graph_name(taken, name)
        taken[names[name]] = graph
    edits = tuple(
        SetGraph(_renamed(nested[old], names), new) for old, new in names.items()
    )
    return AdoptedLayers(_renamed(fragment, names), edits)


def _renamed(graph: Graph, names: Mapping[str, str]) -> Graph:
    changed = []
    for node in graph.nodes.values():
        made = node
        # Through names of no graph, so that two names can be exchanged.
        for old in names:
            made = with_graph_renamed(made, old, f"{old}\n")
        for old, new in names.items():
            made = with_graph_renamed(made, f"{old}\n", new)
        if made != node:
            changed.append(made)
    return graph.with_nodes(changed)
