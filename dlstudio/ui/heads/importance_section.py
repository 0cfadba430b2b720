"""How much each feature matters, as bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dlstudio.document.feature_sections import FeatureImportance, Importance
from dlstudio.i18n import _
from dlstudio.ui.heads.metric_format import metric_title, metric_value
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label

BAR_HEIGHT, MAX_BARS = 26, 20
MAX_NAME_WIDTH, VALUE_WIDTH = 160, 64.0


class ImportanceSection(ReportSection):
    """The features with the longest bars first.

    Args:
        theme: Colours and sizes.
        section: The features.
    """

    def __init__(
        self, theme: Theme, section: Importance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = _("Feature importance")
        metric = metric_title(section.metric)
        note = _("Change of “{metric}” if permuted").format(metric=metric)
        card = titled_card(theme, title, note, self)
        self.bars = ImportanceBars(theme, section, card)
        card.body.addWidget(self.bars)
        left = len(section.features) - MAX_BARS
        if left > 0:
            text = _("and {count} more").format(count=left)
            card.body.addWidget(label(text, "faint"))
        card.body.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)


class ImportanceBars(QWidget):
    """One bar for each feature, with the deviation of its length."""

    def __init__(self, theme: Theme, section: Importance, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._metric = section.metric
        ranked = sorted(section.features, key=lambda each: -each.loss)
        self._features = ranked[:MAX_BARS]
        self._font = text_font(theme)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = [f"{each.feature} {self._value(each)}" for each in self._features]
        self.setAccessibleName(", ".join(words))
        self.setToolTip("\n".join(words))

    def sizeHint(self) -> QSize:
        return QSize(280, BAR_HEIGHT * len(self._features))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        metrics = QFontMetrics(self._font)
        names = [metrics.horizontalAdvance(each.feature) for each in self._features]
        name_width = float(min(max(names, default=0) + 2, MAX_NAME_WIDTH))
        name_width = min(name_width, self.width() / 3)
        full = max(self.width() - name_width - VALUE_WIDTH - 16, 20.0)
        most = max((each.loss + each.deviation for each in self._features), default=0)
        for number, each in enumerate(self._features):
            top = number * BAR_HEIGHT
            name = metrics.elidedText(
                each.feature, Qt.TextElideMode.ElideMiddle, int(name_width)
            )
            self._text(painter, QRectF(0, top, name_width, BAR_HEIGHT), name)
            track = QRectF(name_width + 8, top + BAR_HEIGHT / 2 - 4, full, 8)
            self._bar(painter, track, self._theme.colors.line)
            if most > 0 and each.loss > 0:
                scale = full / most
                track.setWidth(max(scale * each.loss, 3))
                self._bar(painter, track, self._theme.colors.accent)
                self._whisker(painter, track, scale * each.deviation)
            place = QRectF(self.width() - VALUE_WIDTH, top, VALUE_WIDTH, BAR_HEIGHT)
            self._text(painter, place, self._value(each), right=True)
        painter.end()

    def _value(self, feature: FeatureImportance) -> str:
        return metric_value(self._metric, feature.loss)

    def _text(
        self, painter: QPainter, area: QRectF, text: str, right: bool = False
    ) -> None:
        colors = self._theme.colors
        painter.setPen(QColor(colors.text_muted if right else colors.text))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _bar(self, painter: QPainter, area: QRectF, color: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawRoundedRect(area, 4, 4)

    def _whisker(self, painter: QPainter, bar: QRectF, length: float) -> None:
        if length >= 1:
            painter.setPen(QPen(QColor(self._theme.colors.text_muted), 1.5))
            middle = bar.center().y()
            left, right = bar.right() - length, bar.right() + length
            painter.drawLine(int(left), int(middle), int(right), int(middle))
