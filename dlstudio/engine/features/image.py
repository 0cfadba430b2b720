"""Images: an input takes pixels; an export takes encoded files and decodes them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from PIL import Image

from dlstudio.catalog.features.image import IMAGE as DESCRIPTION
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import Fitted, Rows, load_feature_type
from dlstudio.data.features.image import form_of
from dlstudio.data.images.columns import Files, Pixels
from dlstudio.document.feature import Feature
from dlstudio.engine.features.base import Values
from dlstudio.engine.features.feature_script import FeatureScript, ScriptColumn
from dlstudio.engine.features.image_branch import image_branch
from dlstudio.engine.features.image_script import image_script
from dlstudio.engine.features.input_branch import BranchInput, InputBranch
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor

MODES = {1: "L", 3: "RGB", 4: "RGBA"}


class _ImageTensor:
    """See `TensorFeature`: uint8 (n, height, width, channels) from strings (n,)."""

    dtype = "str"
    scalar = True
    is_file = True

    def branch(self, given: BranchInput) -> InputBranch:
        """Convolutions."""
        return image_branch(given)

    def values(self, rows: Rows, fitted: Fitted) -> Values:
        """The pixels from 0 to 255, uint8 (n, height, width, channels)."""
        del fitted
        return np.asarray(rows, np.uint8)

    def raw(self, cells: Cells, fitted: Fitted, feature: Feature) -> Values:
        """The bytes of the files, object (n,); b"" where there is none.

        A file that TensorFlow cannot decode in a graph is replaced by a PNG of its
        prepared pixels.

        Raises:
            UserError: A file cannot be read.
        """
        column = load_feature_type(DESCRIPTION).parse(cells, feature).column
        assert isinstance(column, Files)
        found = np.empty(len(column), object)
        found[:] = [_encoded(path, fitted) for path in column.paths]
        return found

    def from_raw(self, values: Tensor, fitted: Fitted, feature: Feature) -> Tensor:
        """Files decoded and resized as for training, uint8 (n, h, w, channels)."""
        # A script needs only what needs no TensorFlow.
        import tensorflow as tf

        from dlstudio.data.images.decoders.decode import prepare_in_graph

        del feature
        spec = form_of(fitted)

        def prepare(one: Tensor) -> Tensor:
            return prepare_in_graph(one, spec)

        prepared = tf.TensorSpec(spec.shape, tf.uint8)
        pixels: Tensor = tf.map_fn(prepare, values, fn_output_signature=prepared)
        return pixels

    def meaning(
        self, fitted: Fitted, feature: Feature, *, encoded: bool = False
    ) -> str:
        """The size in which the model sees images, and the formats of files."""
        from dlstudio.data.images.decoders.decode import GRAPH_FORMATS

        del feature, encoded
        height, width, channels = form_of(fitted).shape
        return _(
            "An image of {width}×{height} pixels with {channels} channels from 0 to "
            "255. A file ({formats}) of any size is decoded and resized."
        ).format(
            width=width,
            height=height,
            channels=channels,
            formats=", ".join(GRAPH_FORMATS),
        )

    def example(self, fitted: Fitted, feature: Feature) -> str:
        """Nothing: code reads a file instead."""
        del fitted, feature
        return ""

    def edge_cells(self, fitted: Fitted, feature: Feature) -> Cells:
        """None."""
        del fitted, feature
        return Cells(pl.Series([], dtype=pl.String))

    def script(self, column: ScriptColumn) -> FeatureScript:
        """Files that are decoded and resized once, before training."""
        return image_script(column)


def _encoded(path: str, fitted: Fitted) -> bytes:
    """An image as an export can decode it; b"" where there is none."""
    from dlstudio.data.images.read import decoder_for, read_file

    if not path:
        return b""
    data = read_file(path)
    decoder = decoder_for(form_of(fitted))
    return data if decoder.several([data]) is not None else _as_png(decoder.one(data))


def _as_png(pixels: Pixels) -> bytes:
    stream = io.BytesIO()
    plain = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    Image.fromarray(plain, MODES[pixels.shape[-1]]).save(stream, "PNG")
    return stream.getvalue()


IMAGE = _ImageTensor()
