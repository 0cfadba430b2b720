"""The page for models that give images back."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.number_text import read_number
from dlstudio.ui.features.number_format import short_value
from dlstudio.ui.heads.head_view import implementation, method_view
from dlstudio.ui.predict.image_page import ImagePage
from dlstudio.ui.predict.reconstruction_csv import (
    error_of,
    reconstructions_csv,
    threshold_of,
)
from dlstudio.ui.predict.reconstruction_row import ReconstructionRow
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.services.predictions import Predictions
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.image_prediction import ImagePrediction

FIELD_WIDTH = 96


class ReconstructionPage(ImagePage):
    """Images beside their reconstructions; the threshold of anomalies can be changed.

    Args:
        studio: The window's services, theme and navigation.
        picker: Selects the run.

    Attributes:
        field: The threshold; that of the run's evaluation until it is changed.
        generator: Makes new images, where the training method of the run allows it.
    """

    def __init__(
        self, studio: Studio, picker: RunPicker, parent: QWidget | None = None
    ) -> None:
        self.threshold: float | None = None
        self._own = False
        self.generator: QWidget | None = None
        self._generate = ""
        self.field = QLineEdit()
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.setAccessibleName(_("Anomaly threshold"))
        self.field.setPlaceholderText(_("none"))
        self.anomalies = label("", "strong")
        super().__init__(studio, picker, parent)
        self.field.textEdited.connect(self._typed)
        self.field.editingFinished.connect(self._show_field)
        self.opened()

    def opened(self) -> None:
        """See `PredictPage`; the training method may have a panel of its own."""
        super().opened()
        catalog = self._studio.session.catalog
        name = method_view(self._picker.method, catalog).generate
        if name != self._generate:
            self._generate = name
            self._replace_generator()

    def _build(self) -> None:
        super()._build()
        self._bar = QWidget(self)
        line = QHBoxLayout(self._bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(label(_("Anomaly threshold"), "muted"))
        line.addWidget(self.field)
        line.addWidget(self.anomalies)
        line.addStretch(1)
        self._lines.insertWidget(0, self._bar)

    def _service(self) -> Predictions:
        return self._studio.services.reconstructions

    def _hint(self) -> str:
        return _("Or paste an image. The model of the selected run reconstructs it.")

    def _row(self, prediction: ImagePrediction, run: str) -> QWidget:
        if self.threshold is None and not self._own:
            self.threshold = threshold_of(prediction)
            self._show_field()
        row = ReconstructionRow(self._studio.theme, prediction, run, self)
        row.show_threshold(self.threshold)
        return row

    def _csv(self) -> str:
        return reconstructions_csv(self._predictions.answers, self.threshold)

    def _refresh(self) -> None:
        super()._refresh()
        found = self._predictions.answers
        if not found:
            self.threshold, self._own = None, False
            self._show_field()
        self._bar.setVisible(bool(found))
        self._show_count()

    def _typed(self, text: str) -> None:
        try:
            value = read_number(text) if text.strip() else None
        except UserError:
            return  # restored when the field is left
        self.threshold, self._own = value, True
        for row in self.rows:
            if isinstance(row, ReconstructionRow):
                row.show_threshold(value)
        self._show_count()

    def _show_field(self) -> None:
        value = self.threshold
        self.field.setText("" if value is None else short_value(value))

    def _show_count(self) -> None:
        if self.threshold is None:
            self.anomalies.setText(
                _("Evaluate the run to choose one.") if self.rows else ""
            )
            return
        errors = map(error_of, self._predictions.answers)
        count = sum(each is not None and each > self.threshold for each in errors)
        text = ngettext("{count} anomaly", "{count} anomalies", count)
        self.anomalies.setText(text.format(count=count))

    def _replace_generator(self) -> None:
        if self.generator is not None:
            self._lines.removeWidget(self.generator)
            self.generator.hide()
            self.generator.deleteLater()
            self.generator = None
        if self._generate:
            made = implementation(self._generate)(self._studio, self._picker, self)
            self.generator = made
            self._lines.insertWidget(0, made)
