"""The verdict on a finished run in the Train room."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.runs.suggestion_actions import apply_suggestion
from dlstudio.ui.runs.verdict_card import VerdictCard
from dlstudio.ui.runs.verdict_reader import VerdictReader
from dlstudio.ui.services.training.view_state import TrainViewState
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.run_verdict import RunVerdict
from dlstudio.workers.training import IDLE, TrainingController


class VerdictLine(QWidget):
    """The verdict on the latest run; hidden during training.

    Args:
        studio: The window's services, theme and navigation.
        trainings: Controls the running training.
        view_state: View state of the Train room.
    """

    def __init__(
        self,
        studio: Studio,
        trainings: TrainingController,
        view_state: TrainViewState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._trainings = trainings
        self._view_state = view_state
        services = studio.services
        self._evaluation_job = services.evaluation_job
        self._automatic_evaluation = services.automatic_evaluation
        self.evaluation = button(studio.theme, _("Show evaluation"), "link")
        self.evaluation.clicked.connect(lambda: studio.go("evaluate"))
        beside = (self.evaluation,)
        self.card = VerdictCard(studio.theme, self, short=True, beside=beside)
        self.waiting = label(_("Evaluating the model…"), "muted")
        self._reader = VerdictReader(studio, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.waiting)
        column.addWidget(self.card)
        self._reader.reported.connect(self._show_verdict)
        self.card.chosen.connect(
            lambda suggestion: apply_suggestion(studio, suggestion)
        )
        self._evaluation_job.changed.connect(self._refresh)
        self._evaluation_job.found_changed.connect(self._reader.refresh)
        trainings.state_changed.connect(self._state_changed)
        studio.session.saved_changed.connect(self._refresh)
        self._refresh()

    def _state_changed(self, _state: str) -> None:
        # The history contains the end only after the last events are processed.
        QTimer.singleShot(0, self, self._refresh)

    def _refresh(self) -> None:
        idle = self._trainings.state == IDLE
        own = self._view_state.folder == self._studio.session.folder
        run = self._view_state.history.run if idle and own else ""
        measured = self._evaluation_job.running and self._evaluation_job.run == run
        self.waiting.setVisible(bool(run) and measured)
        self._reader.set_run(run)
        if run and not measured:
            self._reader.refresh()
        self._show()

    def _show_verdict(self, reported: RunVerdict) -> None:
        self.card.show_verdict(reported)
        self._show()

    def _show(self) -> None:
        shown = (self.waiting, self.card)
        self.setVisible(any(not each.isHidden() for each in shown))
