"""Rubber-band selection: drag over empty space to select nodes."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot

BAND_Z = 40


class RubberBandGesture:
    """Selects the nodes touched by a band between the press and the pointer."""

    def __init__(self, context: EditContext, start: Spot) -> None:
        self._context = context
        self._start = start
        self._before = context.selection.ids if start.adding else ()
        if not start.adding:
            context.selection.clear()
        self._band: QGraphicsRectItem | None = None

    def move(self, spot: Spot) -> Gesture:
        """Draw the band and select the nodes it touches."""
        if self._band is None:
            if not spot.far_from(self._start):
                return self
            self._band = self._make_band()
        rect = QRectF(self._start.point, spot.point).normalized()
        self._band.setRect(rect)
        touched: list[str] = []
        scene = self._context.scene
        for item in scene.visible():
            if (
                rect.left() <= item.x_at + item.width / 2
                and rect.right() >= item.x_at - item.width / 2
                and rect.top() <= item.y_at + item.height / 2
                and rect.bottom() >= item.y_at - item.height / 2
            ):
                collapsed = scene.group_layer.collapsed.get(item.id) is item
                touched += (
                    scene.group_layer.members(item.id) if collapsed else [item.id]
                )
        self._context.selection.set((*self._before, *touched))
        return self

    def _make_band(self) -> QGraphicsRectItem:
        style = self._context.canvas_style
        fill = QColor(style.accent)
        fill.setAlphaF(0.10)
        pen = QPen(style.accent, 1)
        pen.setCosmetic(True)
        band = QGraphicsRectItem()
        band.setPen(pen)
        band.setBrush(QBrush(fill))
        band.setZValue(BAND_Z)
        self._context.scene.addItem(band)
        return band

    def release(self, _spot: Spot) -> None:
        """Remove the band."""
        if self._band is not None:
            self._context.scene.removeItem(self._band)
            self._band = None

    def cancel(self) -> None:
        """Remove the band and restore the previous selection."""
        if self._band is not None:
            self._context.scene.removeItem(self._band)
            self._band = None
        self._context.selection.set(self._before)
