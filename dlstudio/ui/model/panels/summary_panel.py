"""The summary table: every layer with its output, parameters and costs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QWidget,
)

from dlstudio.document.analysis import Analysis
from dlstudio.document.graph import Graph
from dlstudio.i18n import _
from dlstudio.ui.model.panels.summary_model import SummaryModel, rows
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font, text_font
from dlstudio.ui.widgets.buttons import IconButton

WIDTHS = (120, 124, 112, 104, 120, 88)
LAST_WIDTH = 104
MIN_STRETCH, MAX_STRETCH = 0.8, 1.5
HEADING_PADDING = 24  # pixels beside a heading's text


class SummaryTable(QTableView):
    """The table view of the summary.

    Signals:
        copied: Emitted when the copy shortcut is pressed.
    """

    copied = Signal()

    def __init__(self, model: SummaryModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(_("Model summary"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self._by_hand = False  # once the user resizes a column, widths are kept
        self._fitting = False
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.sectionResized.connect(self._resized)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shrink columns instead of scrolling horizontally."""
        super().resizeEvent(event)
        if not self._by_hand:
            self._fit()

    def _fit(self) -> None:
        scale = self.viewport().width() / (sum(WIDTHS) + LAST_WIDTH)
        self._fitting = True
        header = self.horizontalHeader()
        metrics = header.fontMetrics()
        for column, width in enumerate(WIDTHS):
            heading = self.model().headerData(column, Qt.Orientation.Horizontal)
            least = metrics.horizontalAdvance(str(heading)) + HEADING_PADDING
            wanted = int(width * min(max(scale, MIN_STRETCH), MAX_STRETCH))
            header.resizeSection(column, max(wanted, least))
        self._fitting = False

    def _resized(self, _column: int, _before: int, _after: int) -> None:
        if not self._fitting and QApplication.mouseButtons():
            self._by_hand = True

    def event(self, event: QEvent) -> bool:
        """Claim the copy shortcut, which the canvas has too."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the whole table, or activate a row on Enter."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class Summary(QWidget):
    """The summary table with a copy button.

    Signals:
        chosen: Id of the clicked layer.
    """

    chosen = Signal(str)

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._marked: tuple[str, ...] = ()
        self.model = SummaryModel(
            mono_font(studio.theme), text_font(studio.theme, weight=600), self
        )
        self.table = SummaryTable(self.model, self)
        text = _("Copy the table to paste it into a spreadsheet or an email")
        self.copy = IconButton(studio.theme, "mdi6.content-copy", text, self)
        self.copy.clicked.connect(self._copy)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 2, 8, 4)
        line.setSpacing(4)
        line.addWidget(self.table, 1)
        line.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        self.table.copied.connect(self._copy)
        self.table.clicked.connect(self._clicked)
        self.table.activated.connect(self._clicked)

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Show the current graph and its analysis, if known."""
        graph = self._studio.session.project.graphs.get(self._graph, Graph())
        found = rows(graph, analysis, self._graph)
        if found != self.model.rows:
            bar = self.table.verticalScrollBar()
            place = bar.value()
            self.model.show(found)
            bar.setValue(place)
        self.mark(self._marked)

    def mark(self, ids: Sequence[str]) -> None:
        """Select the rows of these nodes and scroll to the first one."""
        self._marked = tuple(ids)
        if not self.isVisible():
            return  # selected when the table is filled
        marked = set(self._marked)
        wanted = [i for i, row in enumerate(self.model.rows) if row.id in marked]
        selection = QItemSelection()
        for first, last in _runs(wanted):
            selection.select(self.model.index(first, 0), self.model.index(last, 0))
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)
        if wanted:
            self.table.scrollTo(self.model.index(wanted[0], 0))

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.model.text())
        self._studio.notices.good(_("Table copied to the clipboard."))

    def _clicked(self, index: QModelIndex) -> None:
        if index.isValid() and self.model.rows[index.row()].id:
            self.chosen.emit(self.model.rows[index.row()].id)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each consecutive run: 1, 2, 3, 7 → (1, 3), (7, 7)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
