"""Search and filters above a table."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from dlstudio.catalog.findings import ORDER, finding_kind
from dlstudio.i18n import _
from dlstudio.ui.services.dataset.dataset_text import split_name
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.search_field import SearchField
from dlstudio.workers.dataset import EXCLUDED, SPLITS
from dlstudio.workers.table import ALL, TableFilter

TYPING_MS = 150


class TableFilterBar(QWidget):
    """Filters rows by text in any column, by split and by finding.

    Signals:
        filter_changed: Emitted with the new `TableFilter`, once the user pauses.
    """

    filter_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = TableFilter()
        self.search = SearchField(theme, _("Search in all columns"), self)
        self.search.setMinimumWidth(120)
        self.search.setAcceptDrops(False)  # file drops belong to the room
        self.split = QComboBox(self)
        self.split.setAccessibleName(_("Split"))
        self.finding = QComboBox(self)
        self.finding.setAccessibleName(_("Finding"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        row.addWidget(self.split)
        row.addWidget(self.finding)
        self.split.addItem(_("All splits"), ALL)
        for split in (*range(len(SPLITS)), EXCLUDED):
            self.split.addItem(split_name(split), split)
        self.search.textChanged.connect(lambda _text: self._timer.start())
        self.search.returnPressed.connect(self._read)
        self._timer.timeout.connect(self._read)
        self.split.currentIndexChanged.connect(self._read)
        self.finding.currentIndexChanged.connect(self._read)
        self.show_findings({})

    def show_findings(self, counts: Mapping[str, int]) -> None:
        """Offer kinds of findings.

        Args:
            counts: Number of findings about rows by kind.
        """
        order = [kind for kind in ORDER if kind in counts]
        order += [kind for kind in counts if kind not in ORDER]
        with QSignalBlocker(self.finding):
            self.finding.clear()
            self.finding.addItem(_("All findings"), "")
            for kind in order:
                title = _(finding_kind(kind).title)
                self.finding.addItem(f"{title} ({counts[kind]:,})", kind)
            at = self.finding.findData(self.filter.finding)
            self.finding.setCurrentIndex(max(at, 0))
        self.finding.setVisible(bool(counts))
        self._read()

    def put(self, wanted: TableFilter) -> None:
        """Show a filter, and emit it if it is another one."""
        with (
            QSignalBlocker(self.search),
            QSignalBlocker(self.split),
            QSignalBlocker(self.finding),
        ):
            if self.search.text() != wanted.text:
                self.search.setText(wanted.text)
            self.split.setCurrentIndex(self.split.findData(wanted.split))
            at = self.finding.findData(wanted.finding)
            self.finding.setCurrentIndex(max(at, 0))
        self._read()

    def _read(self) -> None:
        self._timer.stop()
        wanted = TableFilter(
            self.search.text().strip(),
            int(self.split.currentData()),
            str(self.finding.currentData() or ""),
        )
        if wanted != self.filter:
            self.filter = wanted
            self.filter_changed.emit(wanted)
