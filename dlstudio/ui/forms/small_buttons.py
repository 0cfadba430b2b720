"""Small buttons inside fields, painted in the palette's colours."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget


class StepButton(QAbstractButton):
    """Step button of a number field; repeats while it is held.

    For the mouse only: the keyboard uses the arrow keys in the field.
    """

    def __init__(self, up: bool, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._up = up
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoRepeat(True)
        self.setAutoRepeatDelay(400)
        self.setAutoRepeatInterval(60)

    def sizeHint(self) -> QSize:
        """Half the height of a field."""
        return QSize(16, 11)

    def paintEvent(self, event: QPaintEvent) -> None:
        role = QPalette.ColorRole
        strong = self.underMouse() and self.isEnabled()
        color = QColor(
            self.palette().color(role.Text if strong else role.PlaceholderText)
        )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.3))
        middle = self.rect().toRectF().center()
        rise = -1.5 if self._up else 1.5
        points = [
            QPointF(middle.x() - 3.5, middle.y() - rise),
            QPointF(middle.x(), middle.y() + rise),
            QPointF(middle.x() + 3.5, middle.y() - rise),
        ]
        painter.drawPolyline(points)
