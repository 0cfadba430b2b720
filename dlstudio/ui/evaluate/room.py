"""The Evaluate room: how good a run is, and what it has learned."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.evaluation import Evaluation
from dlstudio.document.verdict import SEEN, Suggestion, Verdict
from dlstudio.errors import UserError
from dlstudio.i18n import _, marked
from dlstudio.ui.evaluate.evaluation_view import EvaluationView
from dlstudio.ui.evaluate.words_page import WordsPage
from dlstudio.ui.heads.head_view import implementation, method_view
from dlstudio.ui.room_capabilities import DATA
from dlstudio.ui.runs.no_model_state import NoModelState
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.runs.suggestion_actions import apply_suggestion
from dlstudio.ui.runs.verdict_card import VerdictCard
from dlstudio.ui.runs.verdict_reader import VerdictReader
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.empty_state import EmptyState
from dlstudio.ui.widgets.focus import transfer_focus
from dlstudio.ui.widgets.labels import ElidedLabel
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox
from dlstudio.workers.progress import Progress
from dlstudio.workers.run_verdict import RunVerdict

SPLITS = (
    ("test", marked("Test split")),
    ("validation", marked("Validation split")),
    ("train", marked("Training split")),
)


def make(studio: Studio) -> QWidget:
    """Create the room for the shell."""
    return EvaluateRoom(studio)


class EvaluateRoom(QWidget):
    """Evaluates the selected run on a split of the dataset in the background."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._names = studio.services.run_names
        self._evaluation_job = studio.services.evaluation_job
        self.picker = RunPicker(studio, parent=self)
        self.split = NoWheelComboBox(self)
        self.split.setAccessibleName(_("Data split"))
        self.split.setMinimumWidth(140)
        for split, text in SPLITS:
            self.split.addItem(_(text), split)
        theme = studio.theme
        self.evaluate = button(theme, _("Evaluate"), "primary", "mdi6.ruler")
        self.stop = button(theme, _("Stop"), "danger", "mdi6.stop")
        self.bar = QProgressBar(self)
        self.about = ElidedLabel("", "muted")
        self.verdict = VerdictCard(theme, self)
        self._reader = VerdictReader(studio, self)
        self._reported = RunVerdict("")
        self.view = EvaluationView(studio, self)
        self._pages = QStackedWidget(self)
        self._build()
        self._connect()
        self._evaluation_job.set_project(studio.session.folder)
        self._show_running()
        self._show()

    def start(self) -> None:
        """Evaluate the selected run."""
        if self._studio.session.folder is None or not self.picker.run:
            self._studio.notices.error(
                UserError(
                    _("There is no trained model yet."),
                    _("Train the model first."),
                ),
                topic="evaluate",
            )
            return
        split = self.split.currentData()
        self._evaluation_job.start(self.picker.run, split)

    def _connect(self) -> None:
        self.evaluate.clicked.connect(self.start)
        self.picker.filled.connect(self._filled)
        self._reader.reported.connect(self._show_verdict)
        self.verdict.chosen.connect(self._apply_suggestion)
        self.stop.clicked.connect(self._evaluation_job.stop)
        self.view.row_chosen.connect(self._show_row)
        self.view.output_chosen.connect(self._show_output)
        self.view.threshold_chosen.connect(self._evaluation_job.keep_threshold)
        self._evaluation_job.found_changed.connect(self._show)
        self._evaluation_job.changed.connect(self._show_running)
        self._evaluation_job.progressed.connect(self._progress)
        self._studio.session.saved_changed.connect(self._opened)

    def showEvent(self, event: QShowEvent) -> None:
        """Another project may have been opened in the meantime."""
        super().showEvent(event)
        self._opened()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        for widget in (self.picker, self.split, self.evaluate, self.stop):
            top.addWidget(widget)
        top.addSpacing(8)
        top.addWidget(self.about, 1)
        self._unevaluated = EmptyState(
            self._studio.theme,
            "mdi6.grid",
            _("How good is the model?"),
            _("Choose a run and evaluate it on data it has never seen."),
        )
        self._pages.addWidget(self._unevaluated)
        self._pages.addWidget(self.view)
        self._untrained = NoModelState(
            self._studio,
            _("Train the model to evaluate it on data it has never seen."),
        )
        self._pages.addWidget(self._untrained)
        self._own: dict[str, WordsPage] = {}
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(top)
        whole.addWidget(self.bar)
        whole.addWidget(self.verdict)
        whole.addWidget(self._pages, 1)

    @property
    def own_page(self) -> WordsPage | None:
        """The page of runs that have no model to evaluate; None for the others."""
        name = method_view(self.picker.method, self._studio.session.catalog).evaluate
        if name and name not in self._own:
            self._own[name] = implementation(name)(self._studio, self)
            self._pages.addWidget(self._own[name])
        return self._own.get(name)

    def _filled(self) -> None:
        self._evaluation_job.read(self.picker.run)
        self._reader.set_run(self._shown_run())
        self._show_page()

    def _shown_run(self) -> str:
        """The run whose evaluation is shown; without one, the selected run."""
        found = self._evaluation_job.found
        return self.picker.run if found is None else found.report.run

    def _show_verdict(self, reported: RunVerdict) -> None:
        """Show the verdict on the shown output.

        Those of the run are on its held-out split.
        """
        self._reported = reported
        found = self._evaluation_job.found
        own = None if found is None else found.report.verdict
        other = self.view.verdict if found is not None else None
        verdict = Verdict.from_json(other or own)
        if verdict is not None and (other or verdict.outcome == SEEN):
            known = reported.others.get(self.view.name)
            made = known.suggestions if known and verdict.outcome != SEEN else ()
            reported = RunVerdict(reported.run, verdict, made)
        self.verdict.show_verdict(reported)
        self._order_focus()

    def _order_focus(self) -> None:
        """From the run to what is done with it, and to what is shown of it."""
        buttons = (self.evaluate, self.stop, *self.verdict.buttons)
        stops = (self.picker.combo, self.split, *buttons, *self.view.stops())
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    def _show_output(self) -> None:
        self._show_verdict(self._reported)

    def _apply_suggestion(self, suggestion: Suggestion) -> None:
        apply_suggestion(self._studio, suggestion)

    def _show_row(self, id: str) -> None:
        self._studio.visit(DATA, lambda room: room.show_sample(id))

    def _opened(self) -> None:
        self._evaluation_job.set_project(self._studio.session.folder)

    def _show_running(self) -> None:
        running = self._evaluation_job.running
        if running:
            self.stop.show()
            transfer_focus(self.evaluate, self.stop)
        self.evaluate.setEnabled(not running)
        if not running:
            transfer_focus(self.stop, self.evaluate)
        self.stop.setVisible(running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0 if running else 1)

    def _progress(self, reported: Progress) -> None:
        self.bar.setRange(0, reported.total)
        self.bar.setValue(reported.done)

    def _show_page(self) -> None:
        """Show the results, or the empty state."""
        own, row = self.own_page, self.picker.row
        untrained = self.picker.untrained and not self._evaluation_job.running
        plain = not untrained and own is None
        self.evaluate.setVisible(plain)
        self.split.setVisible(plain)
        found = self._evaluation_job.found
        if own is not None and row is not None:
            self.about.set_text("")
            own.show_run(row.id, f"{row.has_model} {row.checkpoint_epoch}")
            self._pages.setCurrentWidget(own)
        elif found is None:
            self._pages.setCurrentWidget(
                self._untrained if untrained else self._unevaluated
            )
        else:
            self._pages.setCurrentWidget(self.view)

    def _show(self) -> None:
        found = self._evaluation_job.found
        self._show_page()
        self.about.set_text(
            "" if found is None else _about(found, self._names.name(found.report.run))
        )
        if found is not None:
            self.view.show_evaluation(found)
        self._reader.set_run(self._shown_run())
        self._reader.refresh()


def _about(found: Evaluation, run: str) -> str:
    """The run and the split of an evaluation, as text."""
    report = found.report
    parts = [_("run {number}").format(number=run), _(dict(SPLITS)[report.split])]
    if found.from_checkpoint:
        parts.append(_("from the last checkpoint"))
    return _("Evaluated: {what}").format(what=" · ".join(parts))
