"""Limits for image sizes and for the expansion of compressed files.

A file of a few kilobytes can claim, and decompress to, gigabytes. Every decoder checks
these limits before anything is decoded or unpacked: `check_pixels` with the size in the
header, `grows_too_much` and `check_unpacked` with the size of the unpacked data, and
`decoding_room` while pixels are in memory.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from dlstudio.data.image_error import ImageError
from dlstudio.errors import UserError
from dlstudio.i18n import _

MOST_PIXELS = 1 << 26
"""Most pixels of one image, and of all images decoded at the same time: 8192 × 8192."""
MOST_GROWTH = 200
"""Largest expansion ratio; images hardly compress, so more is not image data."""
SMALL_DATA = 64 * 2**20
"""Bytes that any packed file may expand to, however small it is."""
SMALL_IMAGE = 1 << 20
"""Images with at most this many pixels never wait for room."""


def check_pixels(width: int, height: int) -> None:
    """Refuse an image by its claimed size, before it is decoded.

    Raises:
        ImageError: The image has more than `MOST_PIXELS`; the kind is "too-large".
    """
    if width * height > MOST_PIXELS:
        raise too_many_pixels(width * height)


def too_many_pixels(pixels: int) -> ImageError:
    """The error for an image above the size limit."""
    text = _(
        "The image has {pixels} pixels, but at most {most} are supported. Save "
        "a smaller copy of the image."
    )
    return ImageError(
        "too-large", text.format(pixels=f"{pixels:,}", most=f"{MOST_PIXELS:,}")
    )


def grows_too_much(packed: int, unpacked: int) -> bool:
    """Whether unpacked data is implausibly large for images."""
    return unpacked > max(SMALL_DATA, MOST_GROWTH * packed)


def check_unpacked(path: Path, packed: int, unpacked: int, name: str = "") -> None:
    """Refuse to unpack an array that does not fit in memory.

    Args:
        packed, unpacked: Sizes in bytes.
        name: Name of the array, if the file has several.

    Raises:
        UserError: The array expands too much, or takes more than half the free memory.
    """
    free = psutil.virtual_memory().available
    if not grows_too_much(packed, unpacked) and unpacked <= free // 2:
        return
    text = _("{path} was not unpacked: its {packed} KB would expand to {size} MB.")
    raise UserError(
        text.format(
            path=f"{path} ({name})" if name else path,
            packed=f"{packed // 1024:,}",
            size=f"{unpacked // 2**20:,}",
        ),
        _(
            "If you trust it, unpack it yourself, or save it with numpy.savez: "
            "such files are read in chunks."
        ),
    )


class DecodingRoom:
    """Limits the number of pixels that all threads decode at the same time."""

    def __init__(self, pixels: int) -> None:
        self._size = self._free = pixels
        self._changed = threading.Condition()

    @contextmanager
    def __call__(self, pixels: int) -> Iterator[None]:
        """Wait until there is room for these pixels, and reserve it for the block.

        A block must not request more room inside.
        """
        if pixels <= SMALL_IMAGE:
            yield
            return
        share = min(pixels, self._size)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= share)
            self._free -= share
        try:
            yield
        finally:
            with self._changed:
                self._free += share
                self._changed.notify_all()


decoding_room = DecodingRoom(MOST_PIXELS)
