"""Probing an image for the scan: readability, size, format, hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from dlstudio.data.images.columns import Pixels
from dlstudio.data.images.decoders.pillow_decoder import (
    draft,
    eight_bits,
    loaded,
    opened,
)
from dlstudio.data.images.error import ImageError
from dlstudio.data.images.files import read_file
from dlstudio.data.images.samples import image_path, image_pixels, images_of, in_arrays
from dlstudio.data.samples import Samples
from dlstudio.errors import UserError

THUMB = 16
TOO_SMALL = 32
"""Least side of images compared for near-duplicates; smaller ones all look alike."""


@dataclass(frozen=True)
class ImageProbe:
    """The result of probing one image.

    Attributes:
        content: SHA-256 of the file (or pixels); empty if unreadable.
        width, height: Size in pixels as stored; 0 if unreadable.
        mode: Pillow's mode, such as "RGB" or "CMYK".
        format: Pillow's name for the format; "" for arrays.
        hash: 64-bit difference hash (Krawetz, 2013), or None where not meaningful.
        thumb: uint8 (256,): 16×16 grey values, to confirm near-duplicates.
        grey: Darkest and brightest grey value of the downscaled image (of the pixels of
            a small one); None if unreadable.
        plain: Share of the most common grey value; None for small images.
        error: Why it cannot be used, or None.
    """

    content: bytes = b""
    width: int = 0
    height: int = 0
    mode: str = ""
    format: str = ""
    hash: int | None = None
    thumb: Pixels | None = None
    grey: tuple[int, int] | None = None
    plain: float | None = None
    error: ImageError | None = None


def probe_image(samples: Samples, index: int) -> ImageProbe:
    """Probe one sample."""
    if in_arrays(samples):
        return _probe_pixels(image_pixels(samples, index))
    try:
        data = read_file(image_path(samples, index))
    except ImageError as error:
        return ImageProbe(error=error)
    except UserError as error:
        return ImageProbe(error=ImageError("unreadable", error.message))
    content = hashlib.sha256(data).digest()
    try:
        with opened(data) as image:
            size, mode, name = image.size, image.mode, image.format or ""
            draft(image, "L", 2 * TOO_SMALL)
            with loaded(image):
                narrow = eight_bits(image, images_of(samples).value_range)
                seen = _summarize_pixels(narrow, min(size))
    except ImageError as error:
        return ImageProbe(content, error=error)
    width, height = size
    return ImageProbe(content, width, height, mode, name, *seen)


def _probe_pixels(pixels: Pixels) -> ImageProbe:
    content = hashlib.sha256(pixels.tobytes()).digest()
    height, width, channels = pixels.shape
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[channels]
    image = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
    return ImageProbe(
        content, width, height, mode, "", *_summarize_pixels(image, min(height, width))
    )


PixelSummary = tuple[int | None, Pixels | None, tuple[int, int], float | None]


def _summarize_pixels(image: Image.Image, side: int) -> PixelSummary:
    """The hash, the thumbnail, the grey range and the share of the commonest grey."""
    if side < TOO_SMALL:
        grey = image if image.mode == "L" else image.convert("L")
        return None, None, _range(grey), None
    if image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    box = Image.Resampling.BOX
    small = image.resize((4 * THUMB, 4 * THUMB), box).convert("L")
    ends, plain = _range(small), max(small.histogram()) / (4 * THUMB) ** 2
    if ends[1] - ends[0] < THUMB:
        # Fine texture averages out when downscaled, but is not flat.
        ends = _range(image.convert("L"))
    thumb = np.asarray(small.resize((THUMB, THUMB), box)).reshape(-1)
    if int(thumb.max()) - int(thumb.min()) < THUMB:
        return None, None, ends, plain
    return _difference_hash(np.asarray(small.resize((9, 8), box))), thumb, ends, plain


def _range(grey: Image.Image) -> tuple[int, int]:
    low, high = cast("tuple[int, int]", grey.getextrema())
    return low, high


def _difference_hash(grey: npt.NDArray[np.uint8]) -> int:
    """64 bits: whether each of 8×9 values is less than the one to its right."""
    bits = np.packbits(grey[:, 1:] > grey[:, :-1])
    return int.from_bytes(bits.tobytes(), "big")
