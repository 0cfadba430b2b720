"""Handles file drops on a room; others are left to the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.drop_hint import DropHint
from dlstudio.ui.widgets.dropped_files import Drop

RecognizeDrop = Callable[[QMimeData], Drop | None]
HandleDrop = Callable[[QMimeData], object]


class DropZone(QObject):
    """Shows over the room what a drop would do, and handles the drop.

    Args:
        theme: Colours and sizes.
        room: Widget that accepts drops.
        recognize: Returns the meaning of a drop; None leaves it to the window.
        handle: Called with the drop.
    """

    def __init__(
        self, theme: Theme, room: QWidget, recognize: RecognizeDrop, handle: HandleDrop
    ) -> None:
        super().__init__(room)
        self._theme = theme
        self._room = room
        self._recognize = recognize
        self._handle = handle
        self._hint: DropHint | None = None
        room.setAcceptDrops(True)
        room.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self._show(None)
        if not isinstance(event, QDropEvent):  # enter and move are drop events too
            return False
        found = self._recognize(event.mimeData())
        if found is None:
            event.ignore()
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.DragEnter:
            self._show(found)
        elif event.type() == QEvent.Type.Drop:
            self._show(None)
            self._handle(event.mimeData())
        return True

    def _show(self, drop: Drop | None) -> None:
        if self._hint is not None:
            self._hint.hide()
            self._hint.deleteLater()
            self._hint = None
        if drop is not None:
            self._hint = DropHint(self._theme, drop, self._room)
