"""Reports interrupted and queued trainings after a crash or quit."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from dlstudio.i18n import _, ngettext
from dlstudio.ui.activity import Activity
from dlstudio.ui.run_text import run_name
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.queue import count_waiting
from dlstudio.workers.run_operations import InterruptedRun, interrupted_run


class InterruptedRunNotifier(QObject):
    """Checks each opened project once; the Train room offers to resume.

    Args:
        session: The session with the open project.
        engine: Runs jobs that need TensorFlow.
        activity: Shows the report in the header.
    """

    def __init__(self, session: Session, engine: Engine, activity: Activity) -> None:
        super().__init__()
        self._session = session
        self._engine = engine
        self._activity = activity
        self._folder: Path | None = None
        session.changed.connect(self._changed)
        self._changed()

    def _changed(self, _change: object = None) -> None:
        folder = self._session.folder
        if folder != self._folder:
            self._folder = folder
            if folder is not None:
                job = self._engine.text_job(interrupted_run, folder)
                job.on_success(partial(self._found, folder)).start()

    def _found(self, folder: Path, found: InterruptedRun | None) -> None:
        if folder != self._session.folder or self._activity.text:
            return
        if found is not None:
            name = run_name(found.number, found.run)
            self._activity.show(partial(_interrupted_text, name), "train", "warning")
        else:
            job = self._engine.text_job(count_waiting, folder)
            job.on_success(partial(self._waiting, folder)).start()

    def _waiting(self, folder: Path, count: int) -> None:
        if count and folder == self._session.folder and not self._activity.text:
            self._activity.show(partial(_waiting_text, count), "train", "warning")


def _waiting_text(count: int) -> str:
    text = ngettext("{count} run queued", "{count} runs queued", count)
    return text.format(count=count)


def _interrupted_text(run: str) -> str:
    return _("Run {run} was interrupted and can be resumed").format(run=run)
