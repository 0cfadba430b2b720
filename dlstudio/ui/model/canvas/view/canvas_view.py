"""The canvas view: forwards pointer events to gestures and keys to its owner."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.gestures.pan import PanGesture
from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene
from dlstudio.ui.model.canvas.scene.hit_test import Hit, hit_at
from dlstudio.ui.model.canvas.view.autoscroll import Autoscroll
from dlstudio.ui.model.canvas.view.zoom_view import ZoomView

KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
Begin = Callable[[Spot, Qt.MouseButton], Gesture | None]
Pressed = Callable[[QKeyEvent], bool]


class CanvasView(ZoomView):
    """Shows the scene; its owner sets the callbacks that handle pointer and keys.

    Attributes:
        begin: Returns the gesture that a press starts.
        pressed: Handles a key press and returns whether it was consumed.
        handles_key: Returns whether `pressed` handles a key.
        tooltip: Returns the tooltip for a `Hit`.
        focus_point: Returns the position of the selection, in view pixels.

    Signals:
        hovered: The `Hit` under the pointer, whenever it changes.
        double_clicked: The `Spot` of a double-click.
        menu_requested: The `Spot` for which a context menu is requested.
    """

    hovered = Signal(object)
    double_clicked = Signal(object)
    menu_requested = Signal(object)

    def __init__(self, scene: CanvasScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.begin: Begin = lambda _spot, _button: None
        self.pressed: Pressed = lambda _event: False
        self.handles_key: Pressed = lambda _event: False
        self.tooltip: Callable[[Hit], str] = lambda _hit: ""
        self.focus_point: Callable[[], QPointF | None] = lambda: None
        self.gesture: Gesture | None = None
        self._space = False
        self._over = Hit()
        self._autoscroll = Autoscroll(self._autoscrolled, self)
        self._focus_ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)

    def spot(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> Spot:
        """Return the spot at a position given in view pixels."""
        point = self.viewportTransform().inverted()[0].map(at)
        over = hit_at(self.canvas_scene, point.x(), point.y())
        return Spot(point.x(), point.y(), at.toPoint(), over, modifiers)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            return
        spot = self.spot(event.position(), event.modifiers())
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle or (self._space and event.button() == Qt.MouseButton.LeftButton):
            self.gesture = PanGesture(self.pan_by, spot)
            self._show_cursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.gesture = self.begin(spot, event.button())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = self.spot(event.position(), event.modifiers())
        if self.gesture is not None:
            self.gesture = self.gesture.move(spot)
            if not isinstance(self.gesture, PanGesture):
                self._autoscroll.follow(spot.at, self.viewport().rect())
        elif spot.over != self._over:
            self._over = spot.over
            self._update_cursor()
            self.hovered.emit(spot.over)

    def _autoscrolled(self, dx: int, dy: int) -> None:
        """Scroll the view and update the gesture of the resting pointer."""
        self.pan_by(dx, dy)
        if self.gesture is not None:
            at = self.viewport().mapFromGlobal(QCursor.pos())
            modifiers = QGuiApplication.keyboardModifiers()
            self.gesture = self.gesture.move(self.spot(QPointF(at), modifiers))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._autoscroll.stop()
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.release(self.spot(event.position(), event.modifiers()))
        self._update_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(self.spot(event.position(), event.modifiers()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Request a context menu; by keyboard, for the selection."""
        self.cancel()
        at = QPointF(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.focus_point() or QRectF(self.viewport().rect()).center()
        self.menu_requested.emit(self.spot(at, event.modifiers()))

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hovered item."""
        super().leaveEvent(event)
        if not self._over.empty:
            self._over = Hit()
            self.hovered.emit(self._over)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            spot = self.spot(QPointF(event.pos()), Qt.KeyboardModifier.NoModifier)
            QToolTip.showText(event.globalPos(), self.tooltip(spot.over), self)
            return True
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        """Claim the canvas' keys even if the window has shortcuts for them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.handles_key(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space enables panning; other keys are passed to the owner."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if not event.isAutoRepeat():
                self._space = True
                self._update_cursor()
        elif event.key() == Qt.Key.Key_Escape and self.gesture is not None:
            self.cancel()
        elif not self.pressed(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Releasing Space disables panning."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._update_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Disable panning: the release of Space will not arrive here."""
        self._space = False
        self._show_focus_ring(False)
        super().focusOutEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show a focus ring when the view is focused by keyboard."""
        super().focusInEvent(event)
        self._show_focus_ring(event.reason() in KEYBOARD_REASONS)

    def _show_focus_ring(self, shown: bool) -> None:
        if shown != self._focus_ring:
            self._focus_ring = shown
            self.viewport().update()

    def drawForeground(self, painter: QPainter, _rect: QRectF | QRect) -> None:
        if self._focus_ring:
            painter.save()
            painter.resetTransform()
            painter.setPen(QPen(self.canvas_scene.canvas_style.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.restore()

    def card_rect(self, id: str) -> QRect:
        """Return a node's card in view pixels."""
        return self.mapFromScene(self._card(id)).boundingRect()

    def scroll_to(self, id: str) -> None:
        """Scroll until a node is visible."""
        self.show_rect(self._card(id))

    def _card(self, id: str) -> QRectF:
        box = self.canvas_scene.visible_item(id).box()
        return QRectF(box.left, box.top, box.width, box.height)

    def cancel(self) -> None:
        """Cancel the current gesture."""
        self._autoscroll.stop()
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
        self._update_cursor()

    def _update_cursor(self) -> None:
        if self._space:
            self._show_cursor(Qt.CursorShape.OpenHandCursor)
        elif self._over.side:
            self._show_cursor(Qt.CursorShape.CrossCursor)
        elif self._over.on_chevron or self._over.edge:
            self._show_cursor(Qt.CursorShape.PointingHandCursor)
        else:
            self._show_cursor(Qt.CursorShape.ArrowCursor)

    def _show_cursor(self, shape: Qt.CursorShape) -> None:
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)
