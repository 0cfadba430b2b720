"""Augmentation that is safe for any kind of image, as edits of a model.

A little rotation and translation: flips would turn one class into another where left
and right matter.
"""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import InsertOnEdge
from dlstudio.document.edits.nodes import MoveNodes
from dlstudio.document.graph import Edge, Graph, node
from dlstudio.document.layout import ROW
from dlstudio.document.sample_nouns import IMAGES
from dlstudio.document.values import FrozenMap
from dlstudio.engine.problems.node_queries import is_kind

BEFORE = ("InputLayer", "Rescaling", "Resizing", "CenterCrop", "RandomFlip")
"""Layers that come before augmentation: images are scaled and resized first."""
"""Pixels between two layers of a template."""
ADDED = (
    ("RandomRotation", "rotation", {"factor": 0.05}),
    ("RandomTranslation", "translation", {"height_factor": 0.1, "width_factor": 0.1}),
)


def can_move(noun: str) -> bool:
    """Whether samples still show the same when they are moved a little.

    Args:
        noun: What they are called, see `dlstudio.document.sample_nouns`.
    """
    return noun == IMAGES


def augmentation(graph: Graph) -> tuple[Edit, ...]:
    """Edits that add the missing augmentation layers; none where they do not fit."""
    edge = _place(graph)
    missing = [
        each
        for each in ADDED
        if not any(is_kind(known, each[0]) for known in graph.nodes.values())
    ]
    if edge is None or not missing:
        return ()
    source = graph.nodes[edge.source]
    x, y = source.position
    below = [n for n in graph.nodes.values() if n.position[1] > y]
    room = ROW * len(missing)
    moved = {n.id: (n.position[0], n.position[1] + room) for n in below}
    edits: list[Edit] = [MoveNodes(FrozenMap(moved))] if moved else []
    for name, stem, params in missing:
        y += ROW
        made = node(_fresh(graph, stem), f"keras.layers.{name}", **params)
        made = replace(made, position=(x, y))
        edits.append(InsertOnEdge(made, edge))
        edge = Edge(made.id, edge.target, 0, edge.target_port)
    return tuple(edits)


def _place(graph: Graph) -> Edge | None:
    """The connection behind scaling and resizing of the only input."""
    if len(graph.inputs) != 1:
        return None
    place, seen = graph.inputs[0].id, set[str]()
    while place not in seen:
        seen.add(place)
        edges = graph.out_of(place)
        if len(edges) != 1:
            return None
        target = graph.nodes[edges[0].target]
        alone = len(graph.into(target.id)) == 1
        if not (alone and is_kind(target, *BEFORE, *(each[0] for each in ADDED))):
            return edges[0]
        place = target.id
    return None


def _fresh(graph: Graph, stem: str) -> str:
    names = {*graph.nodes, *(each.name for each in graph.nodes.values())}
    return stem if stem not in names else graph.unique_id(stem)
