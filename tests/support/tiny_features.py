"""A tiny data set with several features, and projects with several inputs and outputs.

An image, two numbers and a name; what is predicted are a class and some tags.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from tiny import SHAPE, layer, tiny_project, tiny_samples

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, Edge, Graph, Node, node
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec

BINARY = Spec("keras.losses.BinaryCrossentropy")
MULTI_LABEL = Spec("dlstudio.heads.multi_label")


@dataclass
class TinyFeatures:
    """Prepared data with any features."""

    rows: dict[str, Any]
    fitted: dict[str, dict[str, Any]]
    splits: dict[str, Any]
    fingerprint: str = "tiny"
    skipped: tuple[tuple[str, str], ...] = ()
    ids: Sequence[str] = field(default_factory=tuple)


def tiny_features(count: int = 60, validation: int = 16) -> TinyFeatures:
    """`count` samples, some of them for validation; each feature says something."""
    tiny = tiny_samples(count, validation)
    random = np.random.default_rng(1)
    tags = (random.random((count, 2)) < 0.4).astype(np.uint8)
    names = ["ash", "birch", "oak", "yew"]
    codes = (tiny.labels + random.integers(0, 2, count)).astype(np.int32)
    rows = {
        "image": tiny.images,
        "width": (tags[:, 0] + random.normal(size=count)).astype(np.float32),
        "height": (tags[:, 1] + random.normal(size=count)).astype(np.float32),
        "tree": codes,
        "kind": tiny.labels,
        "tags": tags,
    }
    fitted = {
        "tree": {"names": names},
        "kind": {"names": list(tiny.classes)},
        "tags": {"names": ["wide", "tall"]},
    }
    return TinyFeatures(rows, fitted, tiny.splits)


def connected(nodes: Sequence[Node], edges: Sequence[tuple[str, str]]) -> Graph:
    """A graph; edges to the same layer enter it in their order."""
    used: dict[str, int] = {}
    made = []
    for source, target in edges:
        made.append(Edge(source, target, target_port=used.setdefault(target, 0)))
        used[target] += 1
    return Graph(FrozenMap({each.id: each for each in nodes}), tuple(made))


def two_by_two(*middle: Node, width: str = "width", **plan: Any) -> Project:
    """An image and two numbers predict a class and tags, with layers between.

    Args:
        middle: Layers behind the image's Flatten.
        width: Feature that enters the input of the same name.
        **plan: Fields of the plan.
    """
    image = [
        node("image", INPUT, shape=SHAPE),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("flatten", "Flatten"),
        *middle,
    ]
    rest = [
        node("width", INPUT, shape=(1,)),
        node("height", INPUT, shape=(1,)),
        layer("join", "Concatenate"),
        layer("kind", "Dense", units=3, activation="softmax"),
        layer("tags", "Dense", units=2, activation="sigmoid"),
    ]
    edges = [(a.id, b.id) for a, b in itertools.pairwise(image)]
    edges += [(image[-1].id, "join"), ("width", "join"), ("height", "join")]
    edges += [("join", "kind"), ("join", "tags")]
    project = tiny_project(connected([*image, *rest], edges), **plan)
    return replace(
        project,
        inputs=(
            InputBinding("height", input="height"),
            InputBinding("image", input="image"),
            InputBinding(width, input="width"),
        ),
        outputs=(
            OutputBinding("kind", output="kind", metrics=()),
            OutputBinding("tags", MULTI_LABEL, output="tags", loss=BINARY, weight=0.5),
        ),
    )


def with_trees(*behind: Node, **plan: Any) -> Project:
    """The project of `two_by_two` with the name of a tree as a string, too.

    Args:
        behind: Layers behind the input of strings, one after the other.
        **plan: Fields of the plan.
    """
    project = two_by_two(**plan)
    graph = project.model
    tree = node("tree", INPUT, shape=(1,), dtype="string")
    chain = [tree, *behind]
    ports = len(graph.into("join"))
    edges = [Edge(a.id, b.id) for a, b in itertools.pairwise(chain)]
    edges.append(Edge(chain[-1].id, "join", target_port=ports))
    graph = replace(
        graph.with_nodes(chain), edges=(*graph.edges, *edges), outputs=("kind", "tags")
    )
    project = project.with_graph("model", graph)
    features = project.data.features.set("tree", Feature("dlstudio.features.category"))
    return replace(
        project,
        data=replace(project.data, features=features),
        inputs=(*project.inputs, InputBinding("tree", input="tree")),
    )
