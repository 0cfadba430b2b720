"""The tabs below the canvas: problems, summary and Python; collapsible."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.analysis import Analysis
from dlstudio.document.problem_groups import problem_count
from dlstudio.i18n import _
from dlstudio.ui.model.panels.problem_list import Problems
from dlstudio.ui.model.panels.python_panel import PythonPanel
from dlstudio.ui.model.panels.summary_panel import Summary
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.widgets.buttons import IconButton

PROBLEMS, SUMMARY, PYTHON = range(3)


class ModelPanels(QWidget):
    """The panels and their tab bar.

    Signals:
        collapsed: Whether the panels were collapsed or expanded.
        collapse_chosen: As `collapsed`, but only if the user did it.
    """

    collapsed = Signal(bool)
    collapse_chosen = Signal(bool)

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._analysis: Analysis | None = None
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.problems = Problems(studio, self)
        self.summary = Summary(studio, graph, self)
        self.python = PythonPanel(studio, graph, self)
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName(_("Panels"))
        self._pages = QStackedWidget(self)
        self._pages.setMinimumHeight(64)
        self.collapse_button = IconButton(
            studio.theme, "mdi6.chevron-down", _("Collapse panels"), self
        )
        self._build()
        self.tabs.currentChanged.connect(self._show_page)
        self.tabs.tabBarClicked.connect(self._expand)
        self.collapse_button.clicked.connect(self._toggle)
        studio.session.changed.connect(self._changed)

    @property
    def head_height(self) -> int:
        """Height when collapsed, in pixels."""
        return self._head.sizeHint().height()

    @property
    def is_collapsed(self) -> bool:
        """Whether only the tab bar is shown."""
        return self._pages.isHidden()

    def open(self, index: int) -> None:
        """Open the panel `PROBLEMS`, `SUMMARY` or `PYTHON`."""
        self.tabs.setCurrentIndex(index)
        self.collapse(False)

    def collapse(self, collapsed: bool) -> None:
        """Collapse or expand the panels."""
        if collapsed == self.is_collapsed:
            return
        self._pages.setVisible(not collapsed)
        text = _("Expand panels") if collapsed else _("Collapse panels")
        name = "mdi6.chevron-up" if collapsed else "mdi6.chevron-down"
        self.collapse_button.setIcon(icon(name, self._studio.theme.colors.text_muted))
        self.collapse_button.setToolTip(text)
        self.collapse_button.setAccessibleName(text)
        self.setMaximumHeight(self.head_height if collapsed else 16777215)
        self.collapsed.emit(collapsed)
        self._show_summary()

    def mark(self, ids: Sequence[str]) -> None:
        """Highlight the rows and lines of the selected nodes."""
        self.python.mark(ids)
        self.summary.mark(ids)

    def show_analysis(self, analysis: Analysis) -> None:
        """Show the results of an analysis."""
        self._analysis = analysis
        self.problems.show_problems(analysis.problems)
        self._count(analysis)
        self._show_summary()

    def showEvent(self, event: QShowEvent) -> None:
        """Update the summary, which may be out of date."""
        super().showEvent(event)
        self._show_summary()

    def _build(self) -> None:
        pages = (
            (_("Problems"), self.problems),
            (_("Summary"), self.summary),
            (_("Python"), self.python),
        )
        for text, page in pages:
            self.tabs.addTab(text)
            self._pages.addWidget(page)
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(14, 2, 8, 0)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.collapse_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._pages, 1)

    def _count(self, analysis: Analysis) -> None:
        count = problem_count(analysis.problems)
        self.tabs.setTabText(PROBLEMS, _("Problems") + (f"  {count}" if count else ""))

    def _show_page(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self._show_summary()

    def _expand(self, _index: int) -> None:
        if self.is_collapsed:
            self._toggle()

    def _toggle(self) -> None:
        self.collapse(not self.is_collapsed)
        self.collapse_chosen.emit(self.is_collapsed)

    def _changed(self, _change: object) -> None:
        self._show_summary()

    def _show_summary(self) -> None:
        """Update the summary only while it is visible, because building it is slow."""
        if self.tabs.currentIndex() == SUMMARY and self._pages.isVisible():
            self.summary.show_analysis(self._analysis)
