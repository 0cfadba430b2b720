"""What somebody wrote about a run, what can be done with it, how two differ."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _, ngettext
from dlstudio.ui.runs.chosen import ChosenRun
from dlstudio.ui.runs.words import outcome_text, short_id
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.runs_model import ids_of
from dlstudio.ui.train.watching import RunsWatch
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.runtable import RunEntry, compare_runs, delete_runs, write_about

NOTE_LINES = 2


class RunDetails(QFrame):
    """Follows the selection of the table.

    Signals:
        go_on: A run's id, and epochs to train up to (0: as planned).
    """

    go_on = Signal(str, int)

    def __init__(
        self, studio: Studio, watch: RunsWatch, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._watch = watch
        self._entries: tuple[RunEntry, ...] = ()
        self._compared: tuple[str, ...] = ()
        self._idle = True
        self.title = label("", "strong", wrap=True)
        self.name = QLineEdit(self)
        self.tags = QLineEdit(self)
        self.note = QPlainTextEdit(self)
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(NOTE_LINES * self.fontMetrics().height() + 16)
        self.note.installEventFilter(self)
        self.difference = label("", wrap=True)
        theme = studio.theme
        self.use = button(theme, _("Use this model"), "", "mdi6.check")
        self.resume = button(theme, _("Go on"), "", "mdi6.play")
        self.more = button(theme, _("One more epoch"))
        self.longer = button(theme, _("Train longer"))
        self.archive = button(theme, _("Archive"), "ghost")
        self.delete = button(theme, _("Delete…"), "danger")
        self.sure = button(theme, _("Delete"), "danger")
        self.keep = button(theme, _("Keep"))
        self.question = label("", "bad", wrap=True)
        self._fields = (self.name, self.tags, self.note)
        self._build()
        self.name.editingFinished.connect(self._write_name)
        self.tags.editingFinished.connect(self._write_tags)
        for each, work in (
            (self.use, self._use),
            (self.resume, lambda: self._go_on(0)),
            (self.more, lambda: self._go_on(1)),
            (self.longer, self._train_longer),
            (self.archive, self._archive),
            (self.delete, lambda: self._ask(True)),
            (self.sure, self._delete),
            (self.keep, lambda: self._ask(False)),
        ):
            each.clicked.connect(work)
        self.show_runs(())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The note is kept when it is left."""
        if watched is self.note and event.type() == QEvent.Type.FocusOut:
            self._write_note()
        return super().eventFilter(watched, event)

    def set_idle(self, idle: bool) -> None:
        """Whether a training can begin now."""
        self._idle = idle
        self._show_buttons()

    def show_runs(self, entries: tuple[RunEntry, ...]) -> None:
        """Show what is selected."""
        if ids_of(entries) != ids_of(self._entries):
            self._write_note()
            self._ask(False)
        before, self._entries = self._entries, entries
        single = len(entries) == 1
        for field in self._fields:
            field.setVisible(single)
        self.title.setText(self._title())
        if single:
            self._show_fields(entries[0], before[:1] == entries[:1])
        self._compare()
        self._show_buttons()

    def _title(self) -> str:
        if not self._entries:
            return _("Select runs to see and compare them.")
        if len(self._entries) > 1:
            count = len(self._entries)
            return ngettext("{count} run", "{count} runs", count).format(count=count)
        entry = self._entries[0]
        return _("Run {number} ({id}) · {outcome}").format(
            number=entry.number,
            id=short_id(entry.id),
            outcome=outcome_text(entry.outcome),
        )

    def _show_fields(self, entry: RunEntry, same: bool) -> None:
        if same:
            return
        for field, text in (
            (self.name, entry.name),
            (self.tags, " ".join(entry.tags)),
        ):
            if not field.isModified() and field.text() != text:
                field.setText(text)
        if not self.note.document().isModified():
            self.note.setPlainText(entry.note)
            self.note.document().setModified(False)

    def _show_buttons(self) -> None:
        entries = self._entries
        entry = entries[0] if len(entries) == 1 else None
        ended = entry is not None and entry.outcome != "running"
        can = ended and entry is not None and entry.can_go_on and self._idle
        done = entry is not None and entry.outcome == "succeeded"
        self.use.setVisible(entry is not None and entry.has_model)
        self.resume.setVisible(can and not done)
        self.more.setVisible(can and done)
        self.longer.setVisible(can and done)
        some = bool(entries) and all(e.outcome != "running" for e in entries)
        asking = self.question.text() != ""
        self.delete.setVisible(some and not asking)
        self.archive.setVisible(some and not asking)
        back = bool(entries) and all(e.archived for e in entries)
        self.archive.setText(_("Take back") if back else _("Archive"))
        for each in (self.question, self.sure, self.keep):
            each.setVisible(asking)

    def _build(self) -> None:
        for field, text in (
            (self.name, _("Name")),
            (self.tags, _("Tags, with spaces between")),
            (self.note, _("Note")),
        ):
            field.setPlaceholderText(text)
            field.setAccessibleName(text)
        inside = QWidget()
        inside.setProperty("role", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        column.addWidget(self.title)
        for pair in (
            (self.use, self.resume),
            (self.more, self.longer),
        ):
            column.addLayout(_line(*pair))
        column.addWidget(self.question)
        column.addLayout(_line(self.archive, self.delete, self.sure, self.keep))
        for each in (*self._fields, self.difference):
            column.addWidget(each)
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

    # What is done.

    def _use(self) -> None:
        chosen = self._studio.kept.get("chosen-run", ChosenRun)
        chosen.choose(self._entries[0].id)
        text = _("Run {run} is the model that Evaluate, Predict and Export ask.")
        self._studio.notices.good(text.format(run=self._entries[0].number))

    def _go_on(self, more: int) -> None:
        entry = self._entries[0]
        self.go_on.emit(entry.id, entry.epochs + more if more else 0)

    def _train_longer(self) -> None:
        entry = self._entries[0]
        planned = self._studio.session.project.plan.epochs
        self.go_on.emit(entry.id, entry.epochs + max(planned, 1))

    def _archive(self) -> None:
        back = all(entry.archived for entry in self._entries)
        for entry in self._entries:
            self._write(entry.id, archived=not back)

    def _ask(self, on: bool) -> None:
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
        self._ask(False)
        job = self._studio.engine.text_job(delete_runs, folder, ids_of(self._entries))
        self._begin(job)

    def _write_name(self) -> None:
        if self.name.isModified() and len(self._entries) == 1:
            self.name.setModified(False)
            self._write(self._entries[0].id, name=self.name.text().strip())

    def _write_tags(self) -> None:
        if self.tags.isModified() and len(self._entries) == 1:
            self.tags.setModified(False)
            tags = tuple(t.lstrip("#") for t in self.tags.text().split())
            self._write(self._entries[0].id, tags=tags)

    def _write_note(self) -> None:
        if self.note.document().isModified() and len(self._entries) == 1:
            self.note.document().setModified(False)
            self._write(self._entries[0].id, note=self.note.toPlainText().strip())

    def _write(self, run: str, **changes: Any) -> None:
        folder = self._studio.session.folder
        assert folder is not None, "there are no runs without a project"
        self._begin(self._studio.engine.text_job(write_about, folder, run, changes))

    def _begin(self, job: Any) -> None:
        job.on_success(self._done).on_failure(self._studio.notices.error).start()

    def _done(self, _result: object) -> None:
        self._watch.refresh()

    # How two differ.

    def _compare(self) -> None:
        pair = tuple(sorted(ids_of(self._entries))) if len(self._entries) == 2 else ()
        self.difference.setVisible(bool(pair))
        folder = self._studio.session.folder
        if pair == self._compared or folder is None:
            return
        self._compared = pair
        self.difference.setText("")
        if pair:
            job = self._studio.engine.text_job(compare_runs, folder, *pair)
            job.on_success(self._show_difference)
            job.on_failure(self._studio.notices.error).start()

    def _show_difference(self, found: Any) -> None:
        parts = []
        for title, changes in (
            (_("Model"), found.graph),
            (_("Plan"), found.plan),
            (_("Data"), found.data),
        ):
            if changes:
                parts.append(f"{title}: {', '.join(changes)}")
        self.difference.setText("\n".join(parts) or _("They train the same."))


def _line(*buttons: QPushButton) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(6)
    for each in buttons:
        each.setStyleSheet("QPushButton { padding: 4px 8px; }")
        line.addWidget(each)
    line.addStretch(1)
    return line
