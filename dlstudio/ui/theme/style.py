"""Applies the theme to Qt: palette, style sheet and font."""

from __future__ import annotations

from pathlib import Path
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.sheet import SHEET
from dlstudio.ui.theme.tokens import DARK_THEME, LIGHT_THEME, Theme

# Style sheets can load these small images only from files.
_SHAPES = {
    "down": "M4 6 L8 10 L12 6",
    "up": "M4 10 L8 6 L12 10",
    "right": "M6 4 L10 8 L6 12",
    "check": "M3.5 8.5 L6.5 11.5 L12.5 5",
}
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">'
    '<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}" '
    'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def choose_theme(wanted: str) -> Theme:
    """The theme for a setting: "light", "dark", or "system" for the system's theme."""
    if wanted == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        wanted = "dark" if scheme == Qt.ColorScheme.Dark else "light"
    return DARK_THEME if wanted == "dark" else LIGHT_THEME


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Apply the theme to the whole application, unless it is applied already.

    Each of these calls takes about a millisecond per widget.
    """
    sheet, font = style_sheet(theme), text_font(theme)
    if app.font() != font:  # of another language, too
        app.setFont(font)
    if app.styleSheet() == sheet:
        return
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setStyleSheet(sheet)


def palette(theme: Theme) -> QPalette:
    """Qt's colour roles in the theme's colours."""
    role, c = QPalette.ColorRole, theme.colors
    colors = {
        role.Window: c.background,
        role.WindowText: c.text,
        role.Base: c.surface,
        role.AlternateBase: c.hover,
        role.Text: c.text,
        role.Button: c.surface,
        role.ButtonText: c.text,
        role.BrightText: c.on_accent,
        role.ToolTipBase: c.raised,
        role.ToolTipText: c.text,
        role.PlaceholderText: c.text_faint,
        role.Highlight: c.accent,
        role.HighlightedText: c.on_accent,
        role.Link: c.accent,
        role.LinkVisited: c.accent,
        role.Light: c.raised,
        role.Midlight: c.hover,
        role.Mid: c.line,
        role.Dark: c.line_strong,
        role.Shadow: c.shadow,
        role.Accent: c.accent,
    }
    made = QPalette()
    for each, color in colors.items():
        made.setColor(each, QColor(color))
    faint = QColor(c.text_faint)
    for each in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, each, faint)
    return made


def style_sheet(theme: Theme) -> str:
    """The style sheet with the theme's colours and sizes."""
    values = theme.values()
    arrow_rules = _arrow_rules(theme)
    return Template(SHEET).substitute(values, **arrow_rules)


def _arrow_rules(theme: Theme) -> dict[str, str]:
    """`image: url(...)` rules of arrows and check marks; "" if not writable."""
    c = theme.colors
    wanted = {
        "arrow_down": ("down", c.text_muted, 1.5),
        "arrow_up": ("up", c.text_muted, 1.5),
        "arrow_right": ("right", c.text_muted, 1.5),
        "tick": ("check", c.on_accent, 2),
    }
    folder = paths.user_cache() / "style"
    made = {}
    for name, (shape, color, width) in wanted.items():
        path = folder / f"{shape}-{color.strip('#')}.svg"
        svg = _SVG.format(path=_SHAPES[shape], color=color, width=width)
        made[name] = f"image: url({path.as_posix()});" if _write_svg(path, svg) else ""
    return made


def _write_svg(path: Path, text: str) -> bool:
    try:
        if not path.exists() or path.read_text("utf-8") != text:
            paths.write_text(path, text)
    except (OSError, UserError):
        return False  # read-only home folder: only the arrows are missing
    return True
