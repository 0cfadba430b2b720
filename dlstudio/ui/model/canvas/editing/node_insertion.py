"""Add nodes after, before or between others, or unconnected; each as one undo step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dlstudio.catalog.schema import Description
from dlstudio.document.analysis import TensorInfo
from dlstudio.document.canvas.boxes import (
    STEP_X,
    STEP_Y,
    free_position,
    make_room_below,
)
from dlstudio.document.canvas.connection_rules import free_port
from dlstudio.document.canvas.layer_summary import kind_name
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, InsertOnEdge
from dlstudio.document.edits.groups import SetGroup
from dlstudio.document.edits.nodes import AddNode, MoveNodes
from dlstudio.document.edits.project import SetGraph
from dlstudio.document.graph import Edge, Node
from dlstudio.document.groups import GroupTree
from dlstudio.document.new_node import new_node
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.scene.collapsed_graph import CollapsedGraph
from dlstudio.ui.model.nested_models.kinds import graph_of, new_graph

Position = tuple[float, float]


def add(context: EditContext, kind: str, center: Position) -> str | None:
    """Add a layer after the selected node and connect it.

    In a chain, the layer goes between the selected node and its successor. If several
    nodes are selected, a merging layer is connected to all of them. If none is
    selected, the layer follows the graph's only end, or goes to `center` unconnected.

    Args:
        context: The graph to edit.
        kind: The layer's kind in the catalog.
        center: The centre of the visible area, in scene pixels.
    """
    description = context.describe(kind)
    if description is None:
        context.studio.notices.error(_unknown_layer(kind))
        return None
    graph = context.graph
    sources = selected_sources(context)
    if description.inputs.maximum == 0:
        return add_alone(context, description, _beside_inputs(context, center))
    if not sources and len(graph.nodes):
        ends = graph.output_ids()
        sources = list(ends) if len(ends) == 1 else []
    if not sources:
        return add_alone(context, description, center)
    if len(sources) > 1 and description.inputs.maximum is None:
        return add_after(context, description, sources)
    after = graph.out_of(sources[-1])
    if len(after) == 1:
        return insert(context, description, after[0])
    return add_after(context, description, sources[-1:])


def selected_sources(context: EditContext) -> list[str]:
    """Return the selected nodes; of a collapsed group only its last nodes."""
    group_layer = context.scene.group_layer
    found = []
    for id in context.selection.ids:
        group = group_layer.hidden.get(id)
        if group is None or any(
            id == group_port.node
            for group_port in group_layer.group_ports(group).outputs
        ):
            found.append(id)
    return found


def group_membership(
    context: EditContext, nodes: Iterable[str], group: str
) -> list[Edit]:
    """Return the edit that adds nodes to a group; empty if the group does not exist.

    Args:
        context: The graph to edit.
        nodes: The nodes' ids.
        group: The group's id, or "".
    """
    found = next((each for each in context.graph.groups if each.id == group), None)
    if found is None:
        return []
    held = tuple(dict.fromkeys((*found.nodes, *nodes)))
    return [SetGroup(replace(found, nodes=held), context.name)]


def add_alone(
    context: EditContext, description: Description, at: Position
) -> str | None:
    """Add an unconnected layer and return its id, or None if it was refused.

    Args:
        context: The graph to edit.
        description: The layer's description.
        at: Scene pixels; the nearest free place to the right of it is used.
    """
    spot = free_position(CollapsedGraph.of(context.scene).boxes.values(), *at)
    node = new_node(description, context.graph, spot)
    edits: list[Edit] = [AddNode(node, context.name)]
    edits += group_membership(
        context, [node.id], context.scene.group_layer.frame_at(*at)
    )
    return _commit(context, node, edits)


def add_after(
    context: EditContext,
    description: Description,
    sources: Iterable[str],
    at: Position | None = None,
    out: int = 0,
) -> str | None:
    """Add a layer that is fed by the sources.

    Args:
        at: Its centre, in scene pixels; None places it below the sources.
        out: Output port of the sources.
    """
    if not _check_takes_input(context, description):
        return None
    given = tuple(sources)
    if at is None:
        there = [context.scene.visible_item(id).box() for id in given]
        x = sum(box.x for box in there) / max(len(there), 1)
        y = max((box.y for box in there), default=0.0) + STEP_Y
        at = free_position(CollapsedGraph.of(context.scene).boxes.values(), x, y)
    else:
        at = context.snap_position(*at)
    node = new_node(description, context.graph, at)
    if len(given) == 1:
        given *= 1 + _extra_inputs(description)
    edges = _input_edges(node, description, given, out)
    edits: list[Edit] = [AddNode(node, context.name)]
    edits += [Connect(x, context.name) for x in edges]
    return _commit(context, node, edits)


def add_before(
    context: EditContext, description: Description, target: str, port: int, at: Position
) -> str | None:
    """Add a layer that feeds an input port; an edge to that port is split.

    Args:
        context: The graph to edit.
        description: The layer's description.
        target: Id of the target node.
        port: Input port of the target, from 0.
        at: Scene pixels; used if no edge is split.

    Returns:
        The new layer's id, or None if it was refused.
    """
    for edge in context.graph.into(target):
        if edge.target_port == port:
            return insert(context, description, edge)
    node = new_node(description, context.graph, context.snap_position(*at))
    edge = Edge(node.id, target, 0, port)
    edits: list[Edit] = [AddNode(node, context.name), Connect(edge, context.name)]
    return _commit(context, node, edits)


def insert(
    context: EditContext,
    description: Description,
    edge: Edge,
    at: Position | None = None,
) -> str | None:
    """Insert a layer into an edge; the nodes below are moved down.

    Args:
        context: The graph to edit.
        description: The layer's description.
        edge: The edge to split.
        at: Scene pixels; None places the layer between the edge's ends.

    Returns:
        The new layer's id, or None if it was refused.
    """
    if not _check_takes_input(context, description):
        return None
    graph, collapsed_graph = context.graph, CollapsedGraph.of(context.scene)
    source, target = (
        context.scene.visible_item(id).box() for id in (edge.source, edge.target)
    )
    straight = len(graph.out_of(edge.source)) == 1 and len(graph.into(edge.target)) == 1
    if at is None:
        x, y = source.x, source.y + STEP_Y
    else:
        x, y = at
        if straight and abs(x - source.x) < STEP_X / 2:
            x = source.x
        y = max(y, source.y + STEP_Y)
    cards = make_room_below(
        collapsed_graph.graph(),
        collapsed_graph.boxes,
        collapsed_graph.key(edge.target),
        y,
    )
    moves = collapsed_graph.spread(cards)
    others = [box for key, box in collapsed_graph.boxes.items() if key not in cards]
    if at is None or target.y <= source.y:
        x, y = free_position(others, x, y)
    node = new_node(description, graph, context.snap_position(x, y))
    edits: list[Edit] = [InsertOnEdge(node, edge, context.name)]
    for port in range(1, 1 + _extra_inputs(description)):
        again = Edge(edge.source, node.id, edge.source_port, port)
        edits.append(Connect(again, context.name))
    if moves:
        edits.append(MoveNodes(FrozenMap(moves), context.name))
    around = GroupTree(graph.groups).common((edge.source, edge.target))
    edits += group_membership(context, [node.id], around[0] if around else "")
    return _commit(context, node, edits)


def _extra_inputs(description: Description) -> int:
    """Return how many more ports one source feeds: attention is self-attention."""
    return description.inputs.minimum - 1 if description.category == "attention" else 0


def _input_edges(
    node: Node, description: Description, sources: tuple[str, ...], out: int
) -> list[Edge]:
    edges: list[Edge] = []
    for source in sources:
        port = free_port(description.inputs, {x.target_port for x in edges})
        if port is not None:
            edges.append(Edge(source, node.id, out, port))
    return edges


def _commit(context: EditContext, node: Node, edits: list[Edit]) -> str | None:
    name = _("Add {layer}").format(layer=kind_name(node.kind))
    inner = graph_of(node)
    if inner and inner not in context.graphs:
        edits = [
            SetGraph(new_graph(_incoming_tensor(context, node, edits)), inner),
            *edits,
        ]
    if not context.do(edits, name):
        return None
    context.selection.set([node.id])
    return node.id


def _incoming_tensor(
    context: EditContext, node: Node, edits: Iterable[Edit]
) -> TensorInfo | None:
    """Return the tensor that a new node receives, if known."""
    sources = [
        (each.edge.source, each.edge.source_port)
        for each in edits
        if isinstance(each, (Connect, InsertOnEdge))
    ]
    if not sources:
        return None
    report = context.scene.reports.nodes.get(sources[0][0])
    known = report is not None and sources[0][1] < len(report.outputs)
    return report.outputs[sources[0][1]] if report is not None and known else None


def _beside_inputs(context: EditContext, center: Position) -> Position:
    """Return a place beside the other inputs, or near the top for the first one."""
    inputs = context.graph.inputs
    if not inputs:
        tops = [box.y for box in context.scene.boxes().values()]
        return (center[0], min(tops) - STEP_Y) if tops else center
    last = inputs[-1].position
    return (last[0] + STEP_X, last[1])


def _check_takes_input(context: EditContext, description: Description) -> bool:
    if description.inputs.maximum == 0:
        context.studio.notices.error(
            UserError(
                _("{layer} takes no input: it is where data enters the model.").format(
                    layer=kind_name(description.kind)
                )
            )
        )
        return False
    return True


def _unknown_layer(kind: str) -> UserError:
    return UserError(_("There is no layer called “{name}”.").format(name=kind))
