"""Selects the run whose model is used."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.document.project import takes_one_image
from dlstudio.i18n import _
from dlstudio.ui.run_text import run_title
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox
from dlstudio.workers.run_list import RunRow, list_runs

REFRESH_MS = 2000


class RunPicker(QWidget):
    """A list of the runs that have a model; defaults to the newest run.

    Args:
        studio: The window's services, theme and navigation.
        include_running: Whether to include active runs, which use the weights of a
            checkpoint.

    Signals:
        chosen: Emitted with the selected run's id; "" if there is none.
        filled: Emitted when the list of runs is known.
    """

    chosen = Signal(str)
    filled = Signal()

    def __init__(
        self,
        studio: Studio,
        include_running: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._include_running = include_running
        self._selection = studio.services.run_selection
        self._names = studio.services.run_names
        self._rows: tuple[RunRow, ...] = ()
        self._folder: Path | None = None
        self._loading = False
        self._is_loaded = False
        self._last_error = ""
        self.combo = NoWheelComboBox(self)
        self.combo.setAccessibleName(_("Run"))
        self.combo.setMinimumWidth(340)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self.caption = label(_("Run"), "muted")
        line.addWidget(self.caption)
        line.addWidget(self.combo)
        self._fill()
        self.combo.activated.connect(self._picked)
        self._selection.changed.connect(self._fill)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def run(self) -> str:
        """The selected run's id, or ""."""
        found: str = self.combo.currentData() or ""
        return found

    @property
    def row(self) -> RunRow | None:
        """The selected run."""
        return next((row for row in self._rows if row.id == self.run), None)

    @property
    def of_images(self) -> bool:
        """Whether a single image enters the run's model.

        Without a run, whether it enters the project's.
        """
        row = self.row
        if row is not None:
            return row.of_images
        return takes_one_image(self._studio.session.project)

    @property
    def head(self) -> str:
        """The kind of the head of the run's first output, or of the project's."""
        row = self.row
        return self._studio.session.project.head if row is None else row.head

    @property
    def method(self) -> str:
        """The kind of the run's training method; "" without a run."""
        row = self.row
        return "" if row is None else row.method

    @property
    def known(self) -> bool:
        """Whether the project's runs are known; a project without a folder has none."""
        folder = self._studio.session.folder
        return folder is None or (self._is_loaded and folder == self._folder)

    @property
    def untrained(self) -> bool:
        """Whether it is known that there is no trained model."""
        return self.known and not self.run

    def showEvent(self, event: QShowEvent) -> None:
        """Poll for new runs while the widget is visible."""
        super().showEvent(event)
        self.refresh()
        self.poll()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop polling while the widget is hidden."""
        super().hideEvent(event)
        self.rest()

    def poll(self) -> None:
        """Look for new runs from time to time, even if the widget is hidden."""
        self._timer.start()

    def rest(self) -> None:
        """Stop polling."""
        self._timer.stop()

    def refresh(self) -> None:
        """Read the list of runs in the background."""
        folder = self._studio.session.folder
        if folder != self._folder:
            self._folder, self._rows, self._is_loaded = folder, (), False
            self._fill()
        if folder is not None and not self._loading:
            self._loading = True
            job = self._studio.engine.text_job(list_runs, folder, self._selection.known)
            job.on_success(partial(self._show, folder))
            job.on_failure(partial(self._failed, folder)).on_end(self._loaded).start()

    def _loaded(self, outcome: str) -> None:
        self._loading = False
        if outcome != "cancelled" and not self.known:
            self.refresh()  # another project was opened in the meantime

    def _failed(self, folder: Path, error: BaseException) -> None:
        if folder != self._studio.session.folder:
            return
        if not self._is_loaded:
            self._is_loaded = True
            self._fill()
        if str(error) != self._last_error:  # report a repeated error only once
            self._last_error = str(error)
            self._studio.notices.error(error)

    def _show(self, folder: Path, rows: tuple[RunRow, ...]) -> None:
        if folder != self._folder or folder != self._studio.session.folder:
            return  # another project was opened; it is read next
        self._last_error = ""
        self._names.learn(rows)
        if rows != self._rows or not self._is_loaded:
            self._rows, self._is_loaded = rows, True
            self._fill()

    def _fill(self) -> None:
        before = self.run
        self.combo.clear()
        for row in self._rows:
            if row.has_model or (self._include_running and row.has_weights):
                self.combo.addItem(run_title(row), row.id)
        if not self.combo.count():
            self.combo.addItem(_("No trained model yet"), "")
        self.combo.setCurrentIndex(max(self.combo.findData(self._selection.run), 0))
        self.combo.setEnabled(bool(self.run))
        if self.run != before:
            self.chosen.emit(self.run)
        self.filled.emit()

    def _picked(self, _index: int) -> None:
        self._selection.choose(self.run)
        self.chosen.emit(self.run)
