"""Cards, and a grid that arranges them in columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from dlstudio.ui.theme.tokens import Theme


class Card(QFrame):
    """A card; its `body` is a vertical layout for the content."""

    def __init__(
        self, parent: QWidget | None = None, margin: int = 16, spacing: int = 8
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(spacing)


class ClickCard(QFrame):
    """A card that acts as one large button, by mouse and keyboard.

    Signals:
        clicked: Emitted on a click, or when Enter or Space is pressed.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pressed = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 16, 16, 16)
        self.body.setSpacing(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, with a ring on hover or focus."""
        c = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(c.surface))
        strong = self.hasFocus()
        edge = c.accent if strong else c.line_strong if self.underMouse() else c.line
        painter.setPen(QPen(QColor(edge), 2 if strong else 1))
        inset = 1.0 if strong else 0.5
        box = self.rect().toRectF().adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, self._theme.radius, self._theme.radius)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where the press began."""
        self._pressed = event.button() == Qt.MouseButton.LeftButton

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Emit `clicked` if press and release are both on the card."""
        inside = self.rect().contains(event.position().toPoint())
        if self._pressed and inside:
            self.clicked.emit()
        self._pressed = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


class CardGrid(QWidget):
    """Widgets of equal width in as many columns as fit.

    Args:
        widgets: Widgets in the grid.
        min_width: Minimum width of a column in pixels.
        gap: Space between rows and columns in pixels.
        max_columns: Fewer columns become wider; 0 for as many as fit.
    """

    def __init__(
        self,
        widgets: Sequence[QWidget] = (),
        min_width: int = 240,
        gap: int = 16,
        parent: QWidget | None = None,
        max_columns: int = 0,
    ) -> None:
        super().__init__(parent)
        self._max_columns = max_columns
        self._min_width = min_width
        self._gap = gap
        self._columns = 0
        self._widgets: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(gap)
        self.fill(widgets)

    def fill(self, widgets: Sequence[QWidget]) -> None:
        """Replace the widgets; the previous ones are deleted."""
        for old in self._widgets:
            self._grid.removeWidget(old)
            old.deleteLater()
        self._widgets = list(widgets)
        self._columns = 0
        self._arrange()

    def widgets(self) -> tuple[QWidget, ...]:
        """The widgets in the grid."""
        return tuple(self._widgets)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, (self.width() + self._gap) // (self._min_width + self._gap))
        if self._max_columns:
            columns = min(columns, self._max_columns)
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for number, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, number // columns, number % columns)


def line(vertical: bool = False) -> QFrame:
    """A thin separator."""
    made = QFrame()
    made.setProperty("role", "line")
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made
