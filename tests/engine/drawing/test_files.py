"""Drawings as files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from dlstudio.document.drawing.shapes import (
    BezierCurve,
    Drawing,
    Label,
    RoundedBox,
    Stroke,
    TextStyle,
    line,
)
from dlstudio.engine.drawing.files import DrawingFile
from dlstudio.errors import UserError

DRAWING = Drawing(
    120,
    700,
    "#ffffff",
    (
        RoundedBox(10, 10, 60, 40, 6, "#ff0000", 0.5, Stroke("#00ff00", 2)),
        RoundedBox(10, 580, 60, 40, 6, "", 1.0, Stroke("#0000ff", 2, (4, 4))),
        line((100, 10), (100, 690), Stroke("#000000", 4)),
        BezierCurve(
            ((80, 80), (80, 90), (80, 95), (80, 100), (82, 95), (84, 90), (80, 80)),
            fill="#000000",
        ),
        Label(10, 300, "conv 卷积", TextStyle(20, "#0000ff", 600)),
        Label(90, 340, "26×26", TextStyle(11, "#0000ff", mono=True), right=True),
    ),
)


def test_a_png_is_sharp_at_its_scale(tmp_path: Path) -> None:
    DrawingFile(tmp_path / "a.png", 2.0).write(DRAWING)
    image = Image.open(tmp_path / "a.png").convert("RGB")
    assert image.size == (240, 1400)
    assert image.getpixel((5, 5)) == (255, 255, 255)
    assert image.getpixel((80, 60)) == (255, 127, 127)
    assert image.getpixel((200, 1023)) == image.getpixel((200, 1025)) == (0, 0, 0)
    assert image.getpixel((80, 20)) == (0, 255, 0)
    dashed = {image.getpixel((x, 1160)) for x in range(40, 120)}
    assert {(255, 255, 255), (0, 0, 255)} <= dashed
    text = image.crop((20, 560, 240, 620)).getcolors(99_999) or []
    assert sum(count for count, color in text if color != (255, 255, 255)) > 200


def test_a_pdf_and_an_svg_are_written(tmp_path: Path) -> None:
    DrawingFile(tmp_path / "a.PDF").write(DRAWING)
    assert (tmp_path / "a.PDF").read_bytes().startswith(b"%PDF")
    DrawingFile(tmp_path / "a.svg").write(DRAWING)
    assert "卷积" in (tmp_path / "a.svg").read_text("utf-8")


def test_other_formats_and_huge_images_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a\.gif") as caught:
        DrawingFile(tmp_path / "a.gif").write(DRAWING)
    assert ".svg" in caught.value.hint
    with pytest.raises(UserError, match="too large") as caught:
        DrawingFile(tmp_path / "a.png", 100.0).write(DRAWING)
    assert "37.79" in caught.value.hint
    assert not list(tmp_path.iterdir())
