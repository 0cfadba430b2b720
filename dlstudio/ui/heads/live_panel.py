"""A panel that shows what the newest checkpoint of a run can do."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from dlstudio.i18n import _
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import RunReference

COOLDOWN_MS = 2000
"""Delay between two jobs, so that short epochs are not slowed down."""
T = TypeVar("T")


class LivePanel(QWidget, Generic[T]):
    """Asks once per checkpoint, while visible; drops the answer once it is stale.

    Args:
        studio: The window's services, theme and navigation.
        output: What is shown is about this output of the run.

    Attributes:
        note: What is shown, or what it waits for.
    """

    def __init__(
        self, studio: Studio, output: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._output = output
        self._job: Job[T] | None = None
        self._asked = ("", -1)
        self._history: RunHistory | None = None
        self._shown = ""
        self._cooldown = QTimer(self, singleShot=True, interval=COOLDOWN_MS)
        self._cooldown.timeout.connect(self._refresh_again)
        self.note = label("", "muted", wrap=True)

    def show_history(self, history: RunHistory) -> None:
        """Ask for each checkpoint of a run once, while the widget is visible."""
        self._history = history
        if self._shown and history.run != self._shown:
            self._clear()
        place = (history.run, history.checkpoint)
        folder = self._studio.session.folder
        wanted = history.run and history.checkpoint > 0 and place != self._asked
        busy = self._job is not None or self._cooldown.isActive()
        if not wanted or busy or folder is None or self.isHidden():
            return
        self._asked = place
        question = RunReference(self._studio.session.catalog, folder, history.run)
        job = self._question(question)
        job.on_success(self._take).on_failure(self._failed).on_end(self._ended)
        self._job = job.start()
        if not self._shown:
            self.note.setText(_("Evaluating…"))

    # Qt has a metaclass of its own, so that mypy alone sees to it that none is missing.
    @abstractmethod
    def _question(self, question: RunReference) -> Job[T]:
        """The job that finds out what is shown."""

    @abstractmethod
    def _show(self, found: T) -> None:
        """Show what was found, but for the note."""

    @abstractmethod
    def _show_nothing(self) -> None:
        """Show that there is no checkpoint yet."""

    def _clear(self) -> None:
        self._shown = ""
        self._show_nothing()

    def _take(self, found: T) -> None:
        run, epoch = self._asked
        if self._history is not None and run != self._history.run:
            return  # another run or project is shown by now
        self._shown = run
        text = _("Validation split, after epoch {epoch}")
        self.note.setText(text.format(epoch=epoch))
        self._show(found)

    def _failed(self, error: BaseException) -> None:
        self.note.setText(str(error))

    def _ended(self, _outcome: str) -> None:
        self._job = None
        self._cooldown.start()

    def _refresh_again(self) -> None:
        """Check for a checkpoint that was saved during the delay."""
        if self._history is not None:
            self.show_history(self._history)
