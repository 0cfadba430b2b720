"""One image with its prediction."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.images import scaled_pixmap
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.prediction import ImagePrediction

IMAGE_SIZE = QSize(96, 96)
MARGIN = 12
ROW_HEIGHT = IMAGE_SIZE.height() + 2 * MARGIN
MAX_BARS = 5
BAR_HEIGHT = 20
MAX_NAME_WIDTH = 180
MIN_SHARE = 0.0005  # smaller probabilities are displayed as 0.0 %


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


class ProbabilityBars(QWidget):
    """Labels with probability bars, in descending order."""

    def __init__(
        self, theme: Theme, scores: tuple[tuple[str, float], ...], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scores = scores
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        scores_text = ", ".join(f"{name} {percent(score)}" for name, score in scores)
        self.setAccessibleName(scores_text)
        self.setToolTip(scores_text)

    def sizeHint(self) -> QSize:
        return QSize(280, BAR_HEIGHT * len(self._scores))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(self._theme, self._theme.small_size))
        name_width, share_width = self._name_width(painter.fontMetrics()), 56.0
        full = max(self.width() - name_width - share_width - 16, 20.0)
        for number, (name, score) in enumerate(self._scores):
            top = number * BAR_HEIGHT
            self._text(
                painter, QRectF(0, top, name_width, BAR_HEIGHT), name, number == 0
            )
            track = QRectF(name_width + 8, top + 7, full, 6)
            self._bar(painter, track, self._theme.colors.line)
            if score >= MIN_SHARE:
                track.setWidth(max(full * min(score, 1.0), 3))
                strong = number == 0
                colors = self._theme.colors
                self._bar(painter, track, colors.accent if strong else colors.edge)
            share = QRectF(self.width() - share_width, top, share_width, BAR_HEIGHT)
            painter.setPen(QColor(self._theme.colors.text_muted))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(share, right, percent(score))
        painter.end()

    def _name_width(self, metrics: QFontMetrics) -> float:
        """Width of the longest label, up to a limit."""
        longest = max(metrics.horizontalAdvance(name) for name, _score in self._scores)
        return float(min(longest + 2, MAX_NAME_WIDTH, self.width() // 2))

    def _text(self, painter: QPainter, area: QRectF, text: str, strong: bool) -> None:
        colors = self._theme.colors
        painter.setPen(QColor(colors.text if strong else colors.text_muted))
        elided = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, elided)

    def _bar(self, painter: QPainter, area: QRectF, color: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawRoundedRect(area, 3, 3)
