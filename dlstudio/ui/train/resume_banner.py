"""A banner that offers to resume an interrupted run."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.services.training.run_monitor import RunMonitor
from dlstudio.ui.services.training.view_state import TrainViewState
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.notice_bar import NoticeBar
from dlstudio.workers.run_entry import RunEntry


class ResumeBanner(QWidget):
    """Shown if the newest run's process died, until it is dismissed.

    Args:
        studio: The window's services, theme and navigation.
        view_state: View state of the Train room.
        run_monitor: Reads the project's runs.

    Signals:
        resume_requested: Emitted with the run's id.
    """

    resume_requested = Signal(str)

    def __init__(
        self,
        studio: Studio,
        view_state: TrainViewState,
        run_monitor: RunMonitor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._view_state = view_state
        self._run_monitor = run_monitor
        self.interrupted: NoticeBar | None = None
        self._run = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def refresh(self, idle: bool) -> None:
        """Show the banner if a run can be resumed and nothing is training."""
        entry = next(iter(self._run_monitor.entries), None)
        wanted = (
            entry is not None
            and entry.was_interrupted
            and entry.can_resume
            and entry.id not in self._view_state.dismissed
            and idle
        )
        if not wanted or entry is None:
            self._close()
            return
        if entry.id != self._run:  # of another project, or a newer one
            self._close()
        if self.interrupted is None:
            self._run = entry.id
            self.interrupted = self._bar(entry)
            self._column.addWidget(self.interrupted)
            self.show()

    def _bar(self, entry: RunEntry) -> NoticeBar:
        text = _(
            "Run {number} was interrupted in epoch {epoch}. It can resume from "
            "its last checkpoint as if it had never stopped."
        ).format(number=entry.number, epoch=entry.epochs + 1)
        theme, run = self._studio.theme, entry.id
        go = button(theme, _("Resume"), "primary")
        go.clicked.connect(lambda: self.resume_requested.emit(run))
        bar = NoticeBar(theme, text, "warning", buttons=(go,), passing=False)
        bar.closed.connect(lambda: self._dismiss(run))
        return bar

    def _dismiss(self, run: str) -> None:
        self._view_state.dismissed.add(run)
        self._close()

    def _close(self) -> None:
        if self.interrupted is not None:
            self.interrupted.hide()
            self.interrupted.deleteLater()
            self.interrupted = None
        self.hide()
