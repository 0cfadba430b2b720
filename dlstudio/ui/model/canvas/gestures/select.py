"""Pressing on a node, group or edge: selects it, or begins to move it."""

from __future__ import annotations

from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.gestures.move import MoveGesture


class SelectGesture:
    """A click selects; a drag moves what is selected then."""

    def __init__(self, context: EditContext, start: Spot) -> None:
        self._context = context
        self._start = start
        self._ids = pressed_nodes(context, start)
        chosen = set(context.selection.ids)
        self._was_selected = bool(self._ids) and chosen.issuperset(self._ids)
        if start.over.link is not None:
            context.selection.set((), start.over.link)
        elif start.adding:
            context.selection.toggle(self._ids)
        elif not self._was_selected:
            context.selection.set(self._ids)

    def move(self, spot: Spot) -> Gesture:
        """Become a move when the pointer has gone far enough."""
        if self._ids and spot.far_from(self._start):
            self._context.selection.add(self._ids)
            return MoveGesture(self._context, self._start).move(spot)
        return self

    def release(self, spot: Spot) -> None:
        """A click on one of several selected nodes selects it alone."""
        if self._was_selected and not spot.adding:
            self._context.selection.set(self._ids)

    def cancel(self) -> None:
        """Nothing to take back."""


def pressed_nodes(context: EditContext, spot: Spot) -> tuple[str, ...]:
    """The nodes a press takes hold of: one, or those of a group."""
    if spot.over.group:
        return context.scene.group_layer.members(spot.over.group)
    return (spot.over.node,) if spot.over.node else ()
