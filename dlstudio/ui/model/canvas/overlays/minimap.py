"""A map of the whole graph with the visible part outlined."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from dlstudio.i18n import _
from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView

SIZE = QSize(136, 96)
INSET = 10.0
REST_MS = 60


class MiniMap(QWidget):
    """Shows the graph in a corner; dragging in it scrolls the view.

    The graph is rendered to an image shortly after its last change; scrolling only
    moves a rectangle over that image.
    """

    def __init__(self, scene: CanvasScene, view: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene = scene
        self._view = view
        self._pixmap = QPixmap()
        self._area = QRectF()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._draw)
        self.setFixedSize(SIZE)
        self.setAccessibleName(_("Minimap"))
        self.setToolTip(_("Minimap: click to go to that place"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        view.moved.connect(self.update)

    def refresh(self) -> None:
        """Schedule a redraw after a change of the graph."""
        self._rest.start()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        self._area = self._scene.content_rect()
        if not self._area.isEmpty():
            painter = QPainter(pixmap)
            painter.translate(self._offset())
            painter.scale(self._scale(), self._scale())
            self._scene.overview.paint(painter)
            painter.end()
        self._pixmap = pixmap
        self.update()

    def _scale(self) -> float:
        if self._area.isEmpty():
            return 1.0
        return min(
            (self.width() - 2 * INSET) / self._area.width(),
            (self.height() - 2 * INSET) / self._area.height(),
            0.16,
        )

    def _offset(self) -> QPointF:
        middle = self.rect().toRectF().center()
        return middle - self._area.center() * self._scale()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._scene.canvas_style.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colors.line))
        painter.setBrush(QColor(colors.surface))
        card = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(card, 8, 8)
        if self._area.isEmpty():
            return
        painter.drawPixmap(0, 0, self._pixmap)
        visible_rect, scale, offset = (
            self._view.visible_rect(),
            self._scale(),
            self._offset(),
        )
        frame = QRectF(
            visible_rect.left() * scale + offset.x(),
            visible_rect.top() * scale + offset.y(),
            visible_rect.width() * scale,
            visible_rect.height() * scale,
        ).intersected(card.adjusted(3, 3, -3, -3))
        fill = QColor(colors.accent)
        fill.setAlphaF(0.08)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(colors.accent), 1.2))
        if frame.isValid():
            painter.drawRoundedRect(frame, 3, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, at: QPointF) -> None:
        if self._area.isEmpty():
            return
        self._view.centerOn((at - self._offset()) / self._scale())
        self._view.moved.emit()
