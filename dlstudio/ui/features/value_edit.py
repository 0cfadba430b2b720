"""A field for one value of a feature."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QLineEdit, QPlainTextEdit, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme


class ValueEdit(QLineEdit):
    """A line edit whose text is checked while it is typed; may be empty.

    Signals:
        edited: Emitted when the user changes the text.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)  # files are for the room, and not text
        self.textEdited.connect(self._edited)

    def value(self) -> str:
        """The value as the data reads it; "" where it is missing or invalid."""
        return "" if self.problem() else self.text().strip()

    def set_value(self, value: str) -> None:
        """Show a value, without emitting `edited`."""
        self.setText(value)
        self.setCursorPosition(0)
        self._show_problem()

    def problem(self) -> str:
        """Why the text is not a value, as a message; "" if it is one."""
        return ""

    def enter(self, text: str) -> None:
        """Replace the text as if the user had typed it."""
        self.setText(text)
        self._edited()

    def _edited(self) -> None:
        self._show_problem()
        self.edited.emit()

    def _show_problem(self) -> None:
        wrong = bool(self.problem())
        self.setToolTip(self.problem())
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)


class NameEdit(ValueEdit):
    """A field for a name, which offers the known ones; others may be typed, too.

    Args:
        theme: Colours and sizes.
        names: Known names.
        complete: Whether to offer them while the user types.
    """

    def __init__(
        self,
        theme: Theme,
        names: Sequence[str],
        parent: QWidget | None = None,
        complete: bool = True,
    ) -> None:
        super().__init__(parent)
        self.names = tuple(names)
        self.offered = QCompleter(self)
        self.offered.setModel(QStringListModel(list(self.names), self.offered))
        self.offered.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.offered.setFilterMode(Qt.MatchFlag.MatchContains)
        self.offered.activated.connect(self.choose_name)
        if complete:
            self.setCompleter(self.offered)
        else:
            self.offered.setWidget(self)
        arrow = QAction(icon("mdi6.chevron-down", theme.colors.text_muted), "", self)
        arrow.setToolTip(_("Known values"))
        arrow.triggered.connect(self.offer_names)
        arrow.setVisible(bool(names))
        self.addAction(arrow, QLineEdit.ActionPosition.TrailingPosition)

    def offer_names(self) -> None:
        """Open the list of all known names."""
        self.offered.setCompletionPrefix("")
        self.offered.complete()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The down arrow opens the list, as in a combo box."""
        if event.key() == Qt.Key.Key_Down and self.names:
            self.offer_names()
            return
        super().keyPressEvent(event)

    def choose_name(self, name: str) -> None:
        """Enter a name of the list."""
        self.enter(name)


LINES = 6
"""Lines of a text that are seen at once."""


class ParagraphEdit(QPlainTextEdit):
    """A field for a text of any length, with line ends; may be empty.

    It is used like a `ValueEdit`; every text is a value.

    Signals:
        edited: Emitted when the user changes the text.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)  # files are for the room, and not text
        self.setProperty("role", "field")
        self.setTabChangesFocus(True)
        self._filled = False
        self.set_lines(LINES)
        self.textChanged.connect(self._changed)

    def text(self) -> str:
        """What is in the field."""
        return self.toPlainText()

    def set_lines(self, lines: int) -> None:
        """Make the field as high as some lines of text."""
        height = self.fontMetrics().lineSpacing() * lines
        frame = 2 * (self.frameWidth() + round(self.document().documentMargin()))
        self.setFixedHeight(height + frame)

    def value(self) -> str:
        """The text without blanks around it; "" where it is missing."""
        return self.text().strip()

    def set_value(self, value: str) -> None:
        """Show a text, without emitting `edited`."""
        self._filled = True
        self.setPlainText(value)
        self._filled = False

    def problem(self) -> str:
        """Nothing: every text is a value."""
        return ""

    def enter(self, text: str) -> None:
        """Replace the text as if the user had typed it; can be undone."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    def _changed(self) -> None:
        if not self._filled:
            self.edited.emit()


AnyEdit = ValueEdit | ParagraphEdit
"""A field for a value; both are used alike."""
