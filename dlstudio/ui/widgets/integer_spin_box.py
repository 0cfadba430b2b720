"""A box for a whole number."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFocusEvent, QValidator
from PySide6.QtWidgets import QSpinBox, QToolTip, QWidget

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.number_text import read_whole

TIMEOUT_MS = 10_000


class IntegerSpinBox(QSpinBox):
    """Reads what is typed as every other field does, whatever the system's locale.

    What is no such number can be typed, but is marked, with a sentence below; when the
    box is left, the last good number is there again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mistake = ""
        self._before = self.value()
        self.editingFinished.connect(self._remember)
        self.lineEdit().textChanged.connect(self._changed)

    def textFromValue(self, value: int) -> str:
        """Digits without groups."""
        return str(value)

    def valueFromText(self, text: str) -> int:
        """See `read_whole`; the number there is where it is none."""
        try:
            return self._read(text)
        except UserError:
            return self.value()

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        """Nothing is kept from being typed."""
        try:
            self._read(text)
        except UserError:
            return QValidator.State.Intermediate, text, pos
        return QValidator.State.Acceptable, text, pos

    def fixup(self, text: str) -> str:
        """The number from before the typing; Qt's own would make 25 of 2,5."""
        return f"{self.prefix()}{self._before}{self.suffix()}"

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keep the number that is there before anything is typed."""
        self._remember()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was wrong is gone."""
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
