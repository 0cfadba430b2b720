"""Images in arrays as PNG files."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from dlstudio import paths

Pixels = npt.NDArray[np.uint8]
LONGEST = 96
"""Longest side of an image within a report, in pixels."""


def png_bytes(pixels: Pixels) -> bytes:
    """A PNG file of an image.

    Args:
        pixels: uint8 (height, width, channels) with 1, 3 or 4 channels.
    """
    stream = io.BytesIO()
    _image(pixels).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def png_text(pixels: Pixels, longest: int = LONGEST) -> str:
    """A PNG file in base64, made smaller if one side is longer than `longest`."""
    image = _image(pixels)
    image.thumbnail((longest, longest))
    return base64.b64encode(png_bytes(np.atleast_3d(np.asarray(image)))).decode("ascii")


def write_png(pixels: Pixels, path: Path) -> None:
    """Write an image as a PNG file; it is replaced in one step.

    Raises:
        UserError: It cannot be written.
    """
    with paths.user_errors(path, writing=True), paths.atomic_file(path) as stream:
        stream.write(png_bytes(pixels))


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
