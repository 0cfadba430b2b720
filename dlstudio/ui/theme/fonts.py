"""Fonts: one family list for text, one for code, with tabular figures."""

from __future__ import annotations

from PySide6.QtGui import QFont

from dlstudio.i18n import translator
from dlstudio.ui.theme.tokens import Theme

TABULAR = "tnum"  # OpenType feature: digits of equal width, so that numbers do not jump
PROPORTIONAL = "pwid"
"""OpenType feature: in Chinese fonts “quotes” are otherwise as wide as ideographs."""


def families(css: str) -> list[str]:
    """The names in a font-family list: '"Inter", sans-serif' → ["Inter", ...]."""
    return [name.strip().strip('"') for name in css.split(",")]


def text_font(theme: Theme, pixels: int = 0, weight: int = 400) -> QFont:
    """The text font, with tabular figures.

    Args:
        pixels: Height at 100 %; 0 for the theme's default size.
    """
    return _font(theme.font, pixels or theme.text_size, weight)


def mono_font(theme: Theme, pixels: int = 0, weight: int = 400) -> QFont:
    """The font for shapes and code.

    Args:
        theme: Provides the font family.
        pixels: Size in pixels at 100 %; 0 for the theme's small size.
        weight: 400 is regular, 700 bold.
    """
    font = _font(theme.mono, pixels or theme.small_size, weight)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def heading_font(theme: Theme) -> QFont:
    """The font of list headings: small, bold and spaced."""
    font = text_font(theme, theme.tiny_size, 600)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    return font


def _font(css: str, pixels: int, weight: int) -> QFont:
    font = QFont(families(css))
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag(TABULAR), 1)
    if not translator.language.startswith("zh"):
        font.setFeature(QFont.Tag(PROPORTIONAL), 1)
    return font
