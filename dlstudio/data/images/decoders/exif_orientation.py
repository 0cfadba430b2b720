"""Reading the EXIF orientation in a TensorFlow graph, with TensorFlow operations.

It is part of the graph, so that an exported model rotates images as in training.
Markers: JPEG (ITU-T T.81 annex B), PNG's eXIf chunk or the text chunk in which
ImageMagick stores it ("Raw profile type exif" or "APP1"), WebP's EXIF chunk; the value
is tag 0x0112 of the first directory (EXIF 2.32, 4.6.4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

UPRIGHT = 1
HEAD = 1 << 18
"""Number of bytes at the beginning of a file that are searched."""
MOST_STEPS = 64
"""Most segments that are traversed; ordinary files have a handful."""
MOST_ENTRIES = 512
"""Most entries of a directory that are read."""

FLIPS = [[n in (3, 4, 7, 8), n in (2, 3, 6, 7)] for n in range(9)]
"""By orientation: whether rows and columns are flipped after rotation."""


def jpeg_orientation(encoded: Tensor) -> Tensor:
    """Orientation 1..8 of a JPEG (string scalar → int32 scalar).

    The search ends at the first marker that is neither application data nor a comment,
    as EXIF precedes the tables. Most files without EXIF have a plain JFIF header
    followed by the tables, which is recognized without a search.
    """
    header = tf.strings.substr(encoded, 2, 4) == b"\xff\xe0\0\x10"
    plain = header & (tf.strings.substr(encoded, 20, 2) == b"\xff\xdb")
    result: Tensor = tf.cond(
        plain, lambda: UPRIGHT, lambda: _walked_orientation(encoded)
    )
    return result


def _walked_orientation(encoded: Tensor) -> Tensor:
    data = _bytes(tf.strings.substr(encoded, 0, HEAD))

    def is_skipped(position: Tensor, step: Tensor) -> Tensor:
        marker = _at(data, position + 1)
        is_metadata = ((marker >= 0xE0) & (marker <= 0xEF)) | (marker == 0xFE)
        known = (_at(data, position) == 0xFF) & is_metadata
        return known & ~_is_exif(data, position) & (step < MOST_STEPS)

    def skip(position: Tensor, step: Tensor) -> tuple[Tensor, Tensor]:
        return position + 2 + _big(data, position + 2, 2), step + 1

    position = _walk(is_skipped, skip, 2)
    result: Tensor = tf.cond(
        _is_exif(data, position),
        lambda: _tiff_orientation(data, position + 10),
        lambda: UPRIGHT,
    )
    return result


def _is_exif(data: Tensor, position: Tensor) -> Tensor:
    marker, name = _big(data, position, 2), _big(data, position + 4, 4)
    return (marker == 0xFFE1) & (name == 0x45786966)


def png_facts(encoded: Tensor) -> tuple[Tensor, Tensor]:
    """Orientation 1..8 of a PNG, and whether it may have transparent pixels.

    Returns:
        int32 scalar and bool scalar.
    """
    head = tf.strings.substr(encoded, 0, HEAD)
    data = _bytes(head)
    size = tf.size(data)

    def goes_on(
        position: Tensor, step: Tensor, exif: Tensor, raw: Tensor, clear: Tensor
    ) -> Tensor:
        name = _big(data, position + 4, 4)
        ends = (name == 0x49444154) | (name == 0x49454E44)
        result: Tensor = ~ends & (position < size) & (step < MOST_STEPS)
        return result

    def skip(
        position: Tensor, step: Tensor, exif: Tensor, raw: Tensor, clear: Tensor
    ) -> tuple[Tensor, ...]:
        name = _big(data, position + 4, 4)
        exif = tf.where(name == 0x65584966, position + 8, exif)
        raw = tf.where(_is_raw_profile(data, position, name), position, raw)
        after = position + 12 + _length(_big(data, position, 4))
        return after, step + 1, exif, raw, clear | (name == 0x74524E53)

    nowhere = tf.constant(0)
    start = (tf.constant(8), nowhere, nowhere, nowhere, _at(data, 25) >= 4)
    _position, _step, exif, raw, clear = tf.while_loop(
        goes_on, skip, start, parallel_iterations=1
    )
    orientation = tf.cond(
        exif > 0,
        lambda: _tiff_orientation(data, exif),
        lambda: tf.cond(
            raw > 0, lambda: _profile_orientation(head, data, raw), lambda: UPRIGHT
        ),
    )
    return orientation, clear


def _is_raw_profile(data: Tensor, position: Tensor, name: Tensor) -> Tensor:
    """Whether a chunk is text in which ImageMagick stores EXIF data."""
    is_text = (name == 0x74455874) | (name == 0x7A545874)
    kind = _big(data, position + 25, 4)  # "exif" or "APP1"
    known = (kind == 0x65786966) | (kind == 0x41505031)
    return is_text & known & (_big(data, position + 8, 4) == 0x52617720)


def _profile_orientation(head: Tensor, data: Tensor, position: Tensor) -> Tensor:
    """The orientation in a raw profile: text of a name, a length, and hex digits."""
    packed = _big(data, position + 4, 4) == 0x7A545874
    start = tf.minimum(
        position + 30 + tf.cast(packed, tf.int32), tf.strings.length(head)
    )
    end = position + 8 + _length(_big(data, position, 4))
    text = tf.strings.substr(head, start, tf.maximum(end - start, 0))
    plain = tf.cond(packed, lambda: tf.io.decode_compressed(text, "ZLIB"), lambda: text)
    letters = tf.cast(tf.io.decode_raw(plain, tf.uint8), tf.int32)
    behind = tf.cumsum(tf.cast(letters == 0x0A, tf.int32)) >= 3
    lower = tf.bitwise.bitwise_or(letters, 0x20)
    is_digit = (letters >= 0x30) & (letters <= 0x39)
    is_letter = (lower >= 0x61) & (lower <= 0x66)
    values = tf.boolean_mask(
        tf.where(is_digit, letters - 0x30, lower - 0x57),
        behind & (is_digit | is_letter),
    )
    pairs = tf.reshape(values[: tf.size(values) // 2 * 2], (-1, 2))
    found = tf.cast(pairs[:, 0] * 16 + pairs[:, 1], tf.uint8)
    exif = tf.concat([found, tf.zeros(16, tf.uint8)], 0)
    begin = tf.where(_big(exif, 0, 4) == 0x45786966, 6, 0)
    order = _big(exif, begin, 2)
    result: Tensor = tf.cond(
        (order == 0x4949) | (order == 0x4D4D),
        lambda: _tiff_orientation(exif, begin),
        lambda: UPRIGHT,
    )
    return result


def webp_orientation(encoded: Tensor) -> Tensor:
    """Orientation 1..8 of a WebP (string scalar → int32 scalar).

    The EXIF chunk follows the image and may begin with "Exif\\0\\0".
    """
    data = _bytes(encoded)
    size = tf.size(data)

    def is_skipped(position: Tensor, step: Tensor) -> Tensor:
        is_exif = _big(data, position, 4) == 0x45584946
        result: Tensor = ~is_exif & (position < size) & (step < MOST_STEPS)
        return result

    def skip(position: Tensor, step: Tensor) -> tuple[Tensor, Tensor]:
        length = _length(_little(data, position + 4, 4))
        return position + 8 + length + length % 2, step + 1

    def found(position: Tensor) -> Tensor:
        prefix = tf.where(_big(data, position + 8, 4) == 0x45786966, 6, 0)
        return _tiff_orientation(data, position + 8 + prefix)

    flagged = (_big(data, 12, 4) == 0x56503858) & ((_at(data, 20) & 8) != 0)
    start = tf.where(flagged, 12, size)
    position = _walk(is_skipped, skip, start)
    result: Tensor = tf.cond(
        _big(data, position, 4) == 0x45584946,
        lambda: found(position),
        lambda: UPRIGHT,
    )
    return result


def upright(image: Tensor, orientation: Tensor) -> Tensor:
    """An image (h, w, c) rotated or mirrored according to its orientation."""

    def turned() -> Tensor:
        swapped = tf.cond(
            orientation >= 5, lambda: tf.transpose(image, (1, 0, 2)), lambda: image
        )
        backwards = tf.gather(tf.constant(FLIPS), orientation)
        result: Tensor = tf.reverse(swapped, tf.boolean_mask(tf.range(2), backwards))
        return result

    result: Tensor = tf.cond(orientation > UPRIGHT, turned, lambda: image)
    return result


def _tiff_orientation(data: Tensor, start: Tensor) -> Tensor:
    """The orientation in the TIFF structure that begins at `start`."""
    little = _big(data, start, 2) == 0x4949

    def number(position: Tensor | int, size: int) -> Tensor:
        weights = [1 << 8 * n for n in range(size)]
        return _number(data, position, tf.where(little, weights, weights[::-1]))

    directory = start + _length(number(start + 4, 4))
    count = tf.minimum(number(directory, 2), MOST_ENTRIES)
    entries = directory + 2 + 12 * tf.range(count)
    wanted = tf.cast(number(entries, 2) == 0x0112, tf.int32)
    # The value is at the same offset in each entry; other entries count as zero.
    value = tf.reduce_max(tf.concat([wanted * number(entries + 8, 2), [UPRIGHT]], 0))
    result: Tensor = tf.where(value <= 8, value, UPRIGHT)
    return result


def _walk(
    is_skipped: Callable[[Tensor, Tensor], Tensor],
    skip: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]],
    start: Tensor | int,
) -> Tensor:
    """The position at which a traversal of segments ends."""
    position: Tensor
    position, _steps = tf.while_loop(
        is_skipped,
        skip,
        (tf.convert_to_tensor(start, tf.int32), tf.constant(0)),
        parallel_iterations=1,
    )
    return position


def _bytes(text: Tensor) -> Tensor:
    """The bytes of a string as uint8 (n,), padded with zeros."""
    result: Tensor = tf.io.decode_raw(
        tf.strings.join([text, tf.constant(b"\0" * 16)]), tf.uint8
    )
    return result


def _at(data: Tensor, position: Tensor | int) -> Tensor:
    """A byte as int32; zero where `position` is past the end."""
    result: Tensor = tf.cast(tf.gather(data, _inside(data, position)), tf.int32)
    return result


def _big(data: Tensor, position: Tensor | int, size: int) -> Tensor:
    """A big-endian number of `size` bytes."""
    return _number(data, position, [1 << 8 * n for n in reversed(range(size))])


def _little(data: Tensor, position: Tensor, size: int) -> Tensor:
    """A little-endian number of `size` bytes."""
    return _number(data, position, [1 << 8 * n for n in range(size)])


def _number(
    data: Tensor, position: Tensor | int, weights: Tensor | list[int]
) -> Tensor:
    places = tf.expand_dims(position, -1) + tf.range(tf.size(weights))
    result: Tensor = tf.reduce_sum(_at(data, places) * weights, axis=-1)
    return result


def _inside(data: Tensor, position: Tensor | int) -> Tensor:
    result: Tensor = tf.clip_by_value(position, 0, tf.size(data) - 1)
    return result


def _length(value: Tensor) -> Tensor:
    """A length clipped to bounds, so that the traversal always moves forward."""
    result: Tensor = tf.where((value < 0) | (value > 1 << 29), 1 << 29, value)
    return result
