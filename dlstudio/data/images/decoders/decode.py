"""Decoding images to pixels, identically for training, prediction and export.

`decode_in_graph` and `prepare_in_graph` use TensorFlow operations alone, so that they
can be saved in a model and give the same pixels there. Formats that TensorFlow cannot
decode are decoded by Pillow, which a saved model cannot use.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import keras
import numpy as np
import tensorflow as tf

from dlstudio.data.images.columns import Pixels
from dlstudio.data.images.decoders.graph_formats import (
    GRAPH_FORMATS,
    decode_as,
    format_number,
    refuse,
)
from dlstudio.data.images.decoders.header import room_for
from dlstudio.data.images.decoders.pillow_decoder import decode_with_pillow
from dlstudio.data.images.error import check_bytes
from dlstudio.data.images.files import image_format
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.images.value_range import ValueRange
from dlstudio.data.standard_error import quiet_stderr

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

CPU = "/CPU:0"
"""Device for decoding and resizing, also on a GPU machine, for identical pixels."""

HEAD = 12
"""Number of bytes that identify the format."""

__all__ = [
    "GRAPH_FORMATS",
    "decode_bytes",
    "decode_in_graph",
    "prepare_in_graph",
    "resize",
]

Function = TypeVar("Function", bound=Callable[..., Any])

# TensorFlow's message about a damaged image can contain its bytes, which Python cannot
# decode as text.
REFUSALS = (tf.errors.OpError, UnicodeDecodeError)


def _as_written(function: Function) -> Function:
    """Keep AutoGraph from converting a function without Python control flow."""
    return cast(Function, tf.autograph.experimental.do_not_convert(function))


@_as_written
def decode_in_graph(
    encoded: Tensor,
    channels: int,
    smallest: tuple[int, int] | None = None,
    ends: ValueRange | None = None,
) -> Tensor:
    """Decode one image with TensorFlow operations alone.

    Uses the first frame of an animation, applies the EXIF orientation, puts transparent
    pixels on white (unless four channels are requested; in a GIF they are black),
    narrows 16 bits to the upper 8, and converts colour to grey by ITU-R 601-2 luma.

    Args:
        encoded: The file's bytes, a string scalar.
        channels: 1, 3 or 4.
        smallest: Height and width, in pixels. A JPEG of about twice that size or more
            is decoded at a half, quarter or eighth, as long as both sides keep nine
            tenths of it.
        ends: Values of a PNG of 16 bits that become 0 and 255, instead of its
            upper 8 bits.

    Returns:
        uint8 (height, width, channels).

    Raises:
        tf.errors.InvalidArgumentError: When run, if the image cannot be decoded.
    """
    with tf.device(CPU):
        branches: list[Callable[[], Any]] = [
            partial(decode_as, name, encoded, channels, smallest, ends)
            for name in GRAPH_FORMATS
        ]
        branches.append(partial(refuse, channels))
        image = tf.switch_case(format_number(encoded), branches)
        result: Tensor = tf.ensure_shape(image, (None, None, channels))
        return result


@_as_written
def resize(image: Tensor, spec: ImageSpec) -> Tensor:
    """Resize like `keras.layers.Resizing`: uint8 (h, w, c) → uint8 of the spec.

    Also accepts a batch (n, h, w, c). The result is rounded.
    """
    with tf.device(CPU):
        if spec.crop_to_aspect_ratio or spec.pad_to_aspect_ratio:
            resized = _resize_keeping_aspect(image, spec)
        else:
            resized = tf.image.resize(
                image,
                (spec.height, spec.width),
                method=spec.interpolation,
                antialias=spec.antialias,
            )
        if spec.interpolation not in ("bilinear", "nearest") or spec.fill_value:
            resized = tf.clip_by_value(resized, 0, 255)
        return resized if resized.dtype == tf.uint8 else _whole(resized)


def _whole(values: Tensor) -> Tensor:
    result: Tensor = tf.cast(tf.round(values), tf.uint8)
    return result


def _resize_keeping_aspect(image: Tensor, spec: ImageSpec) -> Tensor:
    result: Tensor = keras.ops.image.resize(
        tf.cast(image, tf.float32),
        (spec.height, spec.width),
        interpolation=spec.interpolation,
        antialias=spec.antialias,
        crop_to_aspect_ratio=spec.crop_to_aspect_ratio,
        pad_to_aspect_ratio=spec.pad_to_aspect_ratio,
        fill_mode=spec.fill_mode,
        fill_value=spec.fill_value,
        data_format="channels_last",
    )
    return result


@_as_written
def prepare_in_graph(encoded: Tensor, spec: ImageSpec) -> Tensor:
    """Decode and resize one image: string scalar → uint8 (height, width, channels).

    Raises:
        tf.errors.InvalidArgumentError: When run, if the image cannot be decoded.
    """
    ends = spec.value_range
    image = decode_in_graph(encoded, spec.channels, smallest_size(spec), ends)
    result: Tensor = tf.ensure_shape(resize(image, spec), spec.shape)
    return result


def smallest_size(spec: ImageSpec) -> tuple[int, int] | None:
    """The size that a JPEG may be downscaled to on decoding; none for nearest."""
    return None if spec.interpolation == "nearest" else (spec.height, spec.width)


def decode_bytes(data: bytes, channels: int) -> Pixels:
    """Decode one image by TensorFlow, or by Pillow if a saved model cannot decode it.

    Returns:
        uint8 (height, width, channels).

    Raises:
        ImageError: The image cannot be decoded; the error has the reason.
    """
    check_bytes(data)
    name = image_format(data[:HEAD])
    if name in GRAPH_FORMATS:
        with suppress(*REFUSALS), room_for(name, [data]), quiet_stderr():
            return np.asarray(decode_in_graph(tf.constant(data), channels))
    return decode_with_pillow(data, channels)
