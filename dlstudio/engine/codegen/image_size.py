"""How many values an image has that enters a model."""

from __future__ import annotations

from math import prod

from dlstudio.data.images.spec import image_spec
from dlstudio.document.graph import Graph


def image_size(graph: Graph) -> int:
    """Values of one image, as it enters a graph."""
    return prod(image_spec(graph).shape)
