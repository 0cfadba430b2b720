"""Channels of decoded images, with TensorFlow operations alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor, TensorFunction

LARGE = 1 << 25
"""Number of values above which an image is processed in slices, to save memory."""


def from_rgba(image: Tensor, channels: int) -> Tensor:
    """RGBA (h, w, 4) converted to the requested channels, on white."""
    if channels == 4:
        return image
    opaque = tf.reduce_min(image[..., 3]) == 255

    def composed(pixels: Tensor) -> Tensor:
        wide = tf.cast(pixels, tf.int32)
        alpha = wide[..., 3:]
        mixed = wide[..., :3] * alpha + 255 * (255 - alpha) + 127
        result: Tensor = tf.cast(mixed // 255, tf.uint8)
        return result

    colours = tf.cond(
        opaque, lambda: image[..., :3], lambda: _in_pieces(composed, image, 3)
    )
    return with_channels(colours, channels)


def _in_pieces(function: TensorFunction, image: Tensor, channels: int) -> Tensor:
    """Apply `function` to an image, row by row if large, as it uses wide numbers."""
    row = tf.TensorSpec((None, channels), tf.uint8)
    result: Tensor = tf.cond(
        tf.size(image) > LARGE,
        lambda: tf.map_fn(
            function, image, fn_output_signature=row, parallel_iterations=1
        ),
        lambda: function(image),
    )
    return result


def with_channels(image: Tensor, channels: int) -> Tensor:
    """An image of 1 or 3 channels converted to the requested ones."""
    if channels == 1:
        return image if image.shape[-1] == 1 else _in_pieces(grey, image, 1)
    if channels == 4:
        result: Tensor = tf.concat(
            [image, tf.fill(tf.shape(image[..., :1]), tf.constant(255, tf.uint8))], -1
        )
        return result
    return image


def grey(image: Tensor) -> Tensor:
    """RGB to grey, uint8 (..., 1), in integer arithmetic like Pillow."""
    wide = tf.cast(image, tf.int32) * tf.constant([19595, 38470, 7471])
    luma = tf.reduce_sum(wide, axis=-1, keepdims=True)
    result: Tensor = tf.cast(tf.bitwise.right_shift(luma + 0x8000, 16), tf.uint8)
    return result
