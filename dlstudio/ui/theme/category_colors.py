"""Category colours adapted to a theme's background."""

from __future__ import annotations

from PySide6.QtGui import QColor

from dlstudio.ui.theme.tokens import Theme

DARK_LIGHTNESS = 128  # backgrounds with less lightness are dark
MIN_LIGHTNESS = 0.56  # minimum lightness of a colour on a dark background
SATURATION = 0.8  # saturation on a dark background


def category_color(theme: Theme, color: str) -> QColor:
    """A category's colour, lightened on a dark background; a faint one for ""."""
    found = QColor(color or theme.colors.text_faint)
    if QColor(theme.colors.background).lightness() >= DARK_LIGHTNESS:
        return found
    return QColor.fromHslF(
        max(found.hslHueF(), 0.0),
        found.hslSaturationF() * SATURATION,
        max(found.lightnessF(), MIN_LIGHTNESS),
    )
