"""A small convolutional branch, from the input of an image to a row of numbers."""

from __future__ import annotations

from dlstudio.engine.templates.building_blocks import normed
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.image_size import ImageSize

FIRST, MOST = 16, 64  # filters
SMALLEST = 8  # pixels: a shorter side is not halved again


def add_image_branch(
    builder: GraphBuilder, input: str, size: ImageSize, column: float
) -> str:
    """Add the layers that look at an image, until few pixels are left.

    Args:
        builder: The graph to add to.
        input: Id of the input layer.
        size: Of the images.
        column: Column on the canvas.

    Returns:
        Id of the layer whose output is (n, filters).
    """
    last = input
    if size.resized:
        last = builder.add(
            "resize",
            "Resizing",
            last,
            column,
            height=size.height,
            width=size.width,
            antialias=True,
        )
    last = builder.add("scale", "Rescaling", last, column, scale=1 / 255)
    if size.mirrored:
        last = builder.add("mirror", "RandomFlip", last, column, mode="horizontal")
    side, filters = min(size.height, size.width), FIRST
    while side >= SMALLEST:
        last = _block(builder, last, filters, column)
        last = builder.add("pool", "MaxPooling2D", last, column)
        side, filters = side // 2, min(2 * filters, MOST)
    last = _block(builder, last, filters, column)
    return builder.add("mean", "GlobalAveragePooling2D", last, column)


def _block(builder: GraphBuilder, after: str, filters: int, column: float) -> str:
    last = normed(builder, "conv", filters, after=after, column=column)
    return builder.add("relu", "ReLU", last, column)
