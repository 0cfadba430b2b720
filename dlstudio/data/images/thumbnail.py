"""Thumbnails of images for display."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps

from dlstudio.data.images.columns import ImageColumn, PixelBlocks, Pixels
from dlstudio.data.images.decoders.pillow_decoder import (
    decode_with_pillow,
    draft,
    loaded,
    opened,
)
from dlstudio.data.images.files import read_file
from dlstudio.data.images.value_range import ValueRange

PLAIN_MODES = ("L", "RGB", "CMYK", "YCbCr")


def thumbnail(images: ImageColumn, index: int, side: int) -> Pixels:
    """An image of a column, upright, scaled to fit in a square of `side` pixels.

    Smaller images are not enlarged.

    Args:
        images: All of them.
        index: Index of the image.
        side: Side of the square in pixels.

    Returns:
        uint8 (h, w, 3), h and w at most `side`.

    Raises:
        UserError: The image cannot be read or decoded.
    """
    if isinstance(images, PixelBlocks):
        return _fitted(Image.fromarray(_rgb(images.pixels(index))), side)
    data = read_file(images.paths[index])
    return encoded_thumbnail(data, side, images.value_range)


def encoded_thumbnail(data: bytes, side: int, ends: ValueRange | None = None) -> Pixels:
    """Like `thumbnail`, for a file's bytes.

    Args:
        ends: Values of more than 8 bits that become black and white; None for the full
            range.

    Raises:
        UserError: The bytes cannot be decoded.
    """
    with opened(data) as image:
        if image.mode in PLAIN_MODES and not image.has_transparency_data:
            draft(image, "RGB", side)
            with loaded(image):
                image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2)
                upright = ImageOps.exif_transpose(image)
                return np.asarray(upright.convert("RGB"))
    return _fitted(Image.fromarray(decode_with_pillow(data, 3, ends)), side)


def _fitted(image: Image.Image, side: int) -> Pixels:
    image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2)
    return np.asarray(image)


def _rgb(pixels: Pixels) -> Pixels:
    if pixels.shape[-1] == 1:
        return np.repeat(pixels, 3, axis=-1)
    return np.ascontiguousarray(pixels[..., :3])
