"""Press a node, group or edge to select it or start moving it."""

from __future__ import annotations

from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.gestures.move import MoveGesture


class SelectGesture:
    """Selects on click and turns into a move when dragged."""

    def __init__(self, context: EditContext, start: Spot) -> None:
        self._context = context
        self._start = start
        self._ids = pressed_nodes(context, start)
        chosen = set(context.selection.ids)
        self._was_selected = bool(self._ids) and chosen.issuperset(self._ids)
        if start.over.edge is not None:
            context.selection.set((), start.over.edge)
        elif start.adding:
            context.selection.toggle(self._ids)
        elif not self._was_selected:
            context.selection.set(self._ids)

    def move(self, spot: Spot) -> Gesture:
        """Return a move gesture once the pointer has moved far enough."""
        if self._ids and spot.far_from(self._start):
            self._context.selection.add(self._ids)
            return MoveGesture(self._context, self._start).move(spot)
        return self

    def release(self, spot: Spot) -> None:
        """Select only the clicked node if several are selected."""
        if self._was_selected and not spot.adding:
            self._context.selection.set(self._ids)

    def cancel(self) -> None:
        """Do nothing: there is no preview to remove."""


def pressed_nodes(context: EditContext, spot: Spot) -> tuple[str, ...]:
    """Return the nodes a press applies to: a node, or all nodes of a group."""
    if spot.over.group:
        return context.scene.group_layer.members(spot.over.group)
    return (spot.over.node,) if spot.over.node else ()
