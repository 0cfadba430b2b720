"""Tables that name image files, with numbers and names that the images show."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 16


def photo_table(
    folder: Path, count: int = 40, *, side: int = SIDE, lost: tuple[int, ...] = ()
) -> Path:
    """A table of photos: their brightness is a number, their tint a class.

    The number is brightness plus a second column, so that only both tell it.

    Args:
        folder: Gets "photos.csv" and "photos/0.png", "photos/1.png"…
        count: Rows.
        side: Height and width of the images, in pixels.
        lost: Rows whose image is not written.
    """
    random = np.random.default_rng(7)
    (folder / "photos").mkdir(parents=True, exist_ok=True)
    rows = []
    for row in range(count):
        light = int(random.integers(20, 200))
        extra = int(random.integers(0, 50))
        red = bool(random.integers(0, 2))
        noise = random.integers(-8, 9, (side, side, 3))
        tint = np.array([40, 0, 0] if red else [0, 0, 40])
        pixels = np.clip(light + noise + tint, 0, 255).astype(np.uint8)
        name = f"photos/{row}.png"
        if row not in lost:
            Image.fromarray(pixels).save(folder / name)
        rows.append((name, extra, "red" if red else "blue", light + extra))
    path = folder / "photos.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("photo", "extra", "tint", "glow"))
        writer.writerows(rows)
    return path
