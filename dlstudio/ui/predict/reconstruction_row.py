"""One image beside its reconstruction, and whether it is an anomaly."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.features.number_format import short_value
from dlstudio.ui.predict.prediction_row import IMAGE_SIZE, MARGIN, ROW_HEIGHT
from dlstudio.ui.predict.reconstruction_csv import error_of
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.images import scaled_pixmap
from dlstudio.ui.widgets.labels import ElidedLabel, label, set_role
from dlstudio.workers.image_prediction import ImagePrediction


class ReconstructionRow(Card):
    """The image, what the model gives for it, and its error.

    Args:
        theme: Colours and sizes.
        prediction: The prediction to show.
        run: Displayed name of the run that made the prediction.
    """

    def __init__(
        self,
        theme: Theme,
        prediction: ImagePrediction,
        run: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin=MARGIN)
        self.prediction = prediction
        self.setFixedHeight(ROW_HEIGHT)
        answer = prediction.answer
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self._image(theme, prediction))
        words = QVBoxLayout()
        words.setSpacing(4)
        name = ElidedLabel(Path(answer.input).name, "muted")
        name.setToolTip(answer.input)
        words.addWidget(name)
        self.verdict = label("", "title")
        if answer.error:
            words.addWidget(label(_("Unreadable"), "strong"))
            words.addWidget(label(answer.error, "bad", wrap=True), 1)
        else:
            words.addWidget(label(_error_text(prediction), "title"))
            words.addWidget(label(_details(prediction, run), "faint"))
        words.addStretch(1)
        line.addLayout(words, 1)
        line.addWidget(self.verdict)
        self.body.addLayout(line)
        self.setAccessibleName(f"{answer.input}: {answer.error}")

    def show_threshold(self, threshold: float | None) -> None:
        """Show whether the image is an anomaly.

        Args:
            threshold: Error above which it is one; None if there is no threshold.
        """
        error = error_of(self.prediction)
        if error is None or threshold is None:
            self.verdict.setText("")
            return
        anomaly = error > threshold
        self.verdict.setText(_("Anomaly") if anomaly else _("No anomaly"))
        set_role(self.verdict, "bad" if anomaly else "good")
        name = f"{self.prediction.answer.input}: {self.verdict.text()}"
        self.setAccessibleName(f"{name}, {_error_text(self.prediction)}")

    def _image(self, theme: Theme, prediction: ImagePrediction) -> QWidget:
        """The image and its reconstruction."""
        made = QWidget(self)
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        scale = self.devicePixelRatioF()
        for pixels in (prediction.image, prediction.reconstruction):
            shown = QLabel(made)
            shown.setFixedSize(IMAGE_SIZE)
            shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
            if pixels is not None:
                shown.setPixmap(scaled_pixmap(pixels, IMAGE_SIZE, scale))
            elif prediction.answer.error and not line.count():
                none = icon("mdi6.image-broken-variant", theme.colors.line_strong)
                shown.setPixmap(none.pixmap(QSize(32, 32), scale))
            line.addWidget(shown)
        return made


def _error_text(prediction: ImagePrediction) -> str:
    error = error_of(prediction)
    return "" if error is None else _("error {error}").format(error=short_value(error))


def _details(prediction: ImagePrediction, run: str) -> str:
    parts = [_("run {number}").format(number=run)] if run else []
    if prediction.from_checkpoint:
        parts.append(_("from the last checkpoint"))
    return " · ".join(parts)
