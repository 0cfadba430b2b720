"""Opens projects; large ones are read, and arranged if necessary, in the background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from dlstudio.document.project import Project
from dlstudio.document.storage import project_file
from dlstudio.i18n import _
from dlstudio.ui.shell.core import Core
from dlstudio.workers.arrangement import read_arranged
from dlstudio.workers.jobs import Job

LARGE = 40_000
"""Bytes of a project's file from which on it is read in the background: those of some
100 to 150 layers. Smaller ones are there within a frame."""

ReadProject = tuple[Project, str]


class ProjectOpener(QObject):
    """One opening at a time; another project that is opened meanwhile ends it."""

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._job: Job[ReadProject] | None = None
        core.session.opened.connect(self._forget)

    def open(self, folder: Path, then: Callable[[ReadProject | None], None]) -> None:
        """Open a project's folder.

        Args:
            folder: The folder.
            then: Called at once with None for a small project, which is to be read
                there, else later with the project and the digest of its file.
        """
        self._forget()
        if not _is_large(folder):
            then(None)
            return
        core = self._core
        job = core.services.layout_thread.job(
            read_arranged, folder, core.session.catalog
        )
        job.on_success(partial(self._succeed, job, then))
        job.on_failure(partial(self._fail, job))
        core.activity.show(lambda: _("Opening “{name}”…").format(name=folder.name), "")
        self._job = job.start()

    def _succeed(
        self,
        job: Job[ReadProject],
        then: Callable[[ReadProject | None], None],
        read: ReadProject,
    ) -> None:
        if job is self._job:
            self._forget()
            then(read)

    def _fail(self, job: Job[ReadProject], error: Exception) -> None:
        if job is self._job:
            self._forget()
            self._core.notices.error(error)

    def _forget(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
            self._core.activity.clear()


def _is_large(folder: Path) -> bool:
    try:
        return project_file(folder).stat().st_size >= LARGE
    except OSError:
        return False  # the error is reported where it is read
