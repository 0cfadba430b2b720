"""Jobs that preview augmentation on an image."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Graph, Node
from dlstudio.workers.dataset import Dataset
from dlstudio.workers.jobs import Cancelled, JobContext

Pixels = npt.NDArray[np.uint8]
RESCALING = "keras.layers.Rescaling"
AUGMENTATION = "augmentation"


@dataclass(frozen=True)
class AugmentedImages:
    """One image, and several augmented versions of it.

    Attributes:
        plain: The input of the augmentation, uint8 (h, w, c).
        made: Augmented images of the same shape.
    """

    row: int
    plain: Pixels
    made: tuple[Pixels, ...]


def augment(
    context: JobContext,
    _analyser: object,
    catalog: Catalog,
    graph: Graph,
    line: Sequence[str],
    dataset: Dataset,
    row: int,
    count: int,
) -> AugmentedImages:
    """Apply scaling and augmentation to one image several times.

    Runs on the engine's thread, with TensorFlow loaded.

    Args:
        line: Ids of the layers from the input on, in order.

    Raises:
        UserError: A layer cannot be created, or the image cannot be read.
    """
    from dlstudio.engine.model.instantiate import make_layer

    image = _prepared_image(graph, dataset, row)
    batch: Any = np.repeat(image[np.newaxis].astype(np.float32), count, axis=0)
    plain = batch[:1]
    scaling = (1.0, 0.0)
    for id in line[1:]:
        if context.should_stop():
            raise Cancelled
        node = graph.nodes[id]
        params = {k: v for k, v in node.params.items() if k != "name"}
        layer = make_layer(node.kind, params, catalog)
        description = catalog.get(node.kind)
        if description is not None and description.category == AUGMENTATION:
            batch = _numbers(layer(batch, training=True))
        else:
            batch, plain = _numbers(layer(batch)), _numbers(layer(plain))
        scaling = _scaled(node, scaling)
    made = tuple(_pixels(each, scaling) for each in batch)
    return AugmentedImages(row, _pixels(plain[0], scaling), made)


def _numbers(tensor: Any) -> npt.NDArray[np.float32]:
    import keras

    return np.asarray(keras.ops.convert_to_numpy(tensor), np.float32)


def _prepared_image(graph: Graph, dataset: Dataset, row: int) -> Pixels:
    from PIL import Image

    from dlstudio.data.images.read import read_image
    from dlstudio.data.images.samples import image_path, image_pixels, in_arrays
    from dlstudio.data.images.spec import image_spec

    spec, samples = image_spec(graph, dataset.source), dataset.samples
    if not in_arrays(samples):
        return np.asarray(read_image(image_path(samples, row), spec))
    pixels = image_pixels(samples, row)
    stream = io.BytesIO()
    plain = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    Image.fromarray(plain).save(stream, "PNG")
    return np.asarray(read_image(stream.getvalue(), spec))


def _scaled(node: Node, scaling: tuple[float, float]) -> tuple[float, float]:
    """The combined scale and offset including one more layer."""
    if node.kind != RESCALING:
        return scaling
    scale, offset = node.params.get("scale"), node.params.get("offset", 0.0)
    if not isinstance(scale, (int, float)) or not isinstance(offset, (int, float)):
        return scaling
    return scaling[0] * scale, scaling[1] * scale + offset


def _pixels(values: npt.NDArray[np.float32], scaling: tuple[float, float]) -> Pixels:
    scale = scaling[0] or 1.0
    back = (np.nan_to_num(values) - scaling[1]) / scale
    return np.asarray(np.clip(np.rint(back), 0, 255), np.uint8)
