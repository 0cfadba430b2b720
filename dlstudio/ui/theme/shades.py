"""Categories' colours as they are seen on a theme's ground."""

from __future__ import annotations

from PySide6.QtGui import QColor

from dlstudio.ui.theme.tokens import Theme

DARK = 128  # a ground with less lightness is a dark one
LEAST = 0.56  # lightness of a colour on a dark ground
FADED = 0.8  # its saturation there


def shade(theme: Theme, color: str) -> QColor:
    """A category's colour, lighter on a dark ground; a faint one for ""."""
    found = QColor(color or theme.colors.text_faint)
    if QColor(theme.colors.ground).lightness() >= DARK:
        return found
    return QColor.fromHslF(
        max(found.hslHueF(), 0.0),
        found.hslSaturationF() * FADED,
        max(found.lightnessF(), LEAST),
    )
