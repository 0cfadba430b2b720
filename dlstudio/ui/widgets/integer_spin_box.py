"""A spin box for integers."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFocusEvent, QValidator
from PySide6.QtWidgets import QSpinBox, QToolTip, QWidget

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.number_text import read_whole

TIMEOUT_MS = 10_000
MARGIN = 7
"""To the left of the number, in pixels."""


class IntegerSpinBox(QSpinBox):
    """Parses input like all other fields, independent of the system's locale.

    Invalid input can be typed, but is highlighted with an error message below; when the
    box loses the focus, the last valid number is restored.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mistake = ""
        self._before = self.value()
        self.editingFinished.connect(self._remember)
        line = self.lineEdit()
        line.setTextMargins(MARGIN, 0, 0, 0)  # the style sheet's is not for it
        line.textChanged.connect(self._changed)

    def textFromValue(self, value: int) -> str:
        """Digits without group separators."""
        return str(value)

    def valueFromText(self, text: str) -> int:
        """Parse with `read_whole`; invalid text gives the current value."""
        try:
            return self._read(text)
        except UserError:
            return self.value()

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        """Accept any input while typing."""
        try:
            self._read(text)
        except UserError:
            return QValidator.State.Intermediate, text, pos
        return QValidator.State.Acceptable, text, pos

    def fixup(self, text: str) -> str:
        """The number before editing; Qt's implementation would turn 2,5 into 25."""
        return f"{self.prefix()}{self._before}{self.suffix()}"

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember the number before editing."""
        self._remember()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Clear the error message."""
        super().focusOutEvent(event)
        self._changed(self.text())

    def _remember(self) -> None:
        self._before = self.value()
        self._changed(self.text())

    def _read(self, text: str) -> int:
        value = read_whole(text.removeprefix(self.prefix()).removesuffix(self.suffix()))
        if self.minimum() <= value <= self.maximum():
            return value
        sentence = _("Enter a whole number from {low} to {high}.")
        raise UserError(sentence.format(low=self.minimum(), high=self.maximum()))

    def _changed(self, text: str) -> None:
        try:
            self._read(text)
            mistake = ""
        except UserError as error:
            mistake = error.message
        if mistake == self.mistake:
            return
        self.mistake = mistake
        self.setProperty("wrong", bool(mistake))
        self.style().unpolish(self)
        self.style().polish(self)
        if mistake and not self.hasFocus():
            return
        below = self.mapToGlobal(QPoint(0, self.height()))
        QToolTip.showText(below, mistake, self, self.rect(), TIMEOUT_MS)
