"""A line edit for renaming a node or a group in place."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

MAX_LENGTH = 120


class NameEditor(QLineEdit):
    """Edits a name; Enter or losing focus accepts it, Escape rejects it.

    Args:
        theme: Colours and fonts.
        name: The current name.
        at: Geometry in the parent's coordinates.
        parent: The canvas editor.

    Signals:
        renamed: The new name, if it differs.
        done: Emitted when the editor is closed.
    """

    renamed = Signal(str)
    done = Signal()

    def __init__(self, theme: Theme, name: str, at: QRect, parent: QWidget) -> None:
        super().__init__(name, parent)
        self._name = name
        self._ended = False
        self.setMaxLength(MAX_LENGTH)
        self.setFont(text_font(theme, theme.text_size, 600))
        self.setAccessibleName(_("Name"))
        self.setGeometry(at)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept on Enter and reject on Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end(keep=True)
        elif event.key() == Qt.Key.Key_Escape:
            self._end(keep=False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Accept the name when the focus is lost."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._end(keep=True)

    def _end(self, keep: bool) -> None:
        if self._ended:
            return
        self._ended = True
        text = self.text().strip()
        self.hide()
        self.deleteLater()
        if keep and text and text != self._name:
            self.renamed.emit(text)
        self.done.emit()
