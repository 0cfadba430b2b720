"""Pressing on a node, group or wire: selects it, or begins to move it."""

from __future__ import annotations

from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.gestures.move import MoveGesture


class SelectGesture:
    """A click selects; a drag moves what is selected then."""

    def __init__(self, board: Board, start: Spot) -> None:
        self._board = board
        self._start = start
        self._ids = members(board, start)
        chosen = set(board.selection.ids)
        self._was_selected = bool(self._ids) and chosen.issuperset(self._ids)
        if start.over.link is not None:
            board.selection.set((), start.over.link)
        elif start.adding:
            board.selection.toggle(self._ids)
        elif not self._was_selected:
            board.selection.set(self._ids)

    def move(self, spot: Spot) -> Gesture:
        """Become a move when the pointer has gone far enough."""
        if self._ids and spot.far_from(self._start):
            self._board.selection.add(self._ids)
            return MoveGesture(self._board, self._start).move(spot)
        return self

    def release(self, spot: Spot) -> None:
        """A click on one of several selected nodes selects it alone."""
        if self._was_selected and not spot.adding:
            self._board.selection.set(self._ids)

    def cancel(self) -> None:
        """Nothing to take back."""


def members(board: Board, spot: Spot) -> tuple[str, ...]:
    """The nodes a press takes hold of: one, or those of a group."""
    if spot.over.group:
        return board.scene.folding.members(spot.over.group)
    return (spot.over.node,) if spot.over.node else ()
