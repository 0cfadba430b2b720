"""The size that an image claims, read from its first bytes in Python.

Checked before TensorFlow decodes, so that too large images are refused, and large ones
wait for memory.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from dlstudio.data.images.decoders.jpeg_header import ratio_for
from dlstudio.data.images.limits import check_pixels, decoding_room

Size = tuple[int, int]

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_SEGMENTS = 512


def room_for(
    name: str, encoded: Sequence[bytes], smallest: Size | None = None
) -> AbstractContextManager[None]:
    """Reserve room to decode some images of one format, one after the other.

    Args:
        smallest: See `dlstudio.data.images.decoders.decode.decode_in_graph`.

    Raises:
        ImageError: One of them is too large.
    """
    pixels = 0
    for data in encoded:
        size = claimed_size(name, data)
        if size is not None:
            check_pixels(*size)
            ratio = ratio_for(size[::-1], smallest) if name == "JPEG" else 1
            pixels = max(pixels, size[0] * size[1] // ratio**2)
    return decoding_room(pixels)


def claimed_size(name: str, data: bytes) -> Size | None:
    """Width and height in pixels according to the header.

    Args:
        name: The format; one of `graph_formats.GRAPH_FORMATS`.

    Returns:
        None if the header is truncated, damaged, or of another format.
    """
    reader = _READERS.get(name)
    try:
        return reader(data) if reader is not None else None
    except (struct.error, IndexError):
        return None


def _png(data: bytes) -> Size:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif(data: bytes) -> Size:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _bmp(data: bytes) -> Size:
    (header,) = struct.unpack_from("<I", data, 14)
    width, height = struct.unpack_from("<HH" if header == 12 else "<ii", data, 18)
    return abs(width), abs(height)


def _webp(data: bytes) -> Size | None:
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
    elif kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        width, height = width & 0x3FFF, height & 0x3FFF
    else:
        return None
    return width, height


def _jpeg(data: bytes) -> Size | None:
    place = 2
    for _step in range(_MOST_SEGMENTS):
        if data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        if marker == 0xFF:  # a fill byte
            place += 1
        else:
            place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return None


_READERS: dict[str, Callable[[bytes], Size | None]] = {
    "PNG": _png,
    "GIF": _gif,
    "BMP": _bmp,
    "WebP": _webp,
    "JPEG": _jpeg,
}
