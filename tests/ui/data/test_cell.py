"""A gallery cell keeps its image inside, at any device pixel ratio."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from dlstudio.ui.data.gallery.cell import INSET, CellContent, CellPainter
from dlstudio.ui.data.gallery.layout import TEXT_HEIGHT
from dlstudio.ui.theme.tokens import LIGHT_THEME

SIDE, RED = 100, QColor("#ff0000")


def painted(scale: float, width: int, height: int) -> QRect:
    """The image's rectangle, in device pixels of the canvas."""
    canvas = QImage(300, 300, QImage.Format.Format_RGB32)
    canvas.fill(QColor("white"))
    canvas.setDevicePixelRatio(scale)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(RED)
    painter = QPainter(canvas)
    box = QRect(0, 0, SIDE + 2 * INSET, SIDE + 2 * INSET + 36)
    CellPainter(LIGHT_THEME, scale).paint(
        painter, box, CellContent("", ""), image, False
    )
    painter.end()
    red = [
        (x, y)
        for x in range(canvas.width())
        for y in range(canvas.height())
        if canvas.pixelColor(x, y) == RED
    ]
    left, right = min(x for x, _y in red), max(x for x, _y in red)
    top, bottom = min(y for _x, y in red), max(y for _x, y in red)
    return QRect(left, top, right - left + 1, bottom - top + 1)


@pytest.mark.parametrize(
    ("scale", "given", "seen"),
    [
        (1.0, (100, 75), (100, 75)),
        (1.0, (40, 30), (40, 30)),
        (2.0, (200, 150), (200, 150)),
        (2.0, (196, 196), (196, 196)),  # enlarged without smoothing: stays sharp
        (2.0, (128, 96), (200, 150)),  # as large as at a lower device pixel ratio
        (2.0, (160, 120), (200, 150)),
        (2.0, (40, 30), (80, 60)),
        (1.5, (150, 150), (150, 150)),
    ],
)
def test_an_image_stays_inside_its_cell(
    qapp: QApplication, scale: float, given: tuple[int, int], seen: tuple[int, int]
) -> None:
    found = painted(scale, *given)
    assert abs(found.width() - seen[0]) <= 2 and abs(found.height() - seen[1]) <= 2
    place = QRect(*(round(v * scale) for v in (INSET, INSET, SIDE, SIDE)))
    assert place.adjusted(-1, -1, 1, 1).contains(found)


def test_the_text_stays_inside_its_cell(qapp: QApplication) -> None:
    canvas = QImage(300, 300, QImage.Format.Format_RGB32)
    canvas.fill(QColor("white"))
    painter = QPainter(canvas)
    box = QRect(0, 0, SIDE + 2 * INSET, SIDE + 2 * INSET + TEXT_HEIGHT)
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(RED)
    content = CellContent("gypsum", "gypsum.jpg", "test")
    CellPainter(LIGHT_THEME, 1.0).paint(painter, box, content, image, False)
    painter.end()
    white = QColor("white")
    inked = {
        y
        for x in range(canvas.width())
        for y in range(INSET + SIDE, canvas.height())
        if canvas.pixelColor(x, y) != white
    }
    assert inked and max(inked) < box.bottom() - 1
