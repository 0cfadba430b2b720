"""The user's notes on a run: name, tags and note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.workers.run_entry import RunEntry

NOTE_LINES = 2


class RunNotes(QWidget):
    """Three fields, each saved when it loses the focus.

    Args:
        write: Called with the run's id and the changed values.
    """

    def __init__(self, write: Callable[..., None], parent: QWidget) -> None:
        super().__init__(parent)
        self._write = write
        self._entry: RunEntry | None = None
        self.name = QLineEdit(self)
        self.tags = QLineEdit(self)
        self.note = QPlainTextEdit(self)
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(NOTE_LINES * self.fontMetrics().height() + 16)
        self.note.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        fields: tuple[tuple[Any, str], ...] = (
            (self.name, _("Name")),
            (self.tags, _("Tags, separated by spaces")),
            (self.note, _("Note")),
        )
        for field, text in fields:
            field.setPlaceholderText(text)
            field.setAccessibleName(text)
            column.addWidget(field)
        self.name.editingFinished.connect(self._write_name)
        self.tags.editingFinished.connect(self._write_tags)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Save the note when it loses the focus."""
        if watched is self.note and event.type() == QEvent.Type.FocusOut:
            self.keep()
        return super().eventFilter(watched, event)

    def show_entry(self, entry: RunEntry | None) -> None:
        """Show the notes of a run, but preserve unsaved input."""
        if (entry and entry.id) != (self._entry and self._entry.id):
            self.keep()
        same, self._entry = entry == self._entry, entry
        self.setVisible(entry is not None)
        if entry is None or same:
            return
        for field, text in (
            (self.name, entry.name),
            (self.tags, " ".join(entry.tags)),
        ):
            if not field.isModified() and field.text() != text:
                field.setText(text)
        if not self.note.document().isModified():
            self.note.setPlainText(entry.note)
            self.note.document().setModified(False)

    def keep(self) -> None:
        """Save the note if it was changed."""
        if self._entry is not None and self.note.document().isModified():
            self.note.document().setModified(False)
            self._write(self._entry.id, note=self.note.toPlainText().strip())

    def _write_name(self) -> None:
        if self._entry is not None and self.name.isModified():
            self.name.setModified(False)
            self._write(self._entry.id, name=self.name.text().strip())

    def _write_tags(self) -> None:
        if self._entry is not None and self.tags.isModified():
            self.tags.setModified(False)
            tags = tuple(t.lstrip("#") for t in self.tags.text().split())
            self._write(self._entry.id, tags=tags)
