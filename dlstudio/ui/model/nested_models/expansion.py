"""Expand or rename a nested model. Independent of Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.nodes import RemoveNodes, ReplaceNode
from dlstudio.document.edits.project import RemoveGraph, SetGraph
from dlstudio.document.graph import Edge, Graph, Group, Node
from dlstudio.document.groups import GroupTree, group_nodes, unique_group_id
from dlstudio.document.layout import HEIGHT
from dlstudio.document.nested_graphs import graphs_in, with_graph_renamed
from dlstudio.document.project import MODEL, Project
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.graph_clipboard import paste_into, subgraph
from dlstudio.ui.model.nested_models.creation import (
    NestingEdits,
    NodeReports,
    output_ports,
)
from dlstudio.ui.model.nested_models.kinds import graph_of


def unnest(
    project: Project, inside: str, id: str, reports: Mapping[str, NodeReports]
) -> NestingEdits:
    """Replace a nested model with its layers, as a group.

    The nested graph is removed if nothing else uses it.

    Args:
        project: The project to edit.
        inside: Name of the graph that contains the node.
        id: The node's id.
        reports: Reports of the nodes, by graph.

    Raises:
        UserError: The graph does not exist, or the node's weights are shared.
    """
    graph = project.graph(inside)
    old = graph.nodes[id]
    name = graph_of(old)
    if name not in project.graphs:
        raise UserError(
            _("The project has no model called “{name}”.").format(name=name)
        )
    if old.shares or any(each.shares == id for each in graph.nodes.values()):
        raise UserError(
            _("“{name}” shares its weights with another layer.").format(name=old.name),
            _("Choose “Use own weights” for it first."),
        )
    inner = project.graphs[name]
    feeding = {x.target_port: (x.source, x.source_port) for x in graph.into(id)}
    entries = {n.id: feeding.get(i) for i, n in enumerate(inner.inputs)}
    fragment = subgraph(inner, [n for n in inner.nodes if n not in entries])
    if old.frozen:
        fragment = fragment.with_nodes(
            replace(n, frozen=True) for n in fragment.nodes.values()
        )
    left = RemoveNodes((id,), False, inside).apply(project).graph(inside)
    made = paste_into(_with_room(left, old, fragment), fragment, _shift(old, fragment))
    ids = dict(zip(fragment.nodes, made.ids, strict=True))

    def outside(source: str, port: int) -> tuple[str, int] | None:
        return entries[source] if source in entries else (ids[source], port)

    edges = [
        Edge(at[0], ids[x.target], at[1], x.target_port)
        for x in inner.edges
        if x.source in entries and (at := entries[x.source])
    ]
    own_reports = reports.get(name, {})
    ends = {n: at for at, n in output_ports(inner, own_reports).items()}
    edges += [
        Edge(begin[0], x.target, begin[1], x.target_port)
        for x in graph.out_of(id)
        if x.source_port in ends and (begin := outside(*ends[x.source_port]))
    ]
    marked: list[str] = []
    for each in graph.outputs:
        own = [ids[n] for n in inner.output_ids() if n in ids]
        marked += own if each == id else [each]
    whole = replace(
        made.graph,
        edges=(*made.graph.edges, *edges),
        groups=_around(made.graph, made.ids, name, GroupTree(graph.groups).around(id)),
        outputs=tuple(marked),
    )
    edits: list[Edit] = [SetGraph(whole, inside)]
    if count_uses(project, name) == 1:
        edits.append(RemoveGraph(name))
    return NestingEdits(tuple(edits), made.ids)


def rename_graph(project: Project, old: str, new: str) -> tuple[Edit, ...]:
    """Rename a nested graph and update all references to it.

    Args:
        project: The project to edit.
        old: Current name.
        new: New name.

    Raises:
        UserError: The name is taken.
    """
    if new in project.graphs or new == MODEL:
        raise UserError(_("There is already a model called “{name}”.").format(name=new))
    graphs = {**project.graphs, new: project.graphs[old]}
    edits: list[Edit] = [SetGraph(project.graphs[old], new)]
    edits += [
        ReplaceNode(with_graph_renamed(each, old, new), name)
        for name, graph in graphs.items()
        if name != old
        for each in graph.nodes.values()
        if old in graphs_in(each)
    ]
    return (*edits, RemoveGraph(old))


def count_uses(project: Project, name: str) -> int:
    """Return how many nodes reference a graph."""
    nodes = (each for graph in project.graphs.values() for each in graph.nodes.values())
    return sum(graphs_in(each).count(name) for each in nodes)


def _around(
    graph: Graph, ids: tuple[str, ...], name: str, homes: Sequence[str]
) -> tuple[Group, ...]:
    """Return the groups with a new one around the layers, in their node's group."""
    if not ids:
        return graph.groups
    id = unique_group_id(group.id for group in graph.groups)
    there = {group.id for group in graph.groups}
    home = next((each for each in homes if each in there), None)
    return tuple(
        replace(group, parent=home) if group.id == id else group
        for group in group_nodes(graph.groups, id, name, ids)
    )


def _shift(old: Node, fragment: Graph) -> tuple[float, float]:
    """Return the shift that moves the layers to their node's position."""
    xs = [n.position[0] for n in fragment.nodes.values()] or [0.0]
    ys = [n.position[1] for n in fragment.nodes.values()] or [0.0]
    return (old.position[0] - (min(xs) + max(xs)) / 2, old.position[1] - min(ys))


def _with_room(graph: Graph, old: Node, fragment: Graph) -> Graph:
    """Move the nodes below a node down to make room for its layers."""
    ys = [n.position[1] for n in fragment.nodes.values()] or [0.0]
    more = max(ys) - min(ys)
    below = [
        replace(n, position=(n.position[0], n.position[1] + more))
        for n in graph.nodes.values()
        if n.position[1] > old.position[1] + HEIGHT / 2
    ]
    return graph.with_nodes(below)
