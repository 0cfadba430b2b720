"""Categories' colours as they are seen on a theme's ground."""

from __future__ import annotations

from PySide6.QtGui import QColor

from dlstudio.ui.theme.tokens import Theme

DARK_LIGHTNESS = 128  # a ground with less lightness is a dark one
MIN_LIGHTNESS = 0.56  # lightness of a colour on a dark ground
SATURATION = 0.8  # its saturation there


def category_color(theme: Theme, color: str) -> QColor:
    """A category's colour, lighter on a dark ground; a faint one for ""."""
    found = QColor(color or theme.colors.text_faint)
    if QColor(theme.colors.background).lightness() >= DARK_LIGHTNESS:
        return found
    return QColor.fromHslF(
        max(found.hslHueF(), 0.0),
        found.hslSaturationF() * SATURATION,
        max(found.lightnessF(), MIN_LIGHTNESS),
    )
