"""The table of runs with actions for the selected ones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _, ngettext
from dlstudio.ui.services.training.run_monitor import RunMonitor
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.run_details import RunDetails
from dlstudio.ui.train.runs_bar import RunsBar
from dlstudio.ui.train.runs_model import (
    CHANGE,
    PARAMETERS,
    RUN,
    TIME,
    RunsFilter,
    RunsModel,
    ids_of,
)
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.run_entry import RunEntry

DETAILS_WIDTH = 280
WIDE, WIDER = 540, 640
"""Table widths in pixels from which the time and the parameters are shown."""


class RunsPanel(QWidget):
    """The table of runs and the details of the selection.

    Signals:
        selected: Emitted with the ids of the selected runs, the last clicked one
            first.
    """

    selected = Signal(object)

    def __init__(
        self, studio: Studio, run_monitor: RunMonitor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._run_monitor = run_monitor
        self.model = RunsModel(studio.theme, run_monitor, self)
        self.shown = RunsFilter(self.model, self)
        self.bar = RunsBar(studio, self)
        self.filter, self.archived = self.bar.filter, self.bar.archived
        self.count = self.bar.count
        self.table = self._table()
        self.nothing = self._nothing()
        self.details = RunDetails(studio, run_monitor, self)
        self.details.setFixedWidth(DETAILS_WIDTH)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.bar)
        left.addWidget(self.table, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addLayout(left, 1)
        line.addWidget(self.details)
        self.bar.narrowed.connect(self._narrow)
        self.bar.changed.connect(run_monitor.refresh)
        self.bar.show_list(run_monitor.runs)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        run_monitor.changed.connect(self._refresh)
        self.table.installEventFilter(self)
        self._selected()

    def chosen(self) -> tuple[RunEntry, ...]:
        """The selected runs, the last clicked one first."""
        rows = self.table.selectionModel().selectedRows()
        current = self.table.currentIndex().row()
        rows.sort(key=lambda index: (index.row() != current, index.row()))
        return tuple(self.shown.entry_at(index) for index in rows)

    def choose(self, runs: tuple[str, ...]) -> None:
        """Select exactly these runs."""
        model = self.table.selectionModel()
        model.clear()
        flags = QItemSelectionModel.SelectionFlag
        for row in range(self.shown.rowCount()):
            index = self.shown.index(row, RUN)
            if self.shown.entry_at(index).id in runs:
                model.select(index, flags.Select | flags.Rows)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide less important columns if the table is narrow."""
        if watched is self.table and event.type() == QEvent.Type.Resize:
            width = self.table.width()
            self.table.setColumnHidden(TIME, width < WIDE)
            self.table.setColumnHidden(PARAMETERS, width < WIDER)
        return super().eventFilter(watched, event)

    def _table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.shown)
        table.setAccessibleName(_("Runs"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setIconSize(QSize(12, 12))
        table.setStyleSheet("QTableView::item { padding: 0 5px; }")  # as headings
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(30)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(CHANGE, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorShown(True)
        table.setSortingEnabled(True)
        table.sortByColumn(RUN, Qt.SortOrder.DescendingOrder)
        table.setMinimumHeight(90)
        return table

    def _nothing(self) -> QLabel:
        """What is said in the place of runs."""
        made = label("", "muted")
        made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line = QVBoxLayout(self.table.viewport())
        line.addWidget(made, 0, Qt.AlignmentFlag.AlignCenter)
        return made

    def _narrow(self) -> None:
        self.shown.narrow(self.filter.text(), self.archived.isChecked())
        self._count()

    def _refresh(self) -> None:
        self.bar.show_list(self._run_monitor.runs)
        self._count()
        self.details.show_runs(self.chosen())

    def _selected(self) -> None:
        self._count()
        self.details.show_runs(self.chosen())
        self.details.setVisible(bool(self.chosen()))
        self.selected.emit(ids_of(self.chosen()))

    def _count(self) -> None:
        chosen, shown = len(self.chosen()), self.shown.rowCount()
        none = _("Runs appear here once a training begins.")
        none = _("No runs match.") if self._run_monitor.entries else none
        self.nothing.setText("" if shown else none)
        text = ngettext("{count} run", "{count} runs", shown).format(count=shown)
        if not chosen and shown:
            text = _("{runs}. Select several to compare them.").format(runs=text)
        if chosen > 1:
            text = _("Comparing {count} runs").format(count=chosen)
        self.count.setText(text)
