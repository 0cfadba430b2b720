"""Colours, icons and fonts."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QIcon
from PySide6.QtWidgets import QApplication

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.i18n import translator
from dlstudio.ui.shell.actions import ACTIONS
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.theme.fonts import PROPORTIONAL, families, text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.style import apply_theme, choose_theme, palette, style_sheet
from dlstudio.ui.theme.tokens import DARK_THEME, LIGHT_THEME

THEMES = (LIGHT_THEME, DARK_THEME)


@pytest.mark.parametrize("theme", THEMES, ids=lambda each: each.name)
def test_style_sheet_uses_only_the_themes_colours(theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    known = {getattr(theme.colors, each.name) for each in fields(theme.colors)}
    assert set(re.findall(r"#[0-9a-f]{6,8}\b", sheet.replace("url(", " "))) <= known


@pytest.mark.parametrize("theme", THEMES, ids=lambda each: each.name)
def test_text_is_readable_on_every_background(theme) -> None:
    c = theme.colors
    for background in (c.background, c.surface, c.raised, c.hover):
        assert contrast(c.text, background) >= 7
        assert contrast(c.text_muted, background) >= 4.5
    assert contrast(c.on_accent, c.accent) >= 4.5
    for ink, background in (
        (c.good, c.good_soft),
        (c.warning, c.warning_soft),
        (c.bad, c.bad_soft),
        (c.accent, c.accent_soft),
    ):
        assert contrast(ink, background) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda each: each.name)
def test_selected_rows_stand_out_and_stay_readable(theme) -> None:
    c = theme.colors
    for background in (c.surface, c.raised):
        assert contrast(c.selected, background) >= 1.2
    assert contrast(c.text, c.selected) >= 7
    assert contrast(c.text_muted, c.selected) >= 4.5


def contrast(first: str, second: str) -> float:
    """The WCAG 2.2 contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    c = QColor(color)
    red, green, blue = (linear(x) for x in (c.redF(), c.greenF(), c.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_icon_that_is_named_exists(qapp) -> None:
    names = {each.icon for each in ACTIONS} | {each.icon for each in ROOMS}
    names |= {each.icon for each in CATEGORIES.values()}
    for name in names - {""}:
        assert not icon(name, "#000000").pixmap(QSize(16, 16)).isNull()
    with pytest.raises(KeyError):
        icon("mdi6.there-is-no-such-icon", "#000000")


def test_icon_has_its_colours_and_is_sharp_at_any_scale(qapp) -> None:
    made = icon("mdi6.square", "#ff0000", disabled="#00ff00")
    pixmap = made.pixmap(QSize(16, 16), 2.0)
    assert pixmap.width() == 32
    middle = pixmap.toImage().pixelColor(16, 16)
    assert middle.name() == "#ff0000"
    grey = made.pixmap(QSize(16, 16), QIcon.Mode.Disabled).toImage()
    assert grey.pixelColor(8, 8).name() == "#00ff00"


def test_digits_have_equal_widths(qapp) -> None:
    from PySide6.QtGui import QFont

    assert text_font(LIGHT_THEME).featureValue(QFont.Tag("tnum")) == 1
    assert families('"A B", serif') == ["A B", "serif"]


def test_system_theme_is_light_or_dark(qapp) -> None:
    assert choose_theme("system") in THEMES
    assert choose_theme("dark") is DARK_THEME
    assert choose_theme("light") is LIGHT_THEME


def test_palette_is_the_themes(qapp) -> None:
    made = palette(DARK_THEME)
    assert made.highlight().color().name() == DARK_THEME.colors.accent


def test_quotes_are_narrow_except_in_chinese(qapp: QApplication) -> None:
    translator.use("en")
    assert QFont.Tag(PROPORTIONAL) in text_font(LIGHT_THEME).featureTags()
    apply_theme(qapp, LIGHT_THEME)
    translator.use("zh_CN")
    apply_theme(qapp, LIGHT_THEME)
    assert QFont.Tag(PROPORTIONAL) not in qapp.font().featureTags()
