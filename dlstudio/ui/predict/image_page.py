"""The page for models that predict from a single image."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage
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
from dlstudio.ui.predict.drops import recognize_images
from dlstudio.ui.predict.page import PredictPage
from dlstudio.ui.predict.prediction_csv import predictions_csv
from dlstudio.ui.predict.prediction_row import ROW_HEIGHT, PredictionRow
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.services.predictions import MAX_SHOWN, Predictions
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.dropped_files import Drop, files_of
from dlstudio.ui.widgets.empty_state import EmptyState
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.image_prediction import ImagePrediction


class ImagePage(PredictPage):
    """Images come by drop, paste or dialog; predictions appear one by one."""

    def __init__(
        self, studio: Studio, picker: RunPicker, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, picker, parent)
        self._predictions = self._service()
        theme = studio.theme
        self.choice = FileDialogs(self)
        self.open = button(theme, _("Open images…"), "", "mdi6.image-outline")
        self.open_folder = button(theme, _("Open folder…"), "", "mdi6.folder-outline")
        self.stop = button(theme, _("Stop"), "danger", "mdi6.stop")
        self.clear = button(theme, _("Clear"))
        self.save = button(theme, _("Save as CSV…"), "", "mdi6.tray-arrow-down")
        self.note = label("", "muted")
        self.rows: list[QWidget] = []
        self._build()
        self._connect()
        self._predictions.set_project(studio.session.folder)
        for prediction in self._predictions.answers[:MAX_SHOWN]:
            self._add_row(prediction)
        self._refresh()

    def _service(self) -> Predictions:
        """What predicts, and keeps the predictions."""
        return self._studio.services.predictions

    def _hint(self) -> str:
        """What the empty page says of the model."""
        return _("Or paste an image. The model of the selected run predicts its class.")

    def _row(self, prediction: ImagePrediction, run: str) -> QWidget:
        """How a prediction is shown, `ROW_HEIGHT` high.

        Args:
            prediction: What is shown.
            run: Displayed name of its run.
        """
        return PredictionRow(self._studio.theme, prediction, run, self)

    def _csv(self) -> str:
        """All predictions as CSV."""
        return predictions_csv(self._predictions.answers)

    @property
    def is_filled(self) -> bool:
        """Whether there are predictions, or a job that makes some."""
        return bool(self._predictions.answers) or self._predictions.running

    @property
    def nothing_pasted(self) -> str:
        """See `PredictPage`."""
        return _("There is no image on the clipboard.")

    def recognize(self, mime: QMimeData) -> Drop | None:
        """See `PredictPage`."""
        return recognize_images(mime, self._studio.session.catalog)

    def files_in(self, mime: QMimeData) -> list[Path]:
        """See `PredictPage`; an image that is no file is stored as one."""
        files = list(files_of(mime))
        if not files and mime.hasImage():
            image = mime.imageData()
            path = (
                self._predictions.store_image(image)
                if isinstance(image, QImage)
                else None
            )
            files = [path] if path else []
        return files

    def predict(self, run: str, inputs: Sequence[Path]) -> None:
        """See `PredictPage`; folders are searched for images."""
        self._predictions.predict(run, list(inputs))

    def opened(self) -> None:
        """See `PredictPage`."""
        self._predictions.set_project(self._studio.session.folder)

    def _build(self) -> None:
        top = QHBoxLayout(self.tools)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(8)
        top.addStretch(1)
        for each in (self.open, self.open_folder):
            top.addWidget(each)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.note, 1)
        for each in (self.stop, self.clear, self.save):
            below.addWidget(each)
        self._stack = QStackedWidget(self)
        for page in (self._empty(), self._list()):
            self._stack.addWidget(page)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(12)
        self._lines.addWidget(self._stack, 1)
        self._lines.addLayout(below)

    def _empty(self) -> EmptyState:
        theme = self._studio.theme
        first = button(theme, _("Open images…"), "primary", "mdi6.image-outline")
        folder = button(theme, _("Open folder…"), "", "mdi6.folder-outline")
        paste = button(theme, _("Paste"), "", "mdi6.content-paste")
        first.clicked.connect(self._choose_files)
        folder.clicked.connect(self._choose_folder)
        paste.clicked.connect(self.paste_requested)
        return EmptyState(
            theme,
            "mdi6.image-plus",
            _("Drop images or a folder here"),
            self._hint(),
            (first, folder, paste),
            dashed=True,
        )

    def _list(self) -> QScrollArea:
        self._inside = inside = QWidget()
        inside.setProperty("role", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(2, 2, 8, 2)  # inside of the focus ring
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
        self._studio.engine.state_changed.connect(self._refresh)

    def _add_result(self, prediction: ImagePrediction) -> None:
        if len(self.rows) < MAX_SHOWN:
            self._add_row(prediction)
        self._refresh()

    def _add_row(self, prediction: ImagePrediction) -> None:
        names = self._studio.services.run_names
        row = self._row(prediction, names.name(prediction.run))
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        self._update_height()

    def _update_height(self) -> None:
        """Update the minimum height at once: otherwise the layout squeezes new rows."""
        count = len(self.rows)
        self._inside.setMinimumHeight(count * (ROW_HEIGHT + self._column.spacing()))

    def _refresh(self) -> None:
        found, running = self._predictions.answers, self._predictions.running
        if not found:
            self._remove_rows()
        self._stack.setCurrentIndex(1 if found or running else 0)
        for each in (self.open, self.open_folder):
            each.setVisible(bool(found or running))
        self.stop.setVisible(running)
        for each in (self.clear, self.save):
            each.setVisible(bool(found))
            each.setEnabled(not running)
        loading = self._studio.engine.state in ("idle", "loading")
        self.note.setText(_note(self._predictions, loading))
        self.changed.emit()

    def _remove_rows(self) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows.clear()
        self._update_height()

    def _choose_files(self) -> None:
        self.choice.files(_("Open images"), self.files_chosen.emit)

    def _choose_folder(self) -> None:
        self.choice.folder(_("Open image folder"), self.files_chosen.emit)

    def _choose_csv(self) -> None:
        folder = self._studio.session.folder or Path.home()
        title, place = _("Save predictions"), folder / "predictions.csv"
        self.choice.place(title, place, self.save_csv, "CSV (*.csv)")

    def save_csv(self, path: Path) -> None:
        """Write all predictions as CSV."""
        try:
            # The byte order mark lets spreadsheets detect UTF-8.
            paths.write_bytes(path, self._csv().encode("utf-8-sig"))
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
