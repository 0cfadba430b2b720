"""A placeholder for a view without content."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label


class EmptyState(QWidget):
    """An icon, a title, an explanation, and buttons.

    Args:
        theme: Colours and sizes.
        icon_name: As in `qtawesome`.
        title: Translated title.
        text: Translated explanation.
        buttons: Buttons below the text.
        dashed: Whether to draw a dashed frame, for a drop target.
    """

    def __init__(
        self,
        theme: Theme,
        icon_name: str,
        title: str,
        text: str,
        buttons: tuple[QPushButton, ...] = (),
        dashed: bool = False,
    ) -> None:
        super().__init__()
        self._frame = theme.colors.line_strong if dashed else ""
        column = QVBoxLayout(self)
        column.setSpacing(theme.unit)
        column.addStretch(2)
        icon_label = label("")
        drawn = icon(icon_name, theme.colors.line_strong)
        icon_label.setPixmap(drawn.pixmap(QSize(48, 48), self.devicePixelRatioF()))
        center = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(icon_label, 0, center)
        column.addWidget(label(title, "title"), 0, center)
        words = label(text, "muted", wrap=True)
        words.setAlignment(center)
        words.setFixedWidth(440)
        words.setMinimumHeight(words.heightForWidth(440))
        column.addWidget(words, 0, center)
        row = QHBoxLayout()
        row.setSpacing(theme.unit)
        row.addStretch()
        for each in buttons:
            row.addWidget(each)
        row.addStretch()
        column.addSpacing(theme.unit)
        column.addLayout(row)
        column.addStretch(3)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, if any."""
        if not self._frame:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._frame), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
