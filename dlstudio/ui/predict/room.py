"""The Predict room: drop images and see the model's predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.ui.actions import CommandHandler
from dlstudio.ui.predict.drops import recognize_room_drop
from dlstudio.ui.predict.prediction_csv import predictions_csv
from dlstudio.ui.predict.prediction_row import ROW_HEIGHT, PredictionRow
from dlstudio.ui.runs.no_model_state import NoModelState
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.services.predictions import MAX_SHOWN, Predictions
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.drop_zone import DropZone
from dlstudio.ui.widgets.dropped_files import files_of
from dlstudio.ui.widgets.empty_state import EmptyState
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.prediction import ImagePrediction


def make(studio: Studio) -> QWidget:
    """Create the room for the shell."""
    return PredictRoom(studio)


class PredictRoom(QWidget):
    """Images come by drop, paste or dialog; predictions appear one by one."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._predictions = studio.services.predictions
        theme = studio.theme
        self.choice = FileDialogs(self)
        self.picker = RunPicker(studio, parent=self)
        self.open = button(theme, _("Open images…"), "", "mdi6.image-outline")
        self.open_folder = button(theme, _("Open folder…"), "", "mdi6.folder-outline")
        self.stop = button(theme, _("Stop"), "danger", "mdi6.stop")
        self.clear = button(theme, _("Clear"))
        self.save = button(theme, _("Save as CSV…"), "", "mdi6.tray-arrow-down")
        self.note = label("", "muted")
        self.rows: list[PredictionRow] = []
        self._waiting: list[Path] = []
        self._folder = studio.session.folder
        recognize = partial(recognize_room_drop, catalog=studio.session.catalog)
        DropZone(theme, self, recognize, self._take)
        self._build()
        self._connect()
        self._predictions.set_project(studio.session.folder)
        for prediction in self._predictions.answers[:MAX_SHOWN]:
            self._add_row(prediction)
        self._refresh()

    def predict(self, inputs: Sequence[Path]) -> None:
        """Predict files and folders with the selected run's model.

        The files are queued while the project's runs are still being read.
        """
        if not self.picker.known:
            self._waiting += inputs
            self.picker.refresh()
            return
        if not self.picker.run:
            self._studio.notices.error(
                UserError(
                    _("There is no trained model yet."),
                    _("Train the model first."),
                ),
                topic="predict",
            )
            return
        self._predictions.predict(self.picker.run, list(inputs))

    def commands(self) -> Mapping[str, CommandHandler]:
        """The action handlers of this room."""
        return {"edit.paste": CommandHandler(self.paste)}

    def paste(self) -> None:
        """Predict the clipboard's contents: files or an image."""
        if not self._take(QGuiApplication.clipboard().mimeData()):
            self._studio.notices.info(_("There is no image on the clipboard."))

    def _take(self, data: QMimeData) -> bool:
        files = list(files_of(data))
        if not files and data.hasImage():
            image = data.imageData()
            path = (
                self._predictions.store_image(image)
                if isinstance(image, QImage)
                else None
            )
            files = [path] if path else []
        if files:
            self.predict(files)
        return bool(files)

    def showEvent(self, event: QShowEvent) -> None:
        """Another project may have been opened in the meantime."""
        super().showEvent(event)
        self._opened()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.picker)
        top.addStretch(1)
        for each in (self.open, self.open_folder):
            top.addWidget(each)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.note, 1)
        for each in (self.stop, self.clear, self.save):
            below.addWidget(each)
        self._stack = QStackedWidget(self)
        self._untrained = NoModelState(
            self._studio, _("Train the model to see predictions.")
        )
        for page in (self._empty(), self._list(), self._untrained):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addLayout(below)

    def _empty(self) -> EmptyState:
        theme = self._studio.theme
        first = button(theme, _("Open images…"), "primary", "mdi6.image-outline")
        folder = button(theme, _("Open folder…"), "", "mdi6.folder-outline")
        paste = button(theme, _("Paste"), "", "mdi6.content-paste")
        first.clicked.connect(self._choose_files)
        folder.clicked.connect(self._choose_folder)
        paste.clicked.connect(self.paste)
        return EmptyState(
            theme,
            "mdi6.image-plus",
            _("Drop images or a folder here"),
            _("Or paste an image. The model of the selected run predicts its class."),
            (first, folder, paste),
            dashed=True,
        )

    def _list(self) -> QScrollArea:
        self._inside = inside = QWidget()
        inside.setProperty("role", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(_("Predictions"))
        area.setWidget(inside)
        return area

    def _connect(self) -> None:
        self.open.clicked.connect(self._choose_files)
        self.open_folder.clicked.connect(self._choose_folder)
        self.stop.clicked.connect(self._predictions.stop)
        self.clear.clicked.connect(self._predictions.clear)
        self.save.clicked.connect(self._choose_csv)
        self._predictions.added.connect(self._add_result)
        self._predictions.changed.connect(self._refresh)
        self.picker.filled.connect(self._refresh)
        self.picker.filled.connect(self._predict_waiting)
        self._studio.engine.state_changed.connect(self._refresh)
        self._studio.session.saved_changed.connect(self._opened)

    def _add_result(self, prediction: ImagePrediction) -> None:
        if len(self.rows) < MAX_SHOWN:
            self._add_row(prediction)
        self._refresh()

    def _add_row(self, prediction: ImagePrediction) -> None:
        names = self._studio.services.run_names
        row = PredictionRow(
            self._studio.theme, prediction, names.name(prediction.run), self
        )
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        self._update_height()

    def _update_height(self) -> None:
        """Update the minimum height at once: otherwise the layout squeezes new rows."""
        count = len(self.rows)
        self._inside.setMinimumHeight(count * (ROW_HEIGHT + self._column.spacing()))

    def _predict_waiting(self) -> None:
        """Predict the files queued before the runs were known."""
        if self._waiting and self.picker.known:
            inputs, self._waiting = self._waiting, []
            self.predict(inputs)

    def _opened(self) -> None:
        """Discard the queue: it belongs to another project."""
        folder = self._studio.session.folder
        if folder != self._folder:
            self._folder = folder
            self._waiting.clear()
            self.picker.refresh()
        self._predictions.set_project(folder)

    def _refresh(self) -> None:
        found, running = self._predictions.answers, self._predictions.running
        if not found:
            self._remove_rows()
        untrained = self.picker.untrained
        self._stack.setCurrentIndex(1 if found or running else 2 * untrained)
        for each in (self.open, self.open_folder):
            each.setVisible(bool(found or running))
        self.stop.setVisible(running)
        for each in (self.clear, self.save):
            each.setVisible(bool(found))
            each.setEnabled(not running)
        loading = self._studio.engine.state in ("idle", "loading")
        self.note.setText(_note(self._predictions, loading))

    def _remove_rows(self) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows.clear()
        self._update_height()

    def _choose_files(self) -> None:
        self.choice.files(_("Open images"), self.predict)

    def _choose_folder(self) -> None:
        self.choice.folder(_("Open image folder"), self.predict)

    def _choose_csv(self) -> None:
        folder = self._studio.session.folder or Path.home()
        title, place = _("Save predictions"), folder / "predictions.csv"
        self.choice.place(title, place, self.save_csv, "CSV (*.csv)")

    def save_csv(self, path: Path) -> None:
        """Write all predictions as CSV."""
        try:
            # The byte order mark lets spreadsheets detect UTF-8.
            paths.write_bytes(
                path, predictions_csv(self._predictions.answers).encode("utf-8-sig")
            )
        except UserError as error:
            self._studio.notices.error(error)
        else:
            self._studio.notices.good(_("Saved to {path}.").format(path=path))


def _note(predictions: Predictions, loading: bool) -> str:
    count = len(predictions.answers)
    if predictions.running and loading:
        return _("TensorFlow is still loading.")
    if not count:
        return _("Predicting…") if predictions.running else ""
    if predictions.running and predictions.expected > count:
        text = _("{count} of {total} images").format(
            count=f"{count:,}", total=f"{predictions.expected:,}"
        )
    else:
        text = ngettext("{count} image", "{count} images", count)
        text = text.format(count=count)
    parts = [text]
    if predictions.unreadable:
        parts.append(_("{count} unreadable").format(count=predictions.unreadable))
    if count > MAX_SHOWN:
        parts.append(_("first {count} shown").format(count=MAX_SHOWN))
    if predictions.running:
        parts.append(_("predicting…"))
    return " · ".join(parts)
