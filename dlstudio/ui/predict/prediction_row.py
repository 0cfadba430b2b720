"""One image with its prediction."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.features.probability_bars import MAX_BARS, ProbabilityBars
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.images import scaled_pixmap
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.image_prediction import ImagePrediction

IMAGE_SIZE = QSize(96, 96)
MARGIN = 12
ROW_HEIGHT = IMAGE_SIZE.height() + 2 * MARGIN


class PredictionRow(Card):
    """The image, its label and the top probabilities, or an error message.

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
        self.setFixedHeight(ROW_HEIGHT)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self._image_label(theme, prediction))
        words = QVBoxLayout()
        words.setSpacing(4)
        answer = prediction.answer
        name = ElidedLabel(Path(answer.input).name, "muted")
        name.setToolTip(answer.input)
        words.addWidget(name)
        if answer.error:
            words.addWidget(label(_("Unreadable"), "strong"))
            reason = label(answer.error, "bad", wrap=True)
            reason.setToolTip(answer.error)
            words.addWidget(reason, 1)
        else:
            words.addWidget(label(answer.title or _("no label"), "title"))
            words.addWidget(label(_details(prediction, run), "faint"))
        words.addStretch(1)
        line.addLayout(words, 1)
        if answer.scores:
            line.addWidget(ProbabilityBars(theme, answer.ranked[:MAX_BARS], self), 2)
        self.body.addLayout(line)
        self.prediction = prediction
        self.setAccessibleName(f"{answer.input}: {answer.title or answer.error}")

    def _image_label(self, theme: Theme, prediction: ImagePrediction) -> QLabel:
        scale = self.devicePixelRatioF()
        shown = QLabel(self)
        shown.setFixedSize(IMAGE_SIZE)
        shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if prediction.image is not None:
            shown.setPixmap(scaled_pixmap(prediction.image, IMAGE_SIZE, scale))
        elif prediction.answer.error:
            none = icon("mdi6.image-broken-variant", theme.colors.line_strong)
            shown.setPixmap(none.pixmap(QSize(32, 32), scale))
        return shown


def _details(prediction: ImagePrediction, run: str) -> str:
    parts = [_("{time:.1f} ms").format(time=prediction.milliseconds)]
    if run:
        parts.append(_("run {number}").format(number=run))
    if prediction.from_checkpoint:
        parts.append(_("from the last checkpoint"))
    return " · ".join(parts)
