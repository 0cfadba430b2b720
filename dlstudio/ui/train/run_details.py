"""Notes on a run, available actions, and the difference of two runs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _, ngettext
from dlstudio.ui.run_text import outcome_text
from dlstudio.ui.services.training.run_monitor import RunMonitor
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.run_difference import RunDifference
from dlstudio.ui.train.run_notes import RunNotes
from dlstudio.ui.train.runs_model import ids_of
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.integer_spin_box import IntegerSpinBox
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.jobs import Job
from dlstudio.workers.run_entry import RunEntry
from dlstudio.workers.run_operations import delete_runs, write_about


class RunDetails(QFrame):
    """Follows the selection in the table of runs.

    Signals:
        resume_requested: Emitted with a run's id and the number of additional epochs
            (0: as planned).
    """

    resume_requested = Signal(str, int)

    def __init__(
        self, studio: Studio, run_monitor: RunMonitor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._run_monitor = run_monitor
        self._entries: tuple[RunEntry, ...] = ()
        self._idle = True
        self.title = label("", "strong", wrap=True)
        self.message = label("", "bad", wrap=True)
        self.notes = RunNotes(self._write, self)
        self.name, self.tags = self.notes.name, self.notes.tags
        self.note = self.notes.note
        self.difference = RunDifference(studio, self)
        theme = studio.theme
        self.use = button(theme, _("Use this model"), "", "mdi6.check")
        self.resume = button(theme, _("Resume"), "", "mdi6.play")
        self.more = button(theme, _("One more epoch"))
        self.longer = button(theme, _("Train longer"), "", "mdi6.play")
        self.by = IntegerSpinBox(self)
        self.by.setRange(1, 100_000)
        self.by.setStyleSheet("QSpinBox { padding: 4px 8px; }")
        self.by.setSuffix(" " + _("more epochs"))
        self.by.setAccessibleName(_("Additional epochs"))
        self.archive = button(theme, _("Archive"), "ghost")
        self.delete = button(theme, _("Delete…"), "danger")
        self.sure = button(theme, _("Delete"), "danger")
        self.keep = button(theme, _("Keep"))
        self.question = label("", "bad", wrap=True)
        self._build()
        for each, work in (
            (self.use, self._use),
            (self.resume, lambda: self._resume(0)),
            (self.more, lambda: self._resume(1)),
            (self.longer, lambda: self._resume(self.by.value())),
            (self.archive, self._archive),
            (self.delete, lambda: self._confirm_delete(True)),
            (self.sure, self._delete),
            (self.keep, lambda: self._confirm_delete(False)),
        ):
            each.clicked.connect(work)
        self.show_runs(())

    def set_idle(self, idle: bool) -> None:
        """Set whether a training can be started."""
        self._idle = idle
        self._show_buttons()

    def show_runs(self, entries: tuple[RunEntry, ...]) -> None:
        """Show the selected runs."""
        if ids_of(entries) != ids_of(self._entries):
            self._confirm_delete(False)
            planned = [max(entry.planned, 1) for entry in entries]
            self.by.setValue(max(planned, default=1))
        self._entries = entries
        self.title.setText(self._title())
        self.title.setToolTip("\n".join(ids_of(entries)))
        message = entries[0].message if len(entries) == 1 else ""
        self.message.setText(message)
        self.message.setVisible(bool(message))
        self.notes.show_entry(entries[0] if len(entries) == 1 else None)
        self.difference.show_runs(ids_of(entries))
        self._show_buttons()

    def _title(self) -> str:
        if not self._entries:
            return _("Select runs to view and compare them.")
        if len(self._entries) > 1:
            count = len(self._entries)
            return ngettext("{count} run", "{count} runs", count).format(count=count)
        entry = self._entries[0]
        return _("Run {number} · {outcome}").format(
            number=entry.number, outcome=outcome_text(entry.outcome)
        )

    def _show_buttons(self) -> None:
        entries = self._entries
        entry = entries[0] if len(entries) == 1 else None
        ended = entry is not None and entry.outcome != "running"
        can = ended and entry is not None and entry.can_resume and self._idle
        done = entry is not None and entry.outcome == "succeeded"
        self.use.setVisible(entry is not None and entry.has_model)
        self.resume.setVisible(can and not done)
        longer = (self.more, self.longer, self.by)
        for widget in longer:
            widget.setVisible(can and done)
        some = bool(entries) and all(e.outcome != "running" for e in entries)
        confirming = self.question.text() != ""
        self.delete.setVisible(some and not confirming)
        self.archive.setVisible(some and not confirming)
        back = bool(entries) and all(e.archived for e in entries)
        self.archive.setText(_("Unarchive") if back else _("Archive"))
        for each in (self.question, self.sure, self.keep):
            each.setVisible(confirming)

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.message)
        for pair in (
            (self.use, self.resume, self.more),
            (self.longer, self.by),
        ):
            column.addLayout(_line(*pair))
        column.addWidget(self.question)
        column.addLayout(_line(self.archive, self.delete, self.sure, self.keep))
        column.addWidget(self.notes)
        column.addWidget(self.difference)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    # Actions.

    def _use(self) -> None:
        chosen = self._studio.services.run_selection
        chosen.choose(self._entries[0].id)
        text = _("Evaluate, Predict and Export now use the model of run {run}.")
        self._studio.notices.good(text.format(run=self._entries[0].number))

    def _resume(self, more: int) -> None:
        self.resume_requested.emit(self._entries[0].id, more)

    def _archive(self) -> None:
        back = all(entry.archived for entry in self._entries)
        for entry in self._entries:
            self._write(entry.id, archived=not back)

    def _confirm_delete(self, on: bool) -> None:
        count = len(self._entries)
        text = ngettext(
            "Delete this run with its model and checkpoints?",
            "Delete {count} runs with their models and checkpoints?",
            count,
        )
        self.question.setText(text.format(count=count) if on else "")
        self._show_buttons()
        if on:
            self.keep.setFocus()

    def _delete(self) -> None:
        folder = self._studio.session.folder
        assert folder is not None, "there are no runs without a project"
        self._confirm_delete(False)
        job = self._studio.engine.text_job(delete_runs, folder, ids_of(self._entries))
        self._begin(job)

    def _write(self, run: str, **changes: object) -> None:
        folder = self._studio.session.folder
        assert folder is not None, "there are no runs without a project"
        self._begin(self._studio.engine.text_job(write_about, folder, run, changes))

    def _begin(self, job: Job[object]) -> None:
        job.on_success(self._done).on_failure(self._studio.notices.error).start()

    def _done(self, _result: object) -> None:
        self._run_monitor.refresh()


def _line(*buttons: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(6)
    for each in buttons:
        if isinstance(each, QPushButton):
            each.setStyleSheet("QPushButton { padding: 4px 8px; }")
        line.addWidget(each)
    line.addStretch(1)
    return line
