"""Colours, sizes, fonts, icons and the style sheet derived from them."""

from dlstudio.ui.theme.fonts import heading_font, mono_font, text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.style import apply_theme, choose_theme
from dlstudio.ui.theme.tokens import DARK, LIGHT, Theme, ThemeColors

__all__ = [
    "DARK",
    "LIGHT",
    "Theme",
    "ThemeColors",
    "apply_theme",
    "choose_theme",
    "heading_font",
    "icon",
    "mono_font",
    "text_font",
]
