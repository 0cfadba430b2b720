"""Generates small images in all formats."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.store import Catalog

CATALOG = Catalog(BUILTIN)


def photo(seed: int = 0, width: int = 40, height: int = 28) -> Image.Image:
    """A smooth colour image with different corners."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (4, 5, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, name: str = "PNG", **options: Any) -> bytes:
    """The bytes of an image in a format."""
    stream = io.BytesIO()
    image.save(stream, name, **options)
    return stream.getvalue()


def rotated_jpeg(orientation: int, seed: int = 0, **options: Any) -> bytes:
    """A JPEG with an EXIF orientation."""
    return encoded(photo(seed), "JPEG", quality=95, exif=exif(orientation), **options)


def exif(orientation: int) -> Image.Exif:
    """EXIF data with an orientation."""
    data = Image.Exif()
    data[0x0112] = orientation
    return data


def write(path: Path, data: bytes) -> Path:
    """Write a file, and create its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def class_folders(
    root: Path,
    classes: Sequence[str] = ("cat", "dog"),
    count: int = 4,
    suffix: str = ".png",
) -> Path:
    """A folder of `count` different images per class."""
    name = {".png": "PNG", ".jpg": "JPEG"}[suffix]
    for number, each in enumerate(classes):
        for index in range(count):
            seed = 1000 * number + index
            write(root / each / f"{index}{suffix}", encoded(photo(seed), name))
    return root
