"""Putting own blocks into a graph: by a drop, or after what is selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QDropEvent

from dlstudio.document.edits import SetGraph
from dlstudio.document.graph import INPUT, Graph, Edge
from dlstudio.i18n import _
from dlstudio.ui.model.canvas import clipboard
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.boxes import STEP_X, STEP_Y
from dlstudio.ui.model.canvas.canvas import Canvas
from dlstudio.ui.model.canvas.gestures.move import ON_WIRE
from dlstudio.ui.model.canvas.hits import wire_near
from dlstudio.ui.model.palette.blocks import Block
from dlstudio.ui.model.palette.model import BLOCK_MIME

Place = tuple[float, float]
MOST_STEPS = 12  # to the right, until there is room


def put_block(
    board: Board, block: Block, at: Place | None = None, wire: Edge | None = None
) -> bool:
    """Put a block's layers into the graph as one step of the history.

    Args:
        at: Where its middle goes, unconnected; None for below the selected layer,
            or the only end there is, and connected to it. In a chain the block goes
            between that layer and the next, and what is below makes room.
        wire: The wire it goes into, instead.
    """
    part, graph = block.graph, board.graph
    if wire is not None:
        source: str | None = wire.source
    else:
        source = _source(board) if at is None else None
    cut = wire if wire is not None else _cut(graph, part, source)
    shift = _below(board, part, source) if cut else _shift(board, part, source, at)
    made = clipboard.pasted(graph, part, shift)
    ids = dict(zip(part.nodes, made.ids, strict=True))
    links = [link for link in made.graph.links if link != cut]
    ends = _ends(part)
    if source is not None and ends is not None:
        port = cut.source_port if cut is not None else 0
        links.append(Edge(source, ids[ends[0]], port))
    if cut is not None and ends is not None:
        links.append(Edge(ids[ends[1]], cut.target, 0, cut.target_port))
    whole = replace(made.graph, links=tuple(links))
    if cut is not None:
        whole = _with_room(board, whole, cut.target, made.ids)
    text = _("Add block {name}").format(name=block.name)
    if not board.do([SetGraph(whole, board.name)], text):
        return False
    board.selection.set(made.ids)
    return True


def _cut(graph: Graph, part: Graph, source: str | None) -> Edge | None:
    """The wire the block goes into: the only one out of the layer it follows."""
    links = graph.out_of(source) if source is not None else ()
    return links[0] if len(links) == 1 and _ends(part) is not None else None


def _ends(part: Graph) -> tuple[str, str] | None:
    """Where a block begins and ends, if it is open at one layer on either side."""
    fed = {link.target for link in part.links}
    feeding = {link.source for link in part.links}
    first = [id for id, n in part.nodes.items() if id not in fed and n.kind != INPUT]
    last = [id for id in part.nodes if id not in feeding]
    return (first[0], last[0]) if len(first) == len(last) == 1 else None


def _below(board: Board, part: Graph, source: str | None) -> Place:
    """Right under the layer it follows."""
    x, y = board.graph.nodes[source].position if source else (0.0, 0.0)
    xs = [node.position[0] for node in part.nodes.values()]
    ys = [node.position[1] for node in part.nodes.values()]
    return board.settled(x - (min(xs) + max(xs)) / 2, y + STEP_Y - min(ys))


def _with_room(board: Board, graph: Graph, target: str, block: Sequence[str]) -> Graph:
    """What follows a block, moved down until it stands below it."""
    bottom = max(graph.nodes[id].position[1] for id in block)
    gap = bottom + STEP_Y - graph.nodes[target].position[1]
    if gap <= 0:
        return graph
    moved = [graph.nodes[id] for id in board.rules.after(target)]
    return graph.with_nodes(
        replace(node, position=(node.position[0], node.position[1] + gap))
        for node in moved
    )


def _source(board: Board) -> str | None:
    """What the block follows."""
    graph = board.graph
    if board.selection.ids:
        return board.selection.ids[-1]
    ends = graph.output_ids() if graph.nodes else ()
    return ends[0] if len(ends) == 1 else None


def _shift(board: Board, part: Graph, source: str | None, at: Place | None) -> Place:
    xs = [node.position[0] for node in part.nodes.values()]
    ys = [node.position[1] for node in part.nodes.values()]
    across = (min(xs) + max(xs)) / 2
    if at is not None:
        middle = (min(ys) + max(ys)) / 2
        return board.settled(at[0] - across, at[1] - middle)
    feeding = board.graph.nodes.get(source) if source else None
    x, y = feeding.position if feeding else (0.0, -STEP_Y)
    shift = board.settled(x - across, y + STEP_Y - min(ys))
    for step in range(MOST_STEPS):
        moved = (shift[0] + step * STEP_X, shift[1])
        if not _overlaps(board.graph, part, moved):
            return moved
    return shift


def _overlaps(graph: Graph, part: Graph, shift: Place) -> bool:
    there = [node.position for node in graph.nodes.values()]
    return any(
        abs(x + shift[0] - ox) < STEP_X * 0.9 and abs(y + shift[1] - oy) < STEP_Y * 0.7
        for x, y in (node.position for node in part.nodes.values())
        for ox, oy in there
    )


class BlockDrops(QObject):
    """Lets blocks be dropped on a canvas, beside the layers it takes itself.

    Args:
        find: A block by its name.
    """

    def __init__(self, canvas: Canvas, find: Callable[[str], Block | None]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._find = find
        self._wire: Edge | None = None
        canvas.view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the events of blocks; everything else goes on."""
        if event.type() == QEvent.Type.DragLeave:
            self._point_at(None)
        if not isinstance(event, QDropEvent):  # enter and move are drop events too
            return False
        if not event.mimeData().hasFormat(BLOCK_MIME):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        name = bytes(event.mimeData().data(BLOCK_MIME).data()).decode("utf-8")
        block = self._find(name)
        if block is None:
            return True
        spot = self._canvas.view.spot(QPointF(event.position()), event.modifiers())
        scene = self._canvas.board.scene
        open_ended = _ends(block.graph) is not None
        near = wire_near(scene, spot.x, spot.y, ON_WIRE) if open_ended else None
        if event.type() == QEvent.Type.Drop:
            self._point_at(None)
            at = (spot.x, spot.y) if near is None else None
            put_block(self._canvas.board, block, at, near)
        else:
            self._point_at(near)
        return True

    def _point_at(self, wire: Edge | None) -> None:
        """Light up the wire the block would go into."""
        items = self._canvas.board.scene.wires.items
        for link, on in ((self._wire, False), (wire, True)):
            if link is not None and link in items:
                items[link].mark(hovered=on)
        self._wire = wire
