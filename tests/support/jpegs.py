"""Many JPEG images that are as hard to decode as photographs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

BASES = 40
CLASSES = 10


def make_jpegs(root: Path, count: int, width: int = 500, height: int = 375) -> int:
    """Write `count` different JPEGs into ten class folders; returns their mean size.

    At 500×375 they have about 32 kB, the mean of the well-known cats-and-dogs images of
    that size.
    """
    random = np.random.default_rng(0)
    bases = [_texture(random, width, height) for _n in range(min(BASES, count))]
    total = 0
    for number in range(count):
        shift = random.integers(-25, 25)
        pixels = np.roll(bases[number % len(bases)], number * 7, axis=number % 2)
        values = np.clip(pixels + shift, 0, 255).astype(np.uint8)
        path = root / f"class {number % CLASSES}" / f"{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(values).save(path, quality=80)
        total += path.stat().st_size
    return total // count


def _texture(
    random: np.random.Generator, width: int, height: int
) -> npt.NDArray[np.int16]:
    """Noise of several scales, strongest at coarse scales, as in photographs."""
    total = np.full((height, width, 3), 120, np.float32)
    for cells, strength in ((4, 60), (12, 40), (40, 25), (120, 10)):
        noise = random.normal(0, 1, (cells * 3 // 4 + 1, cells, 3)).astype(np.float32)
        for channel in range(3):
            plane = Image.fromarray(noise[..., channel])
            smooth = plane.resize((width, height), Image.Resampling.BICUBIC)
            total[..., channel] += strength * np.asarray(smooth)
    total += random.normal(0, 3, (height, width, 1))
    return np.clip(total, 0, 255).astype(np.int16)
