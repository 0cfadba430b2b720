"""The shadow under what floats."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QWidget

from dlstudio.ui.theme.tokens import Theme


def add_shadow(theme: Theme, widget: QWidget) -> None:
    """Let a widget float over what is behind it."""
    shadow = QGraphicsDropShadowEffect(widget)
    color = QColor(theme.colors.shadow)
    color.setAlpha(max(color.alpha(), 60))
    shadow.setColor(color)
    shadow.setBlurRadius(3 * theme.unit)
    shadow.setOffset(0, theme.unit / 2)
    widget.setGraphicsEffect(shadow)
