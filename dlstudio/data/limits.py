"""How large an image may be, and how far a compressed file may grow: for all ways in.

A file of a few kilobytes can claim, and compress, gigabytes. Each way to pixels asks
here before anything is decoded or unpacked: `check_pixels` with the size that a header
claims, `grows_too_much` and `check_unpacked` with the size that unpacked data will
have, and `decoding_room` while pixels are in memory.
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
"""Pixels of one image, and of all that are decoded at the same time: 8192 × 8192."""
MOST_GROWTH = 200
"""Images hardly shrink when packed: what grows so much is no set of images."""
SMALL_DATA = 64 * 2**20
"""So many bytes may come out of any packed file, however small it is."""
SMALL_IMAGE = 1 << 20
"""Images of no more pixels than this never wait for room."""


def check_pixels(width: int, height: int) -> None:
    """Refuse an image by the size that it claims, before it is decoded.

    Raises:
        ImageError: It has more than `MOST_PIXELS`; the kind is "too-large".
    """
    if width * height > MOST_PIXELS:
        raise too_many_pixels(width * height)


def too_many_pixels(pixels: int) -> ImageError:
    """The error for an image that is larger than any that are read."""
    text = _(
        "The image has {pixels} pixels, but at most {most} are supported. Save "
        "a smaller copy of the image."
    )
    return ImageError(
        "too-large", text.format(pixels=f"{pixels:,}", most=f"{MOST_PIXELS:,}")
    )


def grows_too_much(packed: int, unpacked: int) -> bool:
    """Whether unpacking makes far more of some bytes than images can need."""
    return unpacked > max(SMALL_DATA, MOST_GROWTH * packed)


def check_unpacked(path: Path, packed: int, unpacked: int, name: str = "") -> None:
    """Refuse to unpack an array in memory that has no place there.

    Args:
        packed, unpacked: Bytes before and after.
        name: Of the array, where a file has several.

    Raises:
        UserError: It grows too much, or takes more than half the free memory.
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
    """Keeps what all threads decode at the same time within a number of pixels."""

    def __init__(self, pixels: int) -> None:
        self._size = self._free = pixels
        self._changed = threading.Condition()

    @contextmanager
    def __call__(self, pixels: int) -> Iterator[None]:
        """Wait until there is room for so many pixels, and take it for the block.

        A block must not ask for more room inside.
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
