"""Choosing the run whose model is asked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.forms.chosen import StillCombo
from dlstudio.ui.runs.words import run_title
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.asking import RunRow, list_runs

REFRESH_MS = 2000


class RunPicker(QWidget):
    """A list of the runs that have a model; the newest unless one was chosen.

    Signals:
        chosen: Another run's id, "" when there is none.
    """

    chosen = Signal(str)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._rows: tuple[RunRow, ...] = ()
        self._folder: Path | None = None
        self._pinned = ""
        self._asking = False
        self.combo = StillCombo(self)
        self.combo.setAccessibleName(_("Run"))
        self.combo.setMinimumWidth(280)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(label(_("Run"), "muted"))
        line.addWidget(self.combo)
        self.combo.activated.connect(self._picked)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def run(self) -> str:
        """The chosen run's id, or ""."""
        found: str = self.combo.currentData() or ""
        return found

    def showEvent(self, event: QShowEvent) -> None:
        """Runs made elsewhere appear while somebody looks."""
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: object) -> None:
        """Nobody looks: nothing is read."""
        self._timer.stop()

    def refresh(self) -> None:
        """Read the list of runs again, beside the window."""
        folder = self._studio.session.folder
        if folder is None:
            self._show(())
        elif not self._asking:
            self._asking = True
            self._folder = folder
            job = self._studio.engine.text_job(list_runs, folder)
            job.on_success(self._show).on_failure(self._studio.notices.error)
            job.on_end(self._asked).start()

    def _asked(self, _outcome: str) -> None:
        self._asking = False

    def _show(self, rows: tuple[RunRow, ...]) -> None:
        if self._folder != self._studio.session.folder:
            rows = ()
        if rows == self._rows and self.combo.count():
            return
        before, self._rows = self.run, rows
        self.combo.clear()
        for row in rows:
            if row.has_model:
                self.combo.addItem(run_title(row), row.id)
        if not self.combo.count():
            self.combo.addItem(_("no trained model yet"), "")
        index = self.combo.findData(self._pinned, Qt.ItemDataRole.UserRole)
        self.combo.setCurrentIndex(max(index, 0))
        self.combo.setEnabled(bool(self.run))
        if self.run != before or not rows:
            self.chosen.emit(self.run)

    def _picked(self, _index: int) -> None:
        self._pinned = self.run
        self.chosen.emit(self.run)
