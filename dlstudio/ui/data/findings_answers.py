"""The answers to a finding that asks, each with a button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.deeds import Deeds
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.dataset import DatasetFinding, SourceChange


class FindingAnswers(QWidget):
    """A line for each answer of some findings; hidden while there are none."""

    def __init__(self, theme: Theme, deeds: Deeds, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._deeds = theme, deeds
        self._answers: tuple[SourceChange, ...] = ()
        self._lines: list[QWidget] = []
        self.buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_answers(self, found: Sequence[DatasetFinding]) -> None:
        """Show the answers of some findings."""
        answers = tuple(answer for each in found for answer in each.answers)
        if answers == self._answers:
            return
        self._answers = answers
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines, self.buttons = [], []
        for answer in answers:
            self._add(answer)
        self.setVisible(bool(answers))

    def _add(self, answer: SourceChange) -> None:
        made = button(self._theme, _("Apply fix"), "link")
        made.setAccessibleName(answer.label)
        made.clicked.connect(lambda: self._deeds.answer(answer))
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(f"→ {answer.label}", "", wrap=True), 1)
        row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(line)
        self._lines.append(line)
        self.buttons.append(made)
