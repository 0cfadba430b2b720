"""Progress bars of the long data jobs: examine, unpack and prepare."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.data.topbar import JobProgressBar
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.services.dataset.dataset_text import count_text
from dlstudio.ui.studio import Studio
from dlstudio.workers.dataset_files import (
    PreparationResult,
    prepare_data,
    unpack_archive,
)
from dlstudio.workers.jobs import Job
from dlstudio.workers.progress import Progress

ROOM = "data"

T = TypeVar("T")


class LongJobs(QWidget):
    """One progress bar per kind of job, visible while it runs."""

    def __init__(
        self,
        studio: Studio,
        controller: DatasetController,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._controller = controller
        theme = studio.theme
        self.examining = JobProgressBar(theme, _("Checking images"), self)
        self.unpacking = JobProgressBar(theme, _("Unpacking archive"), self)
        self.preparing = JobProgressBar(theme, _("Preparing images"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for strip in (self.examining, self.unpacking, self.preparing):
            column.addWidget(strip)
        self.examining.cancelled.connect(controller.cancel)
        self.unpacking.cancelled.connect(self._cancel_unpacking)
        self.preparing.cancelled.connect(self._cancel_preparing)
        self.examining.show_progress(controller.progress)
        self._jobs = controller.jobs
        self._jobs.progressed.connect(self._show_progress)
        for name, progress in self._jobs.progresses.items():
            self._show_progress(name, progress)

    def can_prepare(self) -> bool:
        """Whether there is a model to prepare the images for; reports if not."""
        if self._studio.session.project.model.nodes:
            return True
        error = UserError(
            _(
                "Images are resized to the input size of the model, but there is no "
                "model yet."
            ),
            _("Create a model first."),
        )
        self._studio.notices.error(error)
        return False

    def unpack(self, archive: Path) -> None:
        """Unpack an archive into the project's folder."""
        session = self._studio.session
        if session.folder is None or "unpack" in self._jobs:
            return
        job = self._controller.files.job(
            unpack_archive, session.catalog, archive, session.folder
        )
        job.on_success(partial(self._if_current, job, self._controller.drop_folder))
        job.on_failure(partial(self._if_current, job, self._studio.notices.error))
        self._jobs.run("unpack", job)

    def prepare(self) -> None:
        """Prepare every image for the model."""
        session = self._studio.session
        if session.folder is None or "prepare" in self._jobs:
            return
        job = self._controller.preparing.job(
            prepare_data, session.catalog, session.project, session.folder
        )
        job.on_success(partial(self._if_current, job, self._prepared))
        job.on_failure(partial(self._if_current, job, self._studio.notices.error))
        self._jobs.run("prepare", job)

    def _if_current(
        self, job: Job[object], then: Callable[[T], None], result: T
    ) -> None:
        if self._jobs.is_current(job):  # otherwise its project is no longer open
            then(result)

    def _show_progress(self, name: str, progress: Progress | None) -> None:
        strip = {"unpack": self.unpacking, "prepare": self.preparing}[name]
        strip.show_progress(progress)

    def _prepared(self, ready: PreparationResult) -> None:
        text = _("{images} ready for training.")
        result = text.format(images=count_text(ready.ready))
        if ready.skipped:
            more = _("{count} cannot be used.").format(count=len(ready.skipped))
            result = f"{result} {more}"
        self._studio.notices.good(result)
        self._controller.check_for_changes()

    def _cancel_unpacking(self) -> None:
        self._jobs.cancel("unpack")

    def _cancel_preparing(self) -> None:
        self._jobs.cancel("prepare")
