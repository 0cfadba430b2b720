"""Repeat nested models, and expand repeated ones. Independent of Qt."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import replace

from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetGraph
from dlstudio.document.graph import NESTED, Edge, Graph, Node
from dlstudio.document.layout import ROW
from dlstudio.document.project import Project
from dlstudio.document.repetition import REPEAT, SHARED_WEIGHTS, Repetition
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.nested_models.creation import NestingEdits, NodeReports, nest

FIRST_COUNT = 2


def repeat(
    project: Project, inside: str, ids: Collection[str], name: str, reports: NodeReports
) -> NestingEdits:
    """Repeat a nested model, or make one of several nodes and repeat it.

    Args:
        project: The project to edit.
        inside: Name of the graph that contains the nodes.
        ids: The nodes' ids.
        name: Preferred name of a new nested model.
        reports: Reports of the nodes, for the shapes of a new model's inputs.

    Raises:
        UserError: No nested model can be made of the nodes, or it is repeated already.
    """
    nodes = project.graph(inside).nodes
    chosen = [nodes[id] for id in ids if id in nodes]
    if len(chosen) == 1 and chosen[0].kind == NESTED:
        if Repetition.of(chosen[0]):
            raise UserError(
                _("“{name}” is already repeated.").format(name=chosen[0].name),
                _("Change the number of copies in its parameters."),
            )
        edit = SetParam(chosen[0].id, REPEAT, FIRST_COUNT, inside)
        return NestingEdits((edit,), (chosen[0].id,))
    made = nest(project, inside, ids, name, reports)
    edits = [SetParam(id, REPEAT, FIRST_COUNT, inside) for id in made.ids]
    return NestingEdits((*made.edits, *edits), made.ids)


def expand_repetition(project: Project, inside: str, id: str) -> NestingEdits:
    """Replace a repeated nested model with one node for each copy.

    Args:
        project: The project to edit.
        inside: Name of the graph that contains the node.
        id: The node's id.

    Raises:
        UserError: The node's weights are shared with another one.
    """
    graph = project.graph(inside)
    node, repetition = graph.nodes[id], Repetition.of(graph.nodes[id])
    if node.shares or any(each.shares == id for each in graph.nodes.values()):
        raise UserError(
            _("“{name}” shares its weights with another layer.").format(name=node.name),
            _("Choose “Use own weights” for it first."),
        )
    once = replace(node, params=node.params.without([REPEAT, SHARED_WEIGHTS]))
    inner = project.graphs.get(str(node.params.get("graph", "")), Graph())
    copies = [once, *_copies(graph, once, repetition)]
    ends = len(inner.output_tensors({}))
    into, out = graph.into(id), graph.out_of(id)
    edges = [edge for edge in graph.edges if edge not in out]
    for before, after in itertools.pairwise(copies):
        edges += [Edge(before.id, after.id, port, port) for port in range(ends)]
        edges += [replace(e, target=after.id) for e in into if e.target_port >= ends]
    edges += [replace(edge, source=copies[-1].id) for edge in out]
    whole = replace(
        _with_room(graph, node, repetition.count).with_nodes(copies),
        edges=tuple(edges),
        groups=tuple(
            replace(g, nodes=(*g.nodes, *(c.id for c in copies[1:])))
            if id in g.nodes
            else g
            for g in graph.groups
        ),
        outputs=tuple(copies[-1].id if each == id else each for each in graph.outputs),
    )
    return NestingEdits((SetGraph(whole, inside),), tuple(each.id for each in copies))


def _copies(graph: Graph, once: Node, repetition: Repetition) -> list[Node]:
    """The second copy and those after it, below each other."""
    found: list[Node] = []
    x, y = once.position
    for number in range(1, repetition.count):
        id = graph.unique_id(once.id)
        made = replace(
            once,
            id=id,
            params=once.params.without(["name"]),
            position=(x, y + number * ROW),
            shares=once.id if repetition.shared else None,
        )
        found.append(made)
        graph = graph.with_nodes([made])
    return found


def _with_room(graph: Graph, node: Node, count: int) -> Graph:
    below = [
        replace(each, position=(each.position[0], each.position[1] + (count - 1) * ROW))
        for each in graph.nodes.values()
        if each.position[1] > node.position[1]
    ]
    return graph.with_nodes(below)
