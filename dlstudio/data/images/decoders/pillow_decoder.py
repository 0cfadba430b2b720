"""Decoding with Pillow: for the scan, and for formats that TensorFlow cannot decode."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from dlstudio.data.images.columns import Pixels
from dlstudio.data.images.decoders.library_noise import quiet_pillow
from dlstudio.data.images.decoders.pillow_orientation import orientation, settle_exif
from dlstudio.data.images.error import ImageError, empty
from dlstudio.data.images.files import open_file
from dlstudio.data.images.heic import can_read_heic, is_heic, without_extra
from dlstudio.data.images.limits import (
    MOST_PIXELS,
    check_pixels,
    decoding_room,
    too_many_pixels,
)
from dlstudio.data.images.value_range import ValueRange, scaled
from dlstudio.data.standard_error import quiet_stderr
from dlstudio.i18n import _

# Pillow itself checks nested images (an icon's, say), against twice this.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
_PIECE = 1 << 18
"""Pixels processed at a time with wide numbers."""
_HEAD = 256
"""Bytes with the brands of HEIC files."""
DAMAGE = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, AttributeError),
    *(LookupError, ArithmeticError, MemoryError, NotImplementedError, struct.error),
)
"""Exceptions that Pillow's readers raise on damaged files, documented or not."""


@contextmanager
def opened(data: bytes | BinaryIO) -> Iterator[Image.Image]:
    """Open the image in bytes or in an open file; its size is checked, not yet decoded.

    Errors of decoding inside the block are converted as well, and library output is
    silenced.

    Raises:
        ImageError: The image cannot be used; the error has the reason.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    head = stream.read(_HEAD)
    stream.seek(0)
    if not head:
        raise empty()
    if is_heic(head) and not can_read_heic():
        raise without_extra()
    try:
        with quiet_pillow(), quiet_stderr(), Image.open(stream) as image:
            check_pixels(image.width, image.height)
            yield image
    except Image.DecompressionBombError as error:
        found = re.search(r"\d+", str(error))
        raise too_many_pixels(int(found[0]) if found else MOST_PIXELS + 1) from error
    except UnidentifiedImageError as error:
        text = _("The file is not an image in a supported format.")
        raise ImageError("not-an-image", text) from error
    except ImageError:
        raise
    except DAMAGE as error:
        raise _damaged(error) from error


def draft(image: Image.Image, mode: str, side: int) -> None:
    """Let a JPEG be downscaled on decoding to no less than `side`: much faster.

    Not for HEIC, where it would return an embedded thumbnail, which may differ.

    Args:
        image: An opened image that is not loaded yet.
        mode: Pillow's mode, such as "RGB".
        side: Least width and height in pixels.
    """
    if image.format in ("JPEG", "MPO"):
        image.draft(mode, (side, side))


@contextmanager
def loaded(image: Image.Image) -> Iterator[None]:
    """Decode an opened image, reserving memory for it during the block."""
    with decoding_room(image.width * image.height):
        image.load()
        settle_exif(image)
        yield


def _damaged(error: BaseException) -> ImageError:
    reason = " ".join(str(error).split()) or type(error).__name__
    if "truncated" in reason.lower() or isinstance(error, EOFError):
        return ImageError("truncated", _("The image is truncated: its end is missing."))
    text = _("The image is damaged: {reason}.")
    return ImageError("unreadable", text.format(reason=reason.rstrip(".")))


def head_of(path: Path) -> tuple[int, int, int]:
    """Height, width and channels (1 or 3) of the upright image, without decoding.

    Raises:
        UserError: The file cannot be read or used.
    """
    with open_file(path) as stream, opened(stream) as image:
        width, height = image.size
        if orientation(image) >= 5:
            height, width = width, height
        grey = image.mode in ("1", "L", "LA", "I", "F") or image.mode[:2] == "I;"
        return height, width, 1 if grey else 3


def decode_with_pillow(
    data: bytes, channels: int, ends: ValueRange | None = None
) -> Pixels:
    """The first frame, upright, as uint8 of shape (height, width, channels).

    Transparent pixels are put on white, unless four channels are requested.

    Args:
        ends: Grey values of more than 8 bits that become 0 and 255; None for the full
            range.

    Raises:
        ImageError: The image cannot be decoded; the error has the reason.
    """
    with opened(data) as image, loaded(image):
        narrow = eight_bits(image, ends)
        ImageOps.exif_transpose(narrow, in_place=True)
        return _pixels(narrow, channels)


def eight_bits(image: Image.Image, ends: ValueRange | None = None) -> Image.Image:
    """Narrow 16-bit, 32-bit and float greys to 8 bits; others are unchanged.

    Args:
        ends: Values that become 0 and 255; None for the range of the format.
    """
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image)
    narrow = Image.fromarray(
        scaled(values, ends) if ends else narrowed(values, image.mode)
    )
    narrow.info, exif = dict(image.info), image.getexif()
    if 0x0112 in exif:
        narrow.getexif()[0x0112] = exif[0x0112]
    return narrow


def narrowed(values: npt.NDArray[np.generic], mode: str) -> Pixels:
    """Narrow values of one of Pillow's modes "I;16…", "I" and "F" to 8 bits."""
    wide = np.nan_to_num(values.astype(np.float64))
    if mode.startswith("I;16") or (mode == "I" and wide.max() > 255):
        wide = np.clip(wide, 0, 65535) // 256
    elif mode == "F" and wide.max() <= 1.0:
        wide = wide * 255
    return np.clip(np.rint(wide), 0, 255).astype(np.uint8)


def _pixels(image: Image.Image, channels: int) -> Pixels:
    if image.mode in ("LAB", "HSV"):  # converted to RGB, but not to grey
        image = image.convert("RGB")
    clear = image.has_transparency_data
    if channels == 4:
        return np.asarray(image.convert("RGBA"))
    if clear:
        return on_white(np.asarray(image.convert("RGBA")), channels)
    mode = "L" if channels == 1 else "RGB"
    values = np.asarray(image if image.mode == mode else image.convert(mode))
    return values[..., np.newaxis] if channels == 1 else values


def on_white(rgba: Pixels, channels: int) -> Pixels:
    """RGBA (…, 4) composited on white: uint8 (…, 3), or (…, 1) by ITU-R 601-2."""
    flat = rgba.reshape(-1, 4)
    made = np.empty((len(flat), channels), np.uint8)
    for start in range(0, len(flat), _PIECE):
        piece = flat[start : start + _PIECE]
        alpha = piece[:, 3:].astype(np.uint32)
        rgb = (piece[:, :3] * alpha + 255 * (255 - alpha) + 127) // 255
        luma = np.array([[19595], [38470], [7471]], np.uint32)
        found = rgb if channels == 3 else (rgb @ luma + 0x8000) >> 16
        made[start : start + _PIECE] = found
    return made.reshape(*rgba.shape[:-1], channels)
