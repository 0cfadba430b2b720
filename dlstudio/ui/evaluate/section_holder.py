"""A place for a section of a report that may not be computed yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dlstudio.document.column_report import ColumnReport
from dlstudio.ui.heads.report_views import make_section
from dlstudio.ui.heads.section import ReportSection
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import label


class SectionHolder(QScrollArea):
    """A hint until there is a section.

    Args:
        theme: Colours and sizes.
        hint: Translated; what the section would say.
    """

    def __init__(self, theme: Theme, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._hint = theme, hint
        self._data: Mapping[str, Any] | None = None
        self.section: ReportSection | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._put(None, "")

    def set_hint(self, hint: str) -> None:
        """Say something else where there is no section.

        Args:
            hint: Translated.
        """
        if hint != self._hint:
            self._hint = hint
            if self.section is None:
                self._put(None, "")

    def show_section(self, name: str, report: ColumnReport | None, output: str) -> None:
        """Show an output's section of a report; the hint if there is none.

        Args:
            name: Of the section.
            report: As it was computed.
            output: By the name of what it predicts.
        """
        self.show_data(name, None if report is None else report.sections.get(output))

    def show_data(self, name: str, data: Mapping[str, Any] | None) -> None:
        """Show a section; the hint if there is none.

        Args:
            name: Of the section.
            data: What is in it, as JSON.
        """
        if data != self._data:
            self._put(data, name)

    def _put(self, data: Mapping[str, Any] | None, name: str) -> None:
        self._data = data
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        made = make_section(name, self._theme, {name: data}, inside) if data else None
        self.section = made
        if made is not None:
            column.addWidget(made)
        else:
            card = Card(inside, margin=12)
            card.body.addWidget(label(self._hint, "muted", wrap=True))
            column.addWidget(card)
        column.addStretch(1)
        self.setWidget(inside)
