"""Adding nodes: after, before, on a wire, or alone; each is one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dlstudio.catalog.schema import Description
from dlstudio.document.analysis import TensorInfo
from dlstudio.document.edits import (
    AddNode,
    Connect,
    Edit,
    SetGroup,
    InsertOnEdge,
    MoveNodes,
    SetGraph,
)
from dlstudio.document.graph import Edge, Node
from dlstudio.document.groups import GroupTree
from dlstudio.document.new_node import new_node
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.boxes import STEP_X, STEP_Y, free_spot, room_below
from dlstudio.ui.model.canvas.can_connect import free_port
from dlstudio.ui.model.canvas.seen import Seen
from dlstudio.ui.model.nested_kinds import beginning, graph_of
from dlstudio.ui.model.summary_text import kind_name

Place = tuple[float, float]


def add(board: Board, kind: str, center: Place) -> str | None:
    """Add a layer after the selected node, connected; its id, or None if refused.

    In a chain it goes between the node and the next one. With several nodes selected
    a merging layer takes all of them. With none selected it goes after the only end
    there is, else to `center`, alone.
    """
    description = board.describe(kind)
    if description is None:
        board.studio.notices.error(_unknown(kind))
        return None
    graph = board.graph
    sources = feeding(board)
    if description.inputs.maximum == 0:
        return add_alone(board, description, _beside_inputs(board, center))
    if not sources and len(graph.nodes):
        ends = graph.output_ids()
        sources = list(ends) if len(ends) == 1 else []
    if not sources:
        return add_alone(board, description, center)
    if len(sources) > 1 and description.inputs.maximum is None:
        return add_after(board, description, sources)
    after = graph.out_of(sources[-1])
    if len(after) == 1:
        return insert(board, description, after[0])
    return add_after(board, description, sources[-1:])


def feeding(board: Board) -> list[str]:
    """The selected nodes; of a folded group those that end it."""
    folding = board.scene.folding
    found = []
    for id in board.selection.ids:
        group = folding.hidden.get(id)
        if group is None or any(id == door.node for door in folding.doors(group).outs):
            found.append(id)
    return found


def joining(board: Board, nodes: Iterable[str], group: str) -> list[Edit]:
    """The edit that lets nodes lie in a group; none for no group."""
    found = next((each for each in board.graph.groups if each.id == group), None)
    if found is None:
        return []
    held = tuple(dict.fromkeys((*found.nodes, *nodes)))
    return [SetGroup(replace(found, nodes=held), board.name)]


def add_alone(board: Board, description: Description, at: Place) -> str | None:
    """Add a layer without wires."""
    spot = free_spot(Seen.of(board.scene).boxes.values(), *at)
    node = new_node(description, board.graph, spot)
    edits: list[Edit] = [AddNode(node, board.name)]
    edits += joining(board, [node.id], board.scene.folding.frame_at(*at))
    return _done(board, node, edits)


def add_after(
    board: Board,
    description: Description,
    sources: Iterable[str],
    at: Place | None = None,
    out: int = 0,
) -> str | None:
    """Add a layer that is fed by the sources.

    Args:
        at: Its centre; None for below the sources.
        out: Output port of the sources.
    """
    if not _takes_input(board, description):
        return None
    given = tuple(sources)
    if at is None:
        there = [board.scene.stand_in(id).box() for id in given]
        x = sum(box.x for box in there) / max(len(there), 1)
        y = max((box.y for box in there), default=0.0) + STEP_Y
        at = free_spot(Seen.of(board.scene).boxes.values(), x, y)
    else:
        at = board.settled(*at)
    node = new_node(description, board.graph, at)
    if len(given) == 1:
        given *= 1 + _again(description)
    wires = _fed_by(node, description, given, out)
    edits: list[Edit] = [AddNode(node, board.name)]
    edits += [Connect(x, board.name) for x in wires]
    return _done(board, node, edits)


def add_before(
    board: Board, description: Description, target: str, port: int, at: Place
) -> str | None:
    """Add a layer that feeds an input port of a node; a wire there is cut in two."""
    for edge in board.graph.into(target):
        if edge.target_port == port:
            return insert(board, description, edge)
    node = new_node(description, board.graph, board.settled(*at))
    edge = Edge(node.id, target, 0, port)
    edits: list[Edit] = [AddNode(node, board.name), Connect(edge, board.name)]
    return _done(board, node, edits)


def insert(
    board: Board, description: Description, edge: Edge, at: Place | None = None
) -> str | None:
    """Put a layer into the middle of a wire; what is below makes room."""
    if not _takes_input(board, description):
        return None
    graph, seen = board.graph, Seen.of(board.scene)
    source, target = (
        board.scene.stand_in(id).box() for id in (edge.source, edge.target)
    )
    straight = len(graph.out_of(edge.source)) == 1 and len(graph.into(edge.target)) == 1
    if at is None:
        x, y = source.x, source.y + STEP_Y
    else:
        x, y = at
        if straight and abs(x - source.x) < STEP_X / 2:
            x = source.x
        y = max(y, source.y + STEP_Y)
    cards = room_below(seen.graph(), seen.boxes, seen.key(edge.target), y)
    moves = seen.spread(cards)
    others = [box for key, box in seen.boxes.items() if key not in cards]
    if at is None or target.y <= source.y:
        x, y = free_spot(others, x, y)
    node = new_node(description, graph, board.settled(x, y))
    edits: list[Edit] = [InsertOnEdge(node, edge, board.name)]
    for port in range(1, 1 + _again(description)):
        again = Edge(edge.source, node.id, edge.source_port, port)
        edits.append(Connect(again, board.name))
    if moves:
        edits.append(MoveNodes(FrozenMap(moves), board.name))
    around = GroupTree(graph.groups).common((edge.source, edge.target))
    edits += joining(board, [node.id], around[0] if around else "")
    return _done(board, node, edits)


def _again(description: Description) -> int:
    """How often more one source feeds the layer: attention to itself is the rule."""
    return description.inputs.minimum - 1 if description.category == "attention" else 0


def _fed_by(
    node: Node, description: Description, sources: tuple[str, ...], out: int
) -> list[Edge]:
    wires: list[Edge] = []
    for source in sources:
        port = free_port(description.inputs, {x.target_port for x in wires})
        if port is not None:
            wires.append(Edge(source, node.id, out, port))
    return wires


def _done(board: Board, node: Node, edits: list[Edit]) -> str | None:
    name = _("Add {layer}").format(layer=kind_name(node.kind))
    inner = graph_of(node)
    if inner and inner not in board.graphs:
        edits = [SetGraph(beginning(_fed_with(board, node, edits)), inner), *edits]
    if not board.do(edits, name):
        return None
    board.selection.set([node.id])
    return node.id


def _fed_with(board: Board, node: Node, edits: Iterable[Edit]) -> TensorInfo | None:
    """What comes into a new node, as far as it is known."""
    sources = [
        (each.edge.source, each.edge.source_port)
        for each in edits
        if isinstance(each, (Connect, InsertOnEdge))
    ]
    if not sources:
        return None
    report = board.scene.reports.nodes.get(sources[0][0])
    known = report is not None and sources[0][1] < len(report.outputs)
    return report.outputs[sources[0][1]] if report is not None and known else None


def _beside_inputs(board: Board, center: Place) -> Place:
    """Another input stands beside the first; the first in the view's upper part."""
    inputs = board.graph.inputs
    if not inputs:
        tops = [box.y for box in board.scene.boxes().values()]
        return (center[0], min(tops) - STEP_Y) if tops else center
    last = inputs[-1].position
    return (last[0] + STEP_X, last[1])


def _takes_input(board: Board, description: Description) -> bool:
    if description.inputs.maximum == 0:
        board.studio.notices.error(
            UserError(
                _("{layer} takes no input: data comes in there.").format(
                    layer=kind_name(description.kind)
                )
            )
        )
        return False
    return True


def _unknown(kind: str) -> UserError:
    return UserError(_("There is no layer called “{name}”.").format(name=kind))
