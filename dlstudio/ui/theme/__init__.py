"""Colours, sizes and the style sheet made from them."""

from dlstudio.ui.theme.tokens import DARK, LIGHT, Palette, Theme

__all__ = ["DARK", "LIGHT", "Palette", "Theme"]
