"""A folder of drawn fruit, with the flaws that people's folders have."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

EACH = 40
FRUITS = {
    "apple": ("#c0312b", 1.0),
    "banana": ("#e3c23a", 2.2),
    "kiwi": ("#7d8f3a", 1.2),
    "plum": ("#5b3a78", 1.1),
}


def draw_folder(folder: Path) -> Path:
    """Draw it: some images are copies, one is cut off, one is not what it says."""
    for name, (color, length) in FRUITS.items():
        (folder / name).mkdir(parents=True)
        for number in range(EACH if name != "plum" else EACH // 3):
            picture = draw(color, length, random.Random(f"{name}{number}"))
            picture.save(folder / name / f"{name}-{number + 1:02}.jpg", quality=90)
    apple, kiwi = folder / "apple", folder / "kiwi"
    for number in (41, 42):
        shutil.copy(apple / "apple-07.jpg", apple / f"apple-{number}.jpg")
    shutil.copy(apple / "apple-11.jpg", kiwi / "kiwi-41.jpg")
    whole = (kiwi / "kiwi-03.jpg").read_bytes()
    (kiwi / "kiwi-03.jpg").write_bytes(whole[: len(whole) // 2])
    (kiwi / "notes.jpg").write_text("no image at all")
    (folder / "readme.txt").write_text("my fruit")
    return folder


def draw(color: str, length: float, chance: random.Random) -> Image.Image:
    """One fruit on a table."""
    width, height = chance.choice([(160, 120), (128, 128), (120, 160)])
    background = chance.choice(["#d9cdb8", "#b9c4cc", "#8a6f52", "#e9e6df"])
    picture = Image.new("RGB", (width, height), background)
    pen = ImageDraw.Draw(picture)
    size = chance.uniform(0.28, 0.42) * min(width, height)
    x, y = (each * chance.uniform(0.42, 0.58) for each in (width, height))
    across, down = size * length**0.5, size / length**0.5
    pen.ellipse((x - across, y + down * 0.6, x + across, y + down * 1.3), "#6b5d4f")
    pen.ellipse((x - across, y - down, x + across, y + down), color)
    light = (x - across * 0.5, y - down * 0.6, x - across * 0.1, y - down * 0.2)
    pen.ellipse(light, "#f4efe6")
    pen.line((x, y - down, x + 4, y - down - 8), "#4a3521", 3)
    turned = picture.rotate(chance.uniform(-25, 25), fillcolor=background)
    return turned.filter(ImageFilter.GaussianBlur(1.2))
