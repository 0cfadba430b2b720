"""Creates projects in the background, with progress and cancellation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from dlstudio.document.project import Project
from dlstudio.i18n import _, marked
from dlstudio.percent_text import percent
from dlstudio.ui.activity import ActivityControl
from dlstudio.ui.shell.core import Core
from dlstudio.workers.jobs import Job
from dlstudio.workers.progress import Progress
from dlstudio.workers.project_files import new_project


class ProjectCreation(QObject):
    """Creates one project at a time."""

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._job: Job[Project] | None = None

    @property
    def busy(self) -> bool:
        """Whether a project is being created."""
        return self._job is not None

    def start(
        self,
        kind: str,
        folder: Path,
        data: Sequence[Path],
        then: Callable[[Project], None],
        failed: Callable[[BaseException], None],
        sample: str = "",
    ) -> None:
        """Create a project from a template in a new folder.

        Args:
            kind: Of the template; "" for the one that fits the data.
            data: To which the project is sized; empty if the template has its own.
            then: Called with the project after it was saved.
            failed: Called with the exception; nothing remains on disk.
            sample: Kind of a source that is built in, instead of data.
        """
        core = self._core
        job = core.files.job(
            new_project, core.session.catalog, kind, folder, tuple(data), sample
        )
        job.on_success(then).on_failure(failed)
        job.on_progress(self._unpacking).on_end(self._ended)
        core.activity.show(_reading_text, "start")
        if (data or sample) and not core.activity.controls:
            cancel = ActivityControl(marked("Cancel"), "mdi6.close", "", job.cancel)
            core.activity.offer((cancel,))
        self._job = job.start()

    def _unpacking(self, progress: Progress) -> None:
        share = progress.done / max(1, progress.total)
        self._core.activity.show(
            lambda: _("Unpacking · {share}").format(share=percent(share, 0)), "start"
        )

    def _ended(self, _outcome: str) -> None:
        job, self._job = self._job, None
        activity = self._core.activity
        if job is not None and any(
            each.work == job.cancel for each in activity.controls
        ):
            activity.offer(())
        activity.clear()


def _reading_text() -> str:
    return _("Reading data…")
