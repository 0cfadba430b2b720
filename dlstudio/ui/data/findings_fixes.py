"""Buttons for the possible fixes of a finding."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.dataset import DatasetFinding, SourceChange


class FindingFixes(QWidget):
    """One row per available fix; hidden while there are none."""

    def __init__(
        self, theme: Theme, dataset_actions: DatasetActions, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme, self._actions = theme, dataset_actions
        self._answers: tuple[SourceChange, ...] = ()
        self._lines: list[QWidget] = []
        self.buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_fixes(self, found: Sequence[DatasetFinding]) -> None:
        """Show the fixes of the given findings."""
        answers = tuple(fix for each in found for fix in each.answers)
        if answers == self._answers:
            return
        self._answers = answers
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines, self.buttons = [], []
        for fix in answers:
            self._add(fix)
        self.setVisible(bool(answers))

    def _add(self, fix: SourceChange) -> None:
        made = button(self._theme, _("Apply fix"), "link")
        made.setAccessibleName(fix.label)
        made.clicked.connect(lambda: self._actions.fix(fix))
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(f"→ {fix.label}", "", wrap=True), 1)
        row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(line)
        self._lines.append(line)
        self.buttons.append(made)
