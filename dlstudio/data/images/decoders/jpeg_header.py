"""Fast parsing of the header of a plain JPEG, in Python.

Most JPEGs are plain, and of one size within a dataset. Knowing that beforehand saves
the graph operations that read headers, a fifth of the time for preparation. It only
determines which operations are skipped; their results would be the same.
"""

from __future__ import annotations

from collections.abc import Iterable

RATIOS = (1, 2, 4, 8)
"""Factors by which libjpeg can downscale an image on decoding at little cost."""
NEARLY = 9
"""Tenths of the requested side that a downscaled image must have at least."""

_PLAIN = b"\xff\xd8\xff\xe0\x00\x10"
_TABLES = b"\xff\xdb"
_FRAMES = (0xC0, 0xC1, 0xC2)
_SKIPPED = (0xDB, 0xC4, 0xDD, 0xFE)


Size = tuple[int, int]


def plain_jpeg_size(data: bytes) -> Size | None:
    """Height and width of a plain JPEG; None if it is not plain.

    Such a file begins with a JFIF header followed by tables (so it has no EXIF), and
    has 8 bits and one or three components.
    """
    return _parse_header(data)[0]


def plain_jpeg_sizes(images: Iterable[bytes]) -> set[Size | None]:
    """The sizes of several JPEGs; identical headers are parsed only once."""
    sizes: set[Size | None] = set()
    header, size = b"", None
    for data in images:
        if not header or not data.startswith(header):
            size, end = _parse_header(data)
            header = data[:end]
        sizes.add(size)
    return sizes


def _parse_header(data: bytes) -> tuple[Size | None, int]:
    """The size, and the end of the parsed header."""
    if data[:6] != _PLAIN or data[20:22] != _TABLES:
        return None, 0
    place = 20
    while place + 10 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker in _FRAMES:
            height = int.from_bytes(data[place + 5 : place + 7], "big")
            width = int.from_bytes(data[place + 7 : place + 9], "big")
            usual = data[place + 4] == 8 and data[place + 9] in (1, 3)
            size = (height, width) if usual and height and width else None
            return size, place + 10
        if marker not in _SKIPPED:
            break
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return None, 0


def ratio_for(size: Size, smallest: Size | None) -> int:
    """The factor by which an image of `size` is downscaled; see `decode_in_graph`."""
    if smallest is None:
        return 1
    return max(
        ratio
        for ratio in RATIOS
        if ratio == 1
        or all(
            10 * -(-side // ratio) >= NEARLY * least
            for side, least in zip(size, smallest, strict=True)
        )
    )
