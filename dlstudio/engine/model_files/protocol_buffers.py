"""Messages of protocol buffers, read field by field without their definitions."""

from __future__ import annotations

from collections.abc import Iterator

NUMBER, EIGHT_BYTES, BYTES, FOUR_BYTES = 0, 1, 2, 5
"""How a value is written."""
FIXED = {EIGHT_BYTES: 8, FOUR_BYTES: 4}


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message: the number of each, and its value.

    Raises:
        ValueError: The data is no such message.
    """
    place = 0
    while place < len(data):
        tag, place = number(data, place)
        kind = tag & 7
        if kind == NUMBER:
            value, place = number(data, place)
            yield tag >> 3, value
            continue
        if kind == BYTES:
            size, place = number(data, place)
        elif kind in FIXED:
            size = FIXED[kind]
        else:
            raise ValueError(tag)
        if place + size > len(data):
            raise ValueError(size)
        yield tag >> 3, data[place : place + size]
        place += size


def number(data: bytes, place: int) -> tuple[int, int]:
    """A number of variable length, and the place behind it.

    Args:
        data: A message.
        place: Where the number begins.

    Raises:
        ValueError: It is cut, or too long.
    """
    found = shift = 0
    while place < len(data) and shift < 64:
        byte = data[place]
        found |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return found, place
    raise ValueError(place)
