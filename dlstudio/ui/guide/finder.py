"""Search within the displayed page."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QTextEdit, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import IconButton
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.search_field import SearchField

WIDTH = 220


class PageFinder(QWidget):
    """A search field that highlights matches; Enter goes to the next one."""

    def __init__(self, theme: Theme, view: QTextBrowser, parent: QWidget) -> None:
        super().__init__(parent)
        self._colors = theme.colors
        self._view = view
        self._found: list[QTextCursor] = []
        self._at = -1
        self.field = SearchField(theme, _("Search this page…"), self)
        self.field.setFixedWidth(WIDTH)
        self.count = label("", "faint", parent=self)
        before = IconButton(theme, "mdi6.chevron-up", _("Previous"), self)
        after = IconButton(theme, "mdi6.chevron-down", _("Next"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for each in (self.count, self.field, before, after):
            row.addWidget(each)
        self.field.textChanged.connect(self.search)
        before.clicked.connect(lambda: self.step(-1))
        after.clicked.connect(lambda: self.step(1))
        view.sourceChanged.connect(self.search)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next match, Shift+Enter back; Escape clears the field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
        else:
            super().keyPressEvent(event)

    def search(self, _change: object = None) -> None:
        """Update the matches."""
        words = self.field.text().strip()
        self._found = list(_matches(self._view.document(), words)) if words else []
        self._at = -1
        self._mark()
        if self._found and self.field.hasFocus():
            self.step(1)

    def step(self, by: int) -> None:
        """Go to the next or the previous match."""
        if not self._found:
            return
        self._at = (self._at + by) % len(self._found)
        place = QTextCursor(self._found[self._at])
        place.clearSelection()
        self._view.setTextCursor(place)
        self._view.ensureCursorVisible()
        self._mark()

    def _mark(self) -> None:
        marks = []
        for number, cursor in enumerate(self._found):
            here = number == self._at
            mark = QTextEdit.ExtraSelection()
            colors = self._colors
            background = colors.accent if here else colors.warning_soft
            mark.format.setBackground(QColor(background))
            mark.format.setForeground(QColor(colors.on_accent if here else colors.text))
            mark.cursor = cursor
            marks.append(mark)
        self._view.setExtraSelections(marks)
        if not self.field.text().strip():
            text = ""
        elif not self._found:
            text = _("No results")
        else:
            text = _("{place} of {count}").format(
                place=max(self._at, 0) + 1, count=len(self._found)
            )
        self.count.setText(text)


def _matches(document: QTextDocument, words: str) -> Iterator[QTextCursor]:
    cursor = document.find(words)
    while not cursor.isNull():
        yield cursor
        cursor = document.find(words, cursor)
