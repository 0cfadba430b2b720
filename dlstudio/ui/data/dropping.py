"""Files dropped on the Data room, or chosen in a dialog."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from dlstudio.i18n import _
from dlstudio.ui.shell.drophint import DropHint
from dlstudio.ui.shell.drops import Drop, meaning
from dlstudio.ui.theme.tokens import Theme


class TakesFiles(Protocol):
    """What files are dropped on."""

    def take_files(self, paths: Sequence[Path]) -> None:
        """Use them."""


def meaning_here(mime: QMimeData) -> Drop | None:
    """What dropping does in this room; None for what is the window's to do."""
    found = meaning(mime)
    if found is None or found.kind in ("project", "model"):
        return None
    count = len(found.paths)
    if found.path.suffix.lower() == ".zip":
        text = _("Unpack “{name}” and take its pictures")
    elif count > 1:
        text = _("Take these pictures: “{name}” and others")
    else:
        text = _("Take the pictures in “{name}”")
    return Drop("data", text.format(name=found.path.name), found.paths)


class DropZone(QObject):
    """Lets files be dropped on a room; what is not data goes on to the window."""

    def __init__(self, theme: Theme, room: QWidget) -> None:
        super().__init__(room)
        self._theme = theme
        self._room = room
        self._hint: DropHint | None = None
        room.setAcceptDrops(True)
        room.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take what is dragged over the room."""
        if event.type() == QEvent.Type.DragLeave:
            self._show(None)
        if not isinstance(event, QDropEvent):  # enter and move are drop events too
            return False
        found = meaning_here(event.mimeData())
        if found is None:
            event.ignore()
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.DragEnter:
            self._show(found)
        elif event.type() == QEvent.Type.Drop:
            self._show(None)
            cast(TakesFiles, self._room).take_files(found.paths)
        return True

    def _show(self, drop: Drop | None) -> None:
        if self._hint is not None:
            self._hint.hide()
            self._hint.deleteLater()
            self._hint = None
        if drop is not None:
            self._hint = DropHint(self._theme, drop, self._room)


class FileChoice(QObject):
    """Asks for files or a folder without stopping the window.

    Signals:
        chosen: Paths.
    """

    chosen = Signal(list)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent

    def folder(self) -> None:
        """Ask for a folder."""
        self._ask(QFileDialog.FileMode.Directory, _("The folder with your pictures"))

    def files(self) -> None:
        """Ask for one or more files."""
        self._ask(
            QFileDialog.FileMode.ExistingFiles, _("A table, archive or data file")
        )

    def _ask(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = QFileDialog(self._over, title)
        dialog.setObjectName("ask-data")
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(self._selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _selected(self, names: list[str]) -> None:
        self.chosen.emit([Path(name) for name in names])
