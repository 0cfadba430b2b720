"""Putting own blocks into a graph: by a drop, or after what is selected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QDropEvent

from dlstudio.document.edits import SetGraph
from dlstudio.document.graph import INPUT, Graph, Link
from dlstudio.i18n import _
from dlstudio.ui.model.canvas import clipboard
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.boxes import STEP_X, STEP_Y
from dlstudio.ui.model.canvas.canvas import Canvas
from dlstudio.ui.model.palette.blocks import Block
from dlstudio.ui.model.palette.model import BLOCK_MIME

Place = tuple[float, float]
MOST_STEPS = 12  # to the right, until there is room


def put_block(board: Board, block: Block, at: Place | None = None) -> bool:
    """Put a block's layers into the graph as one step of the history.

    Args:
        at: Where its middle goes, unconnected; None for below the selected layer,
            or the only end there is, and connected to it.
    """
    part, graph = block.graph, board.graph
    source = _source(board) if at is None else None
    shift = _shift(board, part, source, at)
    made = clipboard.pasted(graph, part, shift)
    whole = made.graph
    entry = _entry(part)
    if source is not None and entry is not None:
        ids = dict(zip(part.nodes, made.ids, strict=True))
        whole = replace(whole, links=(*whole.links, Link(source, ids[entry])))
    text = _("Add block {name}").format(name=block.name)
    if not board.do([SetGraph(whole, board.name)], text):
        return False
    board.selection.set(made.ids)
    return True


def _source(board: Board) -> str | None:
    """What the block follows."""
    graph = board.graph
    if board.selection.ids:
        return board.selection.ids[-1]
    ends = graph.output_ids() if graph.nodes else ()
    return ends[0] if len(ends) == 1 else None


def _entry(part: Graph) -> str | None:
    """The one layer of a block that waits for an input, if it is one alone."""
    fed = {link.target for link in part.links}
    open_ends = [
        id for id, node in part.nodes.items() if id not in fed and node.kind != INPUT
    ]
    return open_ends[0] if len(open_ends) == 1 else None


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
        canvas.view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the events of blocks; everything else goes on."""
        if not isinstance(event, QDropEvent):  # enter and move are drop events too
            return False
        if not event.mimeData().hasFormat(BLOCK_MIME):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self._drop(event)
        return True

    def _drop(self, event: QDropEvent) -> None:
        name = bytes(event.mimeData().data(BLOCK_MIME).data()).decode("utf-8")
        block = self._find(name)
        if block is not None:
            spot = self._canvas.view.spot(QPointF(event.position()), event.modifiers())
            put_block(self._canvas.board, block, (spot.x, spot.y))
