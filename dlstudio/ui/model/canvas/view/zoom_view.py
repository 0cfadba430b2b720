"""A graphics view with zoom, pan and a dotted background."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QInputDevice,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene
from dlstudio.ui.model.canvas.view.dot_grid import DotGrid

MIN_SCALE, MAX_SCALE = 0.04, 3.0
WHEEL_STEP = 1.0015  # per eighth of a degree
FIT_INSET = (48.0, 68.0, -48.0, -28.0)  # leaves room for the toolbar
REST_MS = 140  # delay after the last zoom step before redrawing sharply
MAX_FIT_SCALE = 1.0
MIN_READABLE_SCALE = 0.6


class ZoomView(QGraphicsView):
    """Shows the scene at any zoom.

    Signals:
        moved: Emitted when pan, zoom or size has changed.
    """

    moved = Signal()

    def __init__(self, scene: CanvasScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.canvas_scene = scene
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._redraw)
        self._grid = DotGrid(scene.canvas_style)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        self.setOptimizationFlags(
            QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing
            | QGraphicsView.OptimizationFlag.DontSavePainterState
        )
        self.setViewportUpdateMode(
            QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate
        )
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(off)
        self.setVerticalScrollBarPolicy(off)

    @property
    def current_scale(self) -> float:
        """The zoom, 1.0 at 100 %."""
        return self.transform().m11()

    def zoom(
        self, factor: float, at: QPointF | None = None, steady: bool = False
    ) -> None:
        """Zoom by a factor, keeping the point at `at` (view pixels) fixed.

        Args:
            factor: The current scale is multiplied by it.
            at: The fixed point; None for the centre.
            steady: One of many small steps: draw fast now and sharply after a delay.
        """
        if steady:
            self.canvas_scene.canvas_style.card_pixmaps.zoom_at_rest = False
            self._rest.start()
        scale = min(max(self.current_scale * factor, MIN_SCALE), MAX_SCALE)
        pivot = at if at is not None else QRectF(self.viewport().rect()).center()
        before = self.mapToScene(pivot.toPoint())
        self._set_scale(scale)
        after = self.mapFromScene(before)
        self.pan_by(round(pivot.x() - after.x()), round(pivot.y() - after.y()))

    def zoom_to(self, scale: float) -> None:
        """Zoom to a scale around the centre."""
        self.zoom(scale / self.current_scale)

    def pan_by(self, dx: int, dy: int) -> None:
        """Scroll by a distance in view pixels."""
        horizontal, vertical = self.horizontalScrollBar(), self.verticalScrollBar()
        horizontal.setValue(horizontal.value() - dx)
        vertical.setValue(vertical.value() - dy)
        self.moved.emit()

    def fit(self, rect: QRectF | None = None, most: float = MAX_FIT_SCALE) -> None:
        """Zoom to a rectangle of the scene, or to all of it."""
        wanted = self.canvas_scene.content_rect() if rect is None else rect
        if wanted.isEmpty():
            self._show(1.0, QPointF(0.0, 0.0))
            return
        self._show(max(self._fitting(wanted, most), MIN_SCALE), wanted.center())

    def show_start(self, rect: QRectF) -> None:
        """Fit a rectangle if that stays readable, else show its upper part."""
        if rect.isEmpty() or self._fitting(rect, MAX_FIT_SCALE) >= MIN_READABLE_SCALE:
            self.fit(rect)
            return
        free = self._free()
        scale = min(max(MIN_READABLE_SCALE, free.width() / rect.width()), MAX_FIT_SCALE)
        half = free.width() / 2 / scale
        left, right = rect.left() + half, rect.right() - half
        x = rect.center().x()
        if left < right:  # without an empty margin beside the first layer
            x = min(max(self.canvas_scene.start(), left), right)
        self._show(scale, QPointF(x, rect.top() + free.height() / 2 / scale))

    def _fitting(self, rect: QRectF, most: float) -> float:
        """Return the scale at which a rectangle fits the unobstructed area."""
        free = self._free()
        return min(free.width() / rect.width(), free.height() / rect.height(), most)

    def _free(self) -> QRectF:
        """Return the area of the view not covered by overlays."""
        room = QRectF(self.viewport().rect())
        return room.adjusted(*FIT_INSET) if room.height() > 200 else room

    def _show(self, scale: float, point: QPointF) -> None:
        """Centre a point of the scene in the unobstructed area."""
        self._set_scale(scale)
        aside = self._free().center() - QRectF(self.viewport().rect()).center()
        self.centerOn(point - aside / scale)
        self.moved.emit()

    def show_rect(self, rect: QRectF) -> None:
        """Scroll as little as possible until a rectangle is visible."""
        visible_rect = self.visible_rect()
        margin = 24 / self.current_scale
        area = rect.adjusted(-margin, -margin, margin, margin)
        if visible_rect.contains(area):
            return
        dx = _scroll_distance(
            visible_rect.left(), visible_rect.right(), area.left(), area.right()
        )
        dy = _scroll_distance(
            visible_rect.top(), visible_rect.bottom(), area.top(), area.bottom()
        )
        self.pan_by(round(-dx * self.current_scale), round(-dy * self.current_scale))

    def visible_rect(self) -> QRectF:
        """Return the visible part of the scene."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def center(self) -> tuple[float, float]:
        """Return the centre of the visible part of the scene."""
        middle = self.visible_rect().center()
        return (middle.x(), middle.y())

    def _redraw(self) -> None:
        self.canvas_scene.canvas_style.card_pixmaps.zoom_at_rest = True
        self.viewport().update()

    def _set_scale(self, scale: float) -> None:
        self.canvas_scene.set_zoom(scale)
        self.setTransform(QTransform.fromScale(scale, scale))

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self.canvas_scene.canvas_style.ratio = self.devicePixelRatioF()
        self._grid.paint(painter, QRectF(rect), self.viewport())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll with two fingers on a touchpad; zoom with a wheel or Ctrl."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if _is_two_finger_scroll(event) and not ctrl:
            by = pixels if not pixels.isNull() else angle / 4
            self.pan_by(by.x(), by.y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not angle.y():
            self.pan_by(angle.y() or angle.x(), 0)
        else:
            self.zoom(WHEEL_STEP ** angle.y(), event.position(), steady=True)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom on pinch; a two-finger double tap toggles between fit and 100 %."""
        if isinstance(event, QNativeGestureEvent):
            kind = event.gestureType()
            if kind == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(1 + event.value(), event.position(), steady=True)
                return True
            if kind == Qt.NativeGestureType.SmartZoomNativeGesture:
                self._tapped(event.position())
                return True
        return super().viewportEvent(event)

    def _tapped(self, at: QPointF) -> None:
        if abs(self.current_scale - 1.0) < 0.01:
            self.fit()
        else:
            self.zoom(1.0 / self.current_scale, at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Emit `moved`."""
        super().resizeEvent(event)
        self.moved.emit()


def _is_two_finger_scroll(event: QWheelEvent) -> bool:
    """Return whether a scroll comes from a touchpad, not a wheel."""
    pad = event.pointingDevice().type() == QInputDevice.DeviceType.TouchPad
    return pad or event.phase() != Qt.ScrollPhase.NoScrollPhase


def _scroll_distance(low: float, high: float, left: float, right: float) -> float:
    """Return how far a window low..high must move to contain left..right."""
    if left < low:
        return left - low
    return right - high if right > high else 0.0
