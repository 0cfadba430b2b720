"""Which ink is read best on a colour."""

from __future__ import annotations

from PySide6.QtGui import QColor

ENOUGH = 3.0  # for strong figures, after the WCAG 2


def readable(preferred: str, other: str, ground: str, over: QColor) -> QColor:
    """`preferred` if it can be read on `ground` under `over`, else `other`."""
    ink = QColor(preferred)
    enough = _contrast(ink, _mixed(QColor(ground), over)) >= ENOUGH
    return ink if enough else QColor(other)


def _mixed(under: QColor, over: QColor) -> QColor:
    """What is seen of a colour that lets another one shine through."""
    share = over.alphaF()
    return QColor.fromRgbF(
        over.redF() * share + under.redF() * (1 - share),
        over.greenF() * share + under.greenF() * (1 - share),
        over.blueF() * share + under.blueF() * (1 - share),
    )


def _contrast(one: QColor, other: QColor) -> float:
    """Contrast as the WCAG 2 defines it, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
