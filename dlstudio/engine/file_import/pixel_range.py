"""The pixel values that an imported model expects, and a layer that gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.layout import ROW
from dlstudio.document.values import FrozenMap, Value

PixelRange = Literal["0..255", "0..1", "-1..1"]
RANGES: Mapping[str, tuple[float, float]] = {
    "0..255": (1.0, 0.0),
    "0..1": (1 / 255, 0.0),
    "-1..1": (1 / 127.5, -1.0),
}
"""Scale and offset of images of 0 to 255, by the values that they become."""
SCALING = frozenset({"keras.layers.Rescaling", "keras.layers.Normalization", BACKBONE})
"""Layers that bring pixels into a range of their own."""
RESCALING, RESIZING = "keras.layers.Rescaling", "keras.layers.Resizing"


@dataclass(frozen=True, slots=True)
class ImageEntry:
    """How images enter a model.

    Attributes:
        pixels: Values of the pixels that the model expects; "" for those of the image.
        size: Height and width that images are resized to, where the model takes any.
    """

    pixels: str = ""
    size: tuple[int, int] | None = None


def scales_by_itself(graphs: Mapping[str, Graph]) -> bool:
    """Whether a layer of a model brings pixels into a range of their own."""
    return any(
        node.kind in SCALING
        for graph in graphs.values()
        for node in graph.nodes.values()
    )


def takes_any_size(graph: Graph, input: str, shape: tuple[int | None, ...]) -> bool:
    """Whether images of any size enter a model, and nothing behind resizes them.

    Args:
        graph: Of the model.
        input: Id of the input.
        shape: Of one image.
    """
    if all(side is not None for side in shape):
        return False
    targets = [graph.nodes[edge.target] for edge in graph.out_of(input)]
    return not any(each.kind == RESIZING for each in targets)


def with_entry(graph: Graph, input: str, entry: ImageEntry) -> Graph:
    """The graph with layers behind an input that resize and rescale images.

    Args:
        graph: Of the model.
        input: Id of the input.
        entry: Which are needed.
    """
    if entry.size is not None:
        height, width = entry.size
        sides: Mapping[str, Value] = {
            "height": height,
            "width": width,
            "antialias": True,
        }
        graph = _behind(graph, input, Node("resize", RESIZING, FrozenMap(sides)))
    if entry.pixels and entry.pixels != "0..255":
        scale, offset = RANGES[entry.pixels]
        kept: dict[str, Value] = {"scale": scale}
        if offset:
            kept["offset"] = offset
        after = "resize" if entry.size is not None else input
        graph = _behind(graph, after, Node("scale", RESCALING, FrozenMap(kept)))
    return graph


def _behind(graph: Graph, before: str, node: Node) -> Graph:
    """The graph with a node on all edges out of another one."""
    if node.id in graph.nodes:
        node = replace(node, id=graph.unique_id(node.id))
    x, y = graph.nodes[before].position
    moved = {
        id: replace(each, position=(each.position[0], each.position[1] + ROW))
        for id, each in graph.nodes.items()
        if each.position[1] > y
    }
    edges = tuple(
        replace(edge, source=node.id, source_port=0) if edge.source == before else edge
        for edge in graph.edges
    )
    placed = replace(node, position=(x, y + ROW))
    return replace(
        graph,
        nodes=graph.nodes.merge({**moved, node.id: placed}),
        edges=(*edges, Edge(before, node.id)),
    )
