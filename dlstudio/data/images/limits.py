"""Limits for image sizes.

A file of a few kilobytes can claim gigabytes of pixels. Every decoder checks these
limits before anything is decoded: `check_pixels` with the size in the header, and
`decoding_room` while pixels are in memory.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dlstudio.data.images.error import ImageError
from dlstudio.i18n import _

MOST_PIXELS = 1 << 26
"""Most pixels of one image, and of all images decoded at the same time: 8192 × 8192."""
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
