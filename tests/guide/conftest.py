"""A reader's working directory: images of four fruits, and a handwritten seven."""

from __future__ import annotations

import base64
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

SEVEN = (
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAHklEQVR42mNggAJGhv8QCgL+I9GMcAomwc"
    "SAABCVANNRBgFJGepyAAAAAElFTkSuQmCC"
)
FRUITS = {"apple": "#c0312b", "banana": "#e3c23a", "kiwi": "#7d8f3a", "plum": "#5b3a78"}
EACH, SIDE = 15, 16


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The working folder for the guide's commands."""
    (tmp_path / "seven.png").write_bytes(base64.b64decode(SEVEN))
    for name, color in FRUITS.items():
        (tmp_path / "images" / name).mkdir(parents=True)
        for number in range(EACH):
            path = tmp_path / "images" / name / f"{name}-{number}.png"
            fruit(color, random.Random(f"{name}{number}")).save(path)
    return tmp_path


def fruit(color: str, chance: random.Random) -> Image.Image:
    """A disc on a grey background."""
    grey = chance.randrange(120, 240)
    image = Image.new("RGB", (SIDE, SIDE), (grey, grey, chance.randrange(120, 240)))
    x, y = chance.uniform(5, 10), chance.uniform(5, 10)
    ImageDraw.Draw(image).ellipse((x - 4, y - 4, x + 4, y + 4), color)
    for _ in range(12):  # no two alike
        spot = chance.randrange(SIDE), chance.randrange(SIDE)
        image.putpixel(spot, (chance.randrange(256),) * 3)
    return image
