"""Icons in any colour, drawn from qtawesome's icon fonts.

The fonts are read directly: importing qtawesome loads all of its fonts and takes longer
than showing the window.
"""

from __future__ import annotations

import importlib.util
import json
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QIconEngine,
    QPainter,
    QPixmap,
)

from dlstudio.errors import UserError
from dlstudio.i18n import _

FONTS = {
    "mdi6": "materialdesignicons6-webfont",
    "fa6s": "fontawesome6-solid-webfont",
    "ph": "phosphor",
    "ri": "remixicon",
}


class IconFont:
    """An icon font: its family name in Qt, and its characters by name."""

    def __init__(self, prefix: str) -> None:
        folder, stem = _folder(), FONTS[prefix]
        (charmap,) = folder.glob(f"{stem}-charmap-*.json")
        (font,) = (p for p in folder.glob(f"{stem}-*.ttf") if "charmap" not in p.name)
        self._codes: dict[str, str] = json.loads(charmap.read_text("utf-8"))
        number = QFontDatabase.addApplicationFont(str(font))
        self.family = QFontDatabase.applicationFontFamilies(number)[0]

    def character(self, name: str) -> str:
        """The character of the icon `name`.

        Raises:
            KeyError: The font has no such icon.
        """
        return chr(int(self._codes[name], 16))


def _folder() -> Path:
    found = importlib.util.find_spec("qtawesome")
    if found is None or not found.submodule_search_locations:
        raise UserError(
            _("Icons are missing because qtawesome is not installed."),
            _("Reinstall dlstudio with the window: pip install dlstudio[gui]."),
        )
    return Path(found.submodule_search_locations[0], "fonts")


@lru_cache(maxsize=len(FONTS))
def _icon_font(prefix: str) -> IconFont:
    return IconFont(prefix)


class FontIconEngine(QIconEngine):
    """Draws one character, crisp at any size and scale.

    Args:
        name: Font and icon, such as "mdi6.home-outline".
        color: "#rrggbb".
        disabled: Colour of the disabled state, "#rrggbb".
        checked: Colour of the checked state, "#rrggbb".
    """

    def __init__(self, name: str, color: str, disabled: str, checked: str) -> None:
        super().__init__()
        self._arguments = (name, color, disabled, checked)
        prefix, _dot, short = name.partition(".")
        icon_font = _icon_font(prefix)
        self._family = icon_font.family
        self._character = icon_font.character(short)

    def paint(
        self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        _name, color, disabled, checked = self._arguments
        if mode == QIcon.Mode.Disabled:
            color = disabled
        elif state == QIcon.State.On:
            color = checked
        font = QFont(self._family)
        font.setPixelSize(max(1, min(rect.width(), rect.height())))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(QRectF(rect), Qt.AlignmentFlag.AlignCenter, self._character)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return FontIconEngine(*self._arguments)


def icon(name: str, color: str, disabled: str = "", checked: str = "") -> QIcon:
    """An icon such as "mdi6.home-outline".

    Args:
        color: "#rrggbb"; `disabled` and `checked` override it in these states.

    Raises:
        KeyError: The icon does not exist.
    """
    return QIcon(FontIconEngine(name, color, disabled or color, checked or color))
