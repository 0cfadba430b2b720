"""Long jobs with the data: examining, unpacking, preparing; seen, timed, stopped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.desk import DataDesk
from dlstudio.ui.data.topbar import TaskStrip
from dlstudio.ui.data.words import count_text
from dlstudio.ui.studio import Studio
from dlstudio.workers.dataset_files import PreparationResult, prepare_data, unpack_archive
from dlstudio.workers.jobs import Job
from dlstudio.workers.progress import Progress

ROOM = "data"


class LongJobs(QWidget):
    """A strip for each kind, seen while it runs."""

    def __init__(
        self, studio: Studio, desk: DataDesk, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._desk = desk
        theme = studio.theme
        self.examining = TaskStrip(theme, _("Examining the pictures"), self)
        self.unpacking = TaskStrip(theme, _("Unpacking the archive"), self)
        self.preparing = TaskStrip(theme, _("Preparing the pictures"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for strip in (self.examining, self.unpacking, self.preparing):
            column.addWidget(strip)
        self.examining.cancelled.connect(desk.cancel)
        self.unpacking.cancelled.connect(self._cancel_unpacking)
        self.preparing.cancelled.connect(self._cancel_preparing)
        self.examining.show_progress(desk.progress)
        self._running = desk.running
        self._running.going_on.connect(self._goes_on)
        for name, progress in self._running.progresses.items():
            self._goes_on(name, progress)

    def unpack(self, archive: Path) -> None:
        """Unpack an archive into the project's folder."""
        folder = self._studio.session.folder
        if folder is None or "unpack" in self._running:
            return
        job = self._desk.files.job(unpack_archive, archive, folder)
        job.on_success(partial(self._if_wanted, job, self._desk.drop_folder))
        job.on_failure(partial(self._if_wanted, job, self._studio.notices.error))
        self._running.run("unpack", job)

    def prepare(self) -> None:
        """Prepare every picture for the model."""
        session = self._studio.session
        if session.folder is None or "prepare" in self._running:
            return
        job = self._desk.preparing.job(
            prepare_data, session.catalog, session.project, session.folder
        )
        job.on_success(partial(self._if_wanted, job, self._prepared))
        job.on_failure(partial(self._if_wanted, job, self._studio.notices.error))
        self._running.run("prepare", job)

    def _if_wanted(self, job: Job, then: Callable[[Any], None], told: Any) -> None:
        if self._running.is_wanted(job):  # else it is about a project that was left
            then(told)

    def _goes_on(self, name: str, progress: Progress | None) -> None:
        strip = {"unpack": self.unpacking, "prepare": self.preparing}[name]
        strip.show_progress(progress)

    def _prepared(self, ready: PreparationResult) -> None:
        text = _("{pictures} ready for training.")
        told = text.format(pictures=count_text(ready.ready))
        if ready.skipped:
            more = _("{count} cannot be used.").format(count=len(ready.skipped))
            told = f"{told} {more}"
        self._studio.notices.good(told)
        self._desk.look_for_changes()

    def _cancel_unpacking(self) -> None:
        self._running.cancel("unpack")

    def _cancel_preparing(self) -> None:
        self._running.cancel("prepare")
