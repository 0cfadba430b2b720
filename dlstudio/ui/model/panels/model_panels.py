"""The panels below the canvas: problems, summary, Python; they can be collapsed."""

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
    """The panels under their tabs.

    Signals:
        collapsed: They were collapsed away (True) or opened.
        collapse_chosen: Somebody did it by hand.
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
        """Pixels that are left of it when it is collapsed."""
        return self._head.sizeHint().height()

    @property
    def is_collapsed(self) -> bool:
        """Whether only the head is there."""
        return self._pages.isHidden()

    def open(self, index: int) -> None:
        """Show one of `PROBLEMS`, `SUMMARY`, `PYTHON`."""
        self.tabs.setCurrentIndex(index)
        self.collapse(False)

    def collapse(self, collapsed: bool) -> None:
        """Leave only the head, or open the panels again."""
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
        """Mark what belongs to the selected nodes."""
        self.python.mark(ids)
        self.summary.mark(ids)

    def show_analysis(self, analysis: Analysis) -> None:
        """Show what the engine has found out."""
        self._analysis = analysis
        self.problems.show_problems(analysis.problems)
        self._count(analysis)
        self._show_summary()

    def showEvent(self, event: QShowEvent) -> None:
        """The table may be old."""
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
        """The table costs a little; it is made only while somebody looks."""
        if self.tabs.currentIndex() == SUMMARY and self._pages.isVisible():
            self.summary.show_analysis(self._analysis)
