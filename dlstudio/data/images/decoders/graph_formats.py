"""Decoding each image format with TensorFlow operations alone.

Each decoder takes the file's bytes as a string scalar and returns uint8 (h, w, c).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import tensorflow as tf

from dlstudio.data.images.decoders.exif_orientation import (
    jpeg_orientation,
    png_facts,
    upright,
    webp_orientation,
)
from dlstudio.data.images.decoders.graph_channels import from_rgba, grey, with_channels
from dlstudio.data.images.decoders.jpeg_header import NEARLY, RATIOS
from dlstudio.data.images.limits import MOST_PIXELS
from dlstudio.data.images.value_range import ValueRange
from dlstudio.i18n import marked as _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

GRAPH_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WebP")
"""Formats that a saved model can decode, except for those in `NOT_IN_GRAPH`."""
NOT_IN_GRAPH = (
    *("TIFF", "ICO", "AVIF", "HEIC", "PPM", "TGA"),
    _("animated WebP"),
    _("BMP with a palette, bit masks or compression"),
    _("GIF without a color table, or with a first frame smaller than its canvas"),
    _("damaged files that other readers can repair"),
)
"""Formats that dlstudio can decode and a saved model cannot (translatable)."""


def format_number(encoded: Tensor) -> Tensor:
    """The index in `GRAPH_FORMATS`, or its length if unknown, as an int32 scalar."""
    head = _number_at(encoded, 0, 4)
    tests = [
        tf.bitwise.right_shift(head, 8) == 0xFFD8FF - (1 << 24),
        head == 0x89504E47 - (1 << 32),
        head == 0x47494638,
        tf.bitwise.right_shift(head, 16) == 0x424D,
        (head == 0x52494646) & (_number_at(encoded, 8, 4) == 0x57454250),
    ]
    count = len(GRAPH_FORMATS)
    result: Tensor = count + tf.reduce_sum(
        tf.cast(tests, tf.int32) * tf.range(-count, 0)
    )
    return result


def decode_as(
    name: str,
    encoded: Tensor,
    channels: int,
    smallest: tuple[int, int] | None,
    ends: ValueRange | None = None,
) -> Tensor:
    """Decode an image of a known format.

    Args:
        name: "JPEG", "PNG", "GIF", "BMP" or "WebP".
        encoded: The file, a scalar string tensor.
        channels: Channels of the result: 1, 3 or 4.
        smallest: Least height and width that a JPEG is decoded to; None for full size.
        ends: Values of 16-bit pixels that become black and white.

    Returns:
        A tensor, uint8 (h, w, channels).
    """
    if name == "JPEG":
        return _jpeg(encoded, channels, smallest)
    if name == "PNG":
        return _png(encoded, channels, ends)
    return {"GIF": _gif, "BMP": _bmp, "WebP": _webp}[name](encoded, channels)


def decode_plain_jpeg(encoded: Tensor, channels: int, ratio: int) -> Tensor:
    """Decode a JPEG that `plain_jpeg_size` accepts and that is not too large.

    Args:
        encoded: The file, a scalar string tensor.
        channels: Channels of the result: 1, 3 or 4.
        ratio: Factor by which it is downscaled: 1, 2, 4 or 8.

    Returns:
        A tensor, uint8 (h, w, channels).
    """
    image = tf.io.decode_jpeg(encoded, min(channels, 3), ratio=ratio)
    return with_channels(image, channels)


def _number_at(
    encoded: Tensor, position: int, size: int, little: bool = False
) -> Tensor:
    """A signed number of 1, 2 or 4 bytes as int32; bytes past the end are zero."""
    start = tf.minimum(tf.strings.length(encoded), position)
    part = tf.strings.substr(encoded, start, size)
    data = tf.io.decode_raw(tf.strings.join([part, b"\0" * size]), tf.uint8)[:size]
    weights = [1 << 8 * n for n in range(size)]
    weighted = tf.cast(data, tf.int32) * (weights if little else weights[::-1])
    result: Tensor = tf.reduce_sum(weighted)
    return result


def _sized(width: Tensor, height: Tensor) -> list[object]:
    """Assert that an image does not claim too many pixels."""
    pixels = tf.cast(width, tf.int64) * tf.cast(height, tf.int64)
    fits = (pixels > 0) & (pixels <= MOST_PIXELS)
    return [tf.debugging.Assert(fits, ["the image is far too large", width, height])]


def _jpeg(encoded: Tensor, channels: int, smallest: tuple[int, int] | None) -> Tensor:
    shape = tf.io.extract_jpeg_shape(encoded)
    orientation = jpeg_orientation(encoded)
    with tf.control_dependencies(_sized(shape[1], shape[0])):
        scale = (
            tf.constant(0) if smallest is None else _scale(shape, orientation, smallest)
        )
        wanted = min(channels, 3)

        def decoded(ratio: int) -> Tensor:
            result: Tensor
            if channels != 1:
                result = tf.io.decode_jpeg(encoded, wanted, ratio=ratio)
            else:
                # libjpeg cannot convert CMYK to grey.
                result = tf.cond(
                    shape[2] == 4,
                    lambda: grey(tf.io.decode_jpeg(encoded, 3, ratio=ratio)),
                    lambda: tf.io.decode_jpeg(encoded, 1, ratio=ratio),
                )
            return result

        if smallest is None:
            image = decoded(1)
        else:
            image = tf.switch_case(scale, [partial(decoded, ratio) for ratio in RATIOS])
    return with_channels(upright(image, orientation), channels)


def _scale(shape: Tensor, orientation: Tensor, smallest: tuple[int, int]) -> Tensor:
    """The index in `RATIOS` of the ratio that `ratio_for` returns."""
    sides = tf.where(orientation >= 5, shape[1::-1], shape[:2])
    ratios = tf.constant(RATIOS[1:])[:, tf.newaxis]
    scaled = (sides + ratios - 1) // ratios
    enough = tf.reduce_all(10 * scaled >= NEARLY * tf.constant(smallest), axis=1)
    result: Tensor = tf.reduce_sum(tf.cast(enough, tf.int32))
    return result


def _png(encoded: Tensor, channels: int, ends: ValueRange | None) -> Tensor:
    width, height = _number_at(encoded, 16, 4), _number_at(encoded, 20, 4)
    orientation, clear = png_facts(encoded)
    with tf.control_dependencies(_sized(width, height)):

        def eight() -> Tensor:
            # TensorFlow adds a wrong alpha channel to images without one that have
            # fewer than 8 bits.
            result: Tensor = tf.cond(
                clear,
                lambda: from_rgba(tf.io.decode_png(encoded, 4), channels),
                lambda: with_channels(tf.io.decode_png(encoded, 3), channels),
            )
            return result

        def deep(ends: ValueRange) -> Tensor:
            return from_rgba(_png_values(encoded, ends), channels)

        if ends is None:
            image = eight()
        else:
            bits = _number_at(encoded, 24, 1)
            image = tf.cond(bits == 16, partial(deep, ends), eight)
    return upright(image, orientation)


def _png_values(encoded: Tensor, ends: ValueRange) -> Tensor:
    """RGBA of a 16-bit PNG, scaled like `value_range.scaled`."""
    low, high = (tf.constant(each, tf.float64) for each in ends)
    rgba = tf.io.decode_png(encoded, 4, tf.uint16)
    values = tf.clip_by_value(tf.cast(rgba[..., :3], tf.float64), low, high)
    rgb = tf.cast(tf.round((values - low) * (255 / (ends[1] - ends[0]))), tf.uint8)
    alpha = tf.cast(tf.cast(rgba[..., 3:], tf.int32) // 256, tf.uint8)
    result: Tensor = tf.concat([rgb, alpha], axis=-1)
    return result


def _gif(encoded: Tensor, channels: int) -> Tensor:
    width = _number_at(encoded, 6, 2, little=True)
    height = _number_at(encoded, 8, 2, little=True)
    with tf.control_dependencies(_sized(width, height)):
        image = tf.io.decode_image(encoded, 3, expand_animations=False)
    # TensorFlow crops a frame that does not fill the canvas.
    shape = tf.shape(image)
    whole = (shape[0] >= height) & (shape[1] >= width)
    check = tf.debugging.Assert(whole, ["the first frame does not fill the canvas"])
    with tf.control_dependencies([check]):
        image = tf.identity(image)
    return with_channels(tf.ensure_shape(image, (None, None, 3)), channels)


def _bmp(encoded: Tensor, channels: int) -> Tensor:
    width = _number_at(encoded, 18, 4, little=True)
    height = tf.abs(_number_at(encoded, 22, 4, little=True))
    header = _number_at(encoded, 14, 4, little=True)
    bits = _number_at(encoded, 28, 2, little=True)
    packed = _number_at(encoded, 30, 4, little=True)
    plain = (header >= 40) & ((bits == 24) | (bits == 32)) & (packed == 0)
    checks = [
        *_sized(width, height),
        # TensorFlow ignores palettes and masks, which would give wrong colours.
        tf.debugging.Assert(plain, ["a BMP with a palette, masks or packing"]),
    ]
    with tf.control_dependencies(checks):
        image = tf.io.decode_bmp(encoded)[..., :3]
    return with_channels(tf.ensure_shape(image, (None, None, 3)), channels)


def _webp(encoded: Tensor, channels: int) -> Tensor:
    """Decode a WebP; TensorFlow accepts only the file's own number of channels."""
    kind = _number_at(encoded, 12, 4)
    extended, lossless = kind == 0x56503858, kind == 0x5650384C
    flags = _number_at(encoded, 20, 1)
    bits = _number_at(encoded, 21, 4, little=True)
    clear = (extended & (tf.bitwise.bitwise_and(flags, 16) != 0)) | (
        lossless & (tf.bitwise.bitwise_and(bits, 1 << 28) != 0)
    )
    orientation = webp_orientation(encoded)

    def decoded(number: int) -> Tensor:
        result: Tensor = tf.io.decode_webp(encoded, number)[0]
        return result

    with tf.control_dependencies(_sized(*_webp_size(encoded, extended, lossless))):
        image = tf.cond(
            clear,
            lambda: from_rgba(decoded(4), channels),
            lambda: with_channels(decoded(3), channels),
        )
    return upright(image, orientation)


def _webp_size(
    encoded: Tensor, extended: Tensor, lossless: Tensor
) -> tuple[Tensor, Tensor]:
    """Width and height, from one of the three kinds of WebP headers."""

    def side(wide: int, shift: int, plain: int) -> Tensor:
        bits = _number_at(encoded, 21, 4, little=True)
        packed = tf.bitwise.right_shift(bits, shift)
        narrow = tf.where(
            lossless,
            tf.bitwise.bitwise_and(packed, 0x3FFF) + 1,
            tf.bitwise.bitwise_and(_number_at(encoded, plain, 2, little=True), 0x3FFF),
        )
        result: Tensor = tf.where(
            extended, _number_at(encoded, wide, 3, little=True) + 1, narrow
        )
        return result

    return side(24, 0, 26), side(27, 14, 28)


def refuse(channels: int) -> Tensor:
    check = tf.debugging.Assert(False, ["not a JPEG, PNG, GIF, BMP or WebP"])
    with tf.control_dependencies([check]):
        result: Tensor = tf.zeros((1, 1, channels), tf.uint8)
        return result
