"""Small graphs and projects for tests of building and checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dlstudio.document.graph import Edge, Graph, Node, node
from dlstudio.document.plan import DataRecipe, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec, freeze_map
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from tests.support.heads import with_head

TAGGING = "dlstudio.heads.multi_label"
DIGITS = DataRecipe(source=Spec("dlstudio.sources.digits"))
FACTS = DatasetStatistics(
    classes=10,
    class_names=tuple("0123456789"),
    height=12,
    width=12,
    channels=1,
    samples=1000,
    counts=(100,) * 10,
    training=700,
    validation=150,
    test=150,
)
TWO = replace(FACTS, classes=2, class_names=("cat", "dog"), counts=(500, 500))


def layer(id: str, kind: str, **params: Any) -> Node:
    """A node by the short name of its layer."""
    return node(id, f"keras.layers.{kind}", **params)


def spec(kind: str, **params: Any) -> Spec:
    """A loss, optimizer or schedule with parameters."""
    return Spec(kind, freeze_map(params))


def image(*shape: int | None) -> Node:
    """An input, 12×12×1 by default."""
    return layer("image", "InputLayer", shape=shape or (12, 12, 1))


SCALE = layer("scale", "Rescaling", scale=1 / 255)
FLATTEN = layer("flat", "Flatten")
RELU = {"activation": "relu"}


def conv(id: str, **params: Any) -> Node:
    """A convolution of 8 filters, 3×3, relu."""
    return layer(id, "Conv2D", **{"filters": 8, "kernel_size": 3, **RELU, **params})


def dense(id: str, units: int = 16, **params: Any) -> Node:
    """A Dense layer with relu."""
    return layer(id, "Dense", units=units, **{**RELU, **params})


def head(units: int = 10, activation: str | None = "softmax") -> Node:
    """The last Dense layer, named "head"."""
    given = {"activation": activation} if activation else {}
    return layer("head", "Dense", units=units, **given)


def connected(nodes: Iterable[Node], *edges: str) -> Graph:
    """A graph from edges such as "a b" or, to the second port, "a b 1"."""
    made = []
    for edge in edges:
        source, target, *port = edge.split()
        made.append(Edge(source, target, 0, int(port[0]) if port else 0))
    return Graph(FrozenMap((n.id, n) for n in nodes), tuple(made))


def project(
    graph: Graph | Iterable[Node],
    graphs: dict[str, Graph] | None = None,
    data: DataRecipe = DIGITS,
    head: str = "dlstudio.heads.classification",
    **plan: Any,
) -> Project:
    """A project around a graph, or around nodes one after the other."""
    drawn = graph if isinstance(graph, Graph) else Graph.chain(graph)
    made = Project(
        graphs=FrozenMap({MODEL: drawn, **(graphs or {})}),
        data=data,
        plan=TrainingPlan(**plan),
    )
    return with_head(made, head)


def good(**plan: Any) -> Project:
    """A project without a single problem."""
    return project([image(), SCALE, conv("conv"), FLATTEN, head()], **plan)
