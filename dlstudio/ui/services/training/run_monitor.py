"""Monitors the project's runs and their curves, whichever process trains them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.document.events import Event
from dlstudio.ui.services.run_names import RunNames
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.run_entry import RunEntry
from dlstudio.workers.run_operations import follow
from dlstudio.workers.run_table import RunCache, RunList, read_runs

POLL_MS = 1000
RUNNING_OUTCOMES = ("running",)


class RunMonitor(QObject):
    """Reads the list of runs, and the journals of those whose curves are shown.

    It reads in the background, only new data, and only while active.

    Args:
        session: The session with the open project.
        engine: Runs jobs that need TensorFlow.
        names: Receives the displayed names of runs; optional.

    Signals:
        changed: Emitted when the list of runs changes.
        curves_changed: Emitted with the ids of runs whose curves have new data.
        failed: Emitted when the list cannot be read.
    """

    changed = Signal()
    curves_changed = Signal(object)
    failed = Signal(object)

    def __init__(
        self, session: Session, engine: Engine, names: RunNames | None = None
    ) -> None:
        super().__init__()
        self._names = names or RunNames()
        self._session = session
        self._engine = engine
        self._folder: Path | None = None
        self._cached_runs: RunCache = {}
        self._offsets: dict[str, int] = {}
        self._listing = self._following = False
        self.runs = RunList()
        self.history: dict[str, RunHistory] = {}
        self.known = False
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.refresh)

    def set_active(self, on: bool) -> None:
        """Start or stop monitoring."""
        if on:
            self._timer.start()
            self.refresh()
        else:
            self._timer.stop()

    def close(self) -> bool:
        """Stop reading."""
        self._timer.stop()
        return True

    @property
    def entries(self) -> tuple[RunEntry, ...]:
        """The readable runs, newest first."""
        return self.runs.entries

    def entry(self, run: str) -> RunEntry | None:
        """The run with an id."""
        return next((each for each in self.entries if each.id == run), None)

    def refresh(self) -> None:
        """Read new data."""
        folder = self._session.folder
        if folder != self._folder:
            self._folder = folder
            self._cached_runs = {}
            self.known = False
            self._offsets.clear()
            self.history.clear()
            self._take(RunList())
        if folder is None:
            return
        if not self._listing:
            self._listing = True
            job = self._engine.text_job(read_runs, folder, self._cached_runs)
            job.on_progress(partial(self._listed_partly, folder))
            job.on_success(partial(self._listed, folder))
            job.on_failure(partial(self._list_failed, folder))
            job.on_end(self._list_ended).start()
        self._read_on()

    def follow(self, runs: Iterable[str]) -> None:
        """Set the runs whose curves are read; other curves are discarded."""
        wanted = set(runs)
        for gone in set(self.history) - wanted:
            del self.history[gone]
            self._offsets.pop(gone, None)
        for run in wanted - set(self.history):
            self.history[run] = RunHistory()
            self._offsets[run] = 0
        self._read_on()

    def _read_on(self) -> None:
        if self._following or self._folder is None:
            return
        wanted = {run: self._offsets[run] for run in self.history if self._grows(run)}
        if wanted:
            self._following = True
            job = self._engine.text_job(follow, self._folder, wanted)
            job.on_success(self._grown).on_end(self._follow_ended).start()

    def _grows(self, run: str) -> bool:
        history, entry = self.history[run], self.entry(run)
        return not history.outcome or (
            entry is not None and entry.outcome in RUNNING_OUTCOMES
        )

    def _grown(self, found: dict[str, tuple[list[Event], int]]) -> None:
        grown = set()
        for run, (events, offset) in found.items():
            if run in self.history and events:
                self.history[run].add_events(events)
                self._offsets[run] = offset
                grown.add(run)
        self._following = False
        if grown:
            self.curves_changed.emit(grown)
            self._read_on()  # until there is no new data

    def _follow_ended(self, outcome: str) -> None:
        if outcome != "succeeded":
            self._following = False

    def _is_open(self, folder: Path) -> bool:
        """Whether the folder belongs to the project that is open now."""
        return folder == self._folder == self._session.folder

    def _listed_partly(self, folder: Path, runs: RunList) -> None:
        if not self.known and self._is_open(folder):
            self._take(runs)

    def _listed(self, folder: Path, runs: RunList) -> None:
        if self._is_open(folder):
            self.known = True
            self._take(runs)

    def _list_failed(self, folder: Path, error: BaseException) -> None:
        if self._is_open(folder):
            self.failed.emit(error)

    def _list_ended(self, outcome: str) -> None:
        self._listing = False
        if outcome == "succeeded" and not self.known:
            self.refresh()  # another project was opened in the meantime

    def _take(self, runs: RunList) -> None:
        if runs != self.runs:
            self.runs = runs
            self._names.learn(runs.entries)
            self.changed.emit()
