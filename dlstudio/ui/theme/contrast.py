"""Chooses a readable text colour for a background."""

from __future__ import annotations

from PySide6.QtGui import QColor

MIN_CONTRAST = 3.0  # for bold text, following WCAG 2


def readable_color(preferred: str, other: str, background: str, over: QColor) -> QColor:
    """`preferred` if it is readable on `background` under `over`, else `other`.

    Args:
        preferred: "#rrggbb".
        other: "#rrggbb".
        background: "#rrggbb".
        over: A translucent colour on top of the background.
    """
    ink = QColor(preferred)
    enough = _contrast(ink, _blend(QColor(background), over)) >= MIN_CONTRAST
    return ink if enough else QColor(other)


def _blend(under: QColor, over: QColor) -> QColor:
    """The colour that results from a translucent colour over another one."""
    share = over.alphaF()
    return QColor.fromRgbF(
        over.redF() * share + under.redF() * (1 - share),
        over.greenF() * share + under.greenF() * (1 - share),
        over.blueF() * share + under.blueF() * (1 - share),
    )


def _contrast(one: QColor, other: QColor) -> float:
    """The WCAG 2 contrast ratio, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    channels = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
