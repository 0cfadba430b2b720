"""Pillow's way to a picture: for the scan, and for what TensorFlow cannot decode."""

from __future__ import annotations

import io
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from dlstudio.data.picture_error import PictureError, empty, too_large
from dlstudio.data.samples import Pixels
from dlstudio.i18n import _

MOST_PIXELS = 178_956_970
"""Pillow's own limit for an error; a picture with more is a bomb or a mistake."""
DAMAGE = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, AttributeError),
    *(LookupError, ArithmeticError, MemoryError, NotImplementedError, struct.error),
)
"""What Pillow's readers raise on damaged files, whatever their documentation says."""


class QuietPillow:
    """Silences Pillow's warnings while any thread is inside; they become findings."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._filters: Any = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL\.")
                warnings.filterwarnings(
                    "ignore", category=Image.DecompressionBombWarning
                )
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self._filters.__exit__(None, None, None)


quiet_pillow = QuietPillow()


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """The picture in `data`, its header read and its size checked, not yet decoded.

    Errors of decoding inside the block are told as well.

    Raises:
        PictureError: It cannot be used, and why.
    """
    if not data:
        raise empty()
    try:
        with quiet_pillow(), Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise too_large(image.width, image.height)
            yield image
    except Image.DecompressionBombError as error:
        text = _("The picture claims far too many pixels: {reason}")
        raise PictureError("too-large", text.format(reason=error)) from error
    except UnidentifiedImageError as error:
        raise _unknown(data) from error
    except PictureError:
        raise
    except DAMAGE as error:
        raise _damaged(error) from error


def _unknown(data: bytes) -> PictureError:
    if data[4:8] == b"ftyp" and data[8:11] in (b"hei", b"hev", b"mif", b"msf"):
        text = _("The picture is HEIC, which cannot be read; save it as JPEG.")
    else:
        text = _("The file is no picture of a format that can be read.")
    return PictureError("not-an-image", text)


def _damaged(error: BaseException) -> PictureError:
    reason = " ".join(str(error).split()) or type(error).__name__
    if "truncated" in reason.lower() or isinstance(error, EOFError):
        return PictureError(
            "truncated", _("The picture is cut off: its end is missing.")
        )
    text = _("The picture is damaged: {reason}.")
    return PictureError("unreadable", text.format(reason=reason.rstrip(".")))


def decode_with_pillow(data: bytes, channels: int) -> Pixels:
    """The first frame, upright, as uint8 of shape (height, width, channels).

    Transparent parts lie on white, unless four channels are asked for.

    Raises:
        PictureError: It cannot be decoded, and why.
    """
    with opened(data) as image:
        image.load()
        return _pixels(ImageOps.exif_transpose(_eight_bits(image)), channels)


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit, 32-bit and float greys narrowed to 8 bits; others as they are."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image).astype(np.float64)
    values = np.nan_to_num(values)
    if image.mode.startswith("I;16") or (image.mode == "I" and values.max() > 255):
        values = np.clip(values, 0, 65535) // 256
    elif image.mode == "F" and values.max() <= 1.0:
        values = values * 255
    narrow = Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
    narrow.info, exif = dict(image.info), image.getexif()
    if 0x0112 in exif:
        narrow.getexif()[0x0112] = exif[0x0112]
    return narrow


def _pixels(image: Image.Image, channels: int) -> Pixels:
    if image.mode in ("LAB", "HSV"):  # which become RGB, but not grey
        image = image.convert("RGB")
    clear = image.has_transparency_data
    if channels == 4:
        return np.asarray(image.convert("RGBA"))
    if clear:
        return on_white(np.asarray(image.convert("RGBA")), channels)
    values = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    return values[..., np.newaxis] if channels == 1 else values


def on_white(rgba: Pixels, channels: int) -> Pixels:
    """RGBA laid over white: uint8 (h, w, 3), or (h, w, 1) by ITU-R 601-2 luma."""
    alpha = rgba[..., 3:].astype(np.uint32)
    rgb = (rgba[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    if channels == 3:
        return rgb.astype(np.uint8)
    luma = rgb @ np.array([[19595], [38470], [7471]], np.uint32)
    return ((luma + 0x8000) >> 16).astype(np.uint8)
