"""Drag and drop of layers from the palette onto the canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QDropEvent

from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.gestures.base import Spot
from dlstudio.ui.model.canvas.gestures.drop import DropGesture, dragged_kind
from dlstudio.ui.model.canvas.overlays.hint_bubble import HintBubble
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView


class LayerDropHandler(QObject):
    """Handles drags of layers over the view and leaves all others to the window.

    Args:
        context: The graph to edit.
        view: The view whose drag events are filtered; also the handler's parent.
        bubble: Shows what a drop would do.
        added: Called with the new node's id after a drop.
    """

    def __init__(
        self,
        context: EditContext,
        view: CanvasView,
        bubble: HintBubble,
        added: Callable[[str], None],
    ) -> None:
        super().__init__(view)
        self._context = context
        self._view = view
        self._bubble = bubble
        self._added = added
        self._gesture: DropGesture | None = None
        view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self._end()
            return True
        if isinstance(event, QDropEvent):  # drag enter and move events included
            if kind == QEvent.Type.Drop:
                return self._drop(event)
            return self._over(event)
        return False

    def _over(self, event: QDropEvent) -> bool:
        description = self._context.describe(dragged_kind(event.mimeData()))
        if description is None:
            event.ignore()
            return True
        if self._gesture is None or self._gesture.description != description:
            self._end()
            self._gesture = DropGesture(self._context, description)
        spot = self._spot(event)
        text = self._gesture.over(spot)
        self._bubble.show_message(text, self._view.geometry().topLeft() + spot.at)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self._over(event)
        gesture = self._gesture
        if gesture is None:
            return True
        spot = self._spot(event)
        self._bubble.hide()
        self._gesture = None
        id = gesture.drop(spot)
        if id is not None:
            self._added(id)
        event.accept()
        return True

    def _end(self) -> None:
        if self._gesture is not None:
            self._gesture.leave()
            self._gesture = None
        self._bubble.hide()

    def _spot(self, event: QDropEvent) -> Spot:
        return self._view.spot(QPointF(event.position()), event.modifiers())
