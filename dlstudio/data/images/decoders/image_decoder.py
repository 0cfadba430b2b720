"""Preparing many images for one spec, by graphs that are traced once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from dlstudio.data.images.columns import Pixels
from dlstudio.data.images.decoders.decode import (
    CPU,
    HEAD,
    REFUSALS,
    resize,
    smallest_size,
)
from dlstudio.data.images.decoders.graph_formats import (
    GRAPH_FORMATS,
    decode_as,
    decode_plain_jpeg,
)
from dlstudio.data.images.decoders.header import room_for
from dlstudio.data.images.decoders.jpeg_header import plain_jpeg_sizes, ratio_for
from dlstudio.data.images.decoders.pillow_decoder import decode_with_pillow
from dlstudio.data.images.error import LARGEST_FILE, ImageError, check_bytes
from dlstudio.data.images.files import image_format
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.standard_error import quiet_stderr

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor, TensorFunction

GROUP = 16
"""Plain JPEGs per graph call, decoded without a loop, which would be slower."""
MOST_PIXELS_AT_ONCE = 1 << 24
"""Most decoded pixels of such a group."""


class Decoder:
    """Prepares images for one spec: the graph of `prepare_in_graph`, split by format.

    Each format has its own function, traced on first use, since tracing takes longer
    than decoding a thousand images; so has each ratio of plain JPEGs. Thread-safe.
    """

    def __init__(self, spec: ImageSpec) -> None:
        self.spec = spec
        self._smallest = smallest_size(spec)
        self._lock = threading.Lock()
        self._graphs: dict[tuple[str, int], Callable[[Any], Any]] = {}

    def one(self, data: bytes) -> Pixels:
        """Prepare one image: uint8 (height, width, channels).

        Raises:
            ImageError: The image cannot be decoded; the error has the reason.
        """
        check_bytes(data)
        name = image_format(data[:HEAD])
        if name in GRAPH_FORMATS:
            room = room_for(name, [data], self._smallest)
            # If TensorFlow fails, Pillow can either decode it or report what is wrong.
            with suppress(*REFUSALS), room, quiet_stderr():
                batch = np.asarray(self._graph(name)(tf.constant([data])))
                return np.asarray(batch[0])
        decoded = decode_with_pillow(data, self.spec.channels, self.spec.value_range)
        return np.asarray(self.fit(decoded[np.newaxis])[0])

    def several(self, encoded: Sequence[bytes]) -> Pixels | None:
        """Prepare many images of one format: uint8 (n, h, w, c); None if any fails."""
        names = {image_format(data[:HEAD]) for data in encoded}
        if len(names) != 1 or not names <= set(GRAPH_FORMATS):
            return None
        if max(map(len, encoded)) > LARGEST_FILE:
            return None
        name = names.pop()
        ratio = self._plain_ratio(encoded) if name == "JPEG" else 0
        with suppress(*REFUSALS, ImageError), quiet_stderr():
            if ratio:
                return self._plain(encoded, ratio)
            with room_for(name, encoded, self._smallest):
                return np.asarray(self._graph(name)(tf.constant(encoded)))
        return None

    def _plain(self, encoded: Sequence[bytes], ratio: int) -> Pixels:
        """Decode plain JPEGs; the last group is padded with its last image."""
        graph = self._graph("JPEG", ratio)
        groups = []
        for start in range(0, len(encoded), GROUP):
            group = list(encoded[start : start + GROUP])
            full = group + group[-1:] * (GROUP - len(group))
            groups.append(np.asarray(graph(tf.constant(full)))[: len(group)])
        return groups[0] if len(groups) == 1 else np.concatenate(groups)

    def _plain_ratio(self, encoded: Sequence[bytes]) -> int:
        """The ratio at which plain JPEGs are decoded; 0 if they are not plain."""
        sizes = plain_jpeg_sizes(encoded)
        known = [size for size in sizes if size is not None]
        ratios = {ratio_for(size, self._smallest) for size in known}
        if len(known) < len(sizes) or len(ratios) != 1 or len(encoded) < GROUP // 2:
            return 0
        ratio = ratios.pop()
        largest = max(height * width for height, width in known)
        return ratio if GROUP * largest <= MOST_PIXELS_AT_ONCE * ratio**2 else 0

    def fit(self, pixels: Pixels) -> Pixels:
        """Resize a batch of decoded images: uint8 (n, *, *, c) → (n, h, w, c)."""
        if pixels.shape[1:] == self.spec.shape:
            return pixels
        return np.asarray(resize(tf.constant(pixels), self.spec))

    def _graph(self, name: str, ratio: int = 0) -> TensorFunction:
        with self._lock:
            key = (name, ratio)
            if key not in self._graphs:
                count = GROUP if ratio else None
                traced = tf.function(
                    self._plain_piece(ratio) if ratio else self._piece(name),
                    [tf.TensorSpec((count,), tf.string)],
                    autograph=False,
                )
                self._graphs[key] = traced.get_concrete_function()
            return self._graphs[key]

    def _piece(self, name: str) -> TensorFunction:
        spec = self.spec

        def one(encoded: Tensor) -> Tensor:
            small, ends = smallest_size(spec), spec.value_range
            image = decode_as(name, encoded, spec.channels, small, ends)
            result: Tensor = tf.ensure_shape(resize(image, spec), spec.shape)
            return result

        def several(encoded: Tensor) -> Tensor:
            # Sequentially, since an image may be large; threads run in parallel.
            output = tf.TensorSpec(spec.shape, tf.uint8)
            with tf.device(CPU):
                result: Tensor = tf.map_fn(
                    one, encoded, fn_output_signature=output, parallel_iterations=1
                )
                return result

        return several

    def _plain_piece(self, ratio: int) -> TensorFunction:
        spec = self.spec

        def one(encoded: Tensor) -> Tensor:
            image = decode_plain_jpeg(encoded, spec.channels, ratio)
            result: Tensor = tf.ensure_shape(resize(image, spec), spec.shape)
            return result

        # Traced once and called for each image, instead of traced for each.
        signature = [tf.TensorSpec((), tf.string)]
        traced = tf.function(one, signature, autograph=False).get_concrete_function()

        def several(encoded: Tensor) -> Tensor:
            with tf.device(CPU):
                result: Tensor = tf.stack(
                    [traced(each) for each in tf.unstack(encoded)]
                )
                return result

        return several
