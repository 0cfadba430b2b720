"""Moving the selection by arrows."""

from __future__ import annotations

from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.near import step
from dlstudio.ui.model.canvas.seen import Seen


def go(board: Board, direction: str) -> bool:
    """Move the selection along wires, or to what stands nearest.

    A folded group counts as one node, and all of its nodes are selected.
    """
    seen = Seen.of(board.scene)
    current = board.selection.current
    here = seen.key(current) if current is not None else None
    if here is None or here not in seen.boxes:
        boxes = seen.boxes
        found = min(boxes, key=lambda id: (boxes[id].y, boxes[id].x), default=None)
    else:
        found = step(seen.graph(), seen.boxes, here, direction)
    if found is None:
        return False
    board.selection.set(seen.nodes(found))
    return True
