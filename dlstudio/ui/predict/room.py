"""The Predict room: drop pictures, see what the model says."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.ui.predict.row import AnswerRow
from dlstudio.ui.runs.picker import RunPicker
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.empty import EmptyState
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.asking import Answer, Models, predict_files
from dlstudio.workers.jobs import Job

MOST_ROWS = 500


def make(studio: Studio) -> QWidget:
    """The room, for the shell."""
    return PredictRoom(studio)


class Answers(QObject):
    """What was answered; outlives the room's widgets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Answer] = []


class PredictRoom(QWidget):
    """Pictures come by drop, by paste or from a dialog; answers appear one by one."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._models = studio.kept.get("models", Models)
        self._answers = studio.kept.get("answers", Answers)
        self._pasted = pasted = tempfile.TemporaryDirectory(prefix="dlstudio-pasted-")
        # Not the method alone: it would be forgotten before the room is gone.
        self.destroyed.connect(lambda: pasted.cleanup())
        self._pasted_count = 0
        self._job: Job | None = None
        self.setAcceptDrops(True)
        self.picker = RunPicker(studio, self)
        self.open = QPushButton(_("Open pictures…"), self)
        self.open_folder = QPushButton(_("Open a folder…"), self)
        self.stop = QPushButton(_("Stop"), self)
        self.clear = QPushButton(_("Clear"), self)
        self.save = QPushButton(_("Save as CSV…"), self)
        self.note = label("", "muted")
        self._rows: list[AnswerRow] = []
        self._build()
        self._connect()
        for answer in self._answers.found[:MOST_ROWS]:
            self._add_row(answer)
        self._refresh()

    def ask(self, inputs: list[Path]) -> None:
        """Ask the chosen run's model about files and folders."""
        folder, run = self._studio.session.folder, self.picker.run
        if folder is None or not run:
            self._studio.notices.error(
                UserError(
                    _("There is no trained model to ask yet."),
                    _("Train the project first."),
                )
            )
            return
        if self._studio.engine.state != "ready":
            self._studio.notices.info(_("TensorFlow is still being loaded."))
        if self._job is not None:
            self._job.cancel()
        catalog = self._studio.session.catalog
        job = self._studio.engine.ask(
            predict_files, self._models, catalog, folder, run, inputs
        )
        job.on_progress(self._answered).on_failure(self._studio.notices.error)
        self._job = job.on_end(self._ended).start()
        self._refresh()

    def paste(self) -> None:
        """Ask about what is on the clipboard: files or a picture."""
        self._take(QGuiApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures may be dropped."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask about what was dropped."""
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def _take(self, data: QMimeData) -> bool:
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if files:
            self.ask(files)
            return True
        if data.hasImage():
            self._pasted_count += 1
            path = Path(self._pasted.name, f"{self._pasted_count}.png")
            image = QGuiApplication.clipboard().image()
            if image.save(str(path)):
                self.ask([path])
                return True
        return False

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.picker)
        top.addStretch(1)
        for button in (self.open, self.open_folder):
            top.addWidget(button)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.note, 1)
        for button in (self.stop, self.clear, self.save):
            below.addWidget(button)
        inside = QWidget()
        inside.setProperty("role", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        empty = EmptyState(
            self._studio.theme,
            "mdi6.image-plus",
            _("Drop pictures or a folder here"),
            _("Or paste one. The chosen run's model says what is on them."),
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(area)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addLayout(below)

    def _connect(self) -> None:
        self.open.clicked.connect(self._choose_files)
        self.open_folder.clicked.connect(self._choose_folder)
        self.stop.clicked.connect(self._stop)
        self.clear.clicked.connect(self._clear)
        self.save.clicked.connect(self._choose_csv)
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.paste)

    def _answered(self, told: object) -> None:
        if isinstance(told, Answer):
            self._answers.found.append(told)
            if len(self._rows) < MOST_ROWS:
                self._add_row(told)
            self._refresh()

    def _add_row(self, answer: Answer) -> None:
        row = AnswerRow(self._studio.theme, answer, self)
        self._rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)

    def _ended(self, _outcome: str) -> None:
        self._job = None
        self._refresh()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _clear(self) -> None:
        self._answers.found.clear()
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows.clear()
        self._refresh()

    def _refresh(self) -> None:
        found, running = self._answers.found, self._job is not None
        self._stack.setCurrentIndex(1 if found or running else 0)
        self.stop.setVisible(running)
        self.clear.setEnabled(bool(found) and not running)
        self.save.setEnabled(bool(found) and not running)
        self.note.setText(_note(found, running))

    def _choose_files(self) -> None:
        names, _filter = QFileDialog.getOpenFileNames(self, _("Open pictures"))
        if names:
            self.ask([Path(name) for name in names])

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Open a folder of pictures"))
        if name:
            self.ask([Path(name)])

    def _choose_csv(self) -> None:
        folder = self._studio.session.folder or Path.home()
        name, _filter = QFileDialog.getSaveFileName(
            self,
            _("Save the predictions"),
            str(folder / "predictions.csv"),
            "CSV (*.csv)",
        )
        if name:
            self.save_csv(Path(name))

    def save_csv(self, path: Path) -> None:
        """Write all answers as a table."""
        try:
            # The mark at the beginning lets spreadsheets read other scripts' names.
            paths.write_bytes(path, table(self._answers.found).encode("utf-8-sig"))
        except UserError as error:
            self._studio.notices.error(error)
        else:
            self._studio.notices.good(_("Saved as {path}.").format(path=path))


def _note(found: list[Answer], running: bool) -> str:
    if not found:
        return _("Asking the model…") if running else ""
    unreadable = sum(bool(each.error) for each in found)
    text = ngettext("{count} picture", "{count} pictures", len(found))
    parts = [text.format(count=len(found))]
    if unreadable:
        parts.append(_("{count} unreadable").format(count=unreadable))
    if len(found) > MOST_ROWS:
        parts.append(_("the first {count} are shown").format(count=MOST_ROWS))
    if running:
        parts.append(_("asking…"))
    return " · ".join(parts)


def table(answers: list[Answer]) -> str:
    """All answers as CSV: input, label, score, error, then a column a class."""
    names = sorted({name for each in answers for name, _score in each.scores})
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["input", "label", "score", "error", *names])
    for each in answers:
        scores = dict(each.scores)
        best = f"{each.scores[0][1]:.6f}" if each.scores else ""
        cells = [f"{scores[name]:.6f}" if name in scores else "" for name in names]
        writer.writerow([each.path, each.label, best, each.error, *cells])
    return stream.getvalue()
