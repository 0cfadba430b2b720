"""A new node from a layer's description."""

from __future__ import annotations

import re
from typing import Any

from dlstudio.catalog.schema import Description, Param
from dlstudio.document.graph import INPUT, Graph, Node
from dlstudio.document.values import freeze_map

LEARNED = "vocabulary"
"""The parameter of an example that a new layer learns from the data instead."""


def new_node(
    description: Description, graph: Graph, position: tuple[float, float]
) -> Node:
    """A node of this kind with an unused id and every required parameter.

    Args:
        position: Centre on the canvas, in pixels at 100 % zoom.
    """
    given = {
        name: value
        for name, value in description.example.items()
        if name != LEARNED and _differs(description.param(name), value)
    }
    needed = {
        param.name: placeholder_value(param)
        for param in description.params
        if param.required and param.name not in given
    }
    params = freeze_map({**given, **needed})
    kind = description.kind.partition(":")[0]  # followed by the name of a graph
    return Node(unique_id(kind, graph), kind, params, position)


def unique_id(kind: str, graph: Graph) -> str:
    """An id for a node of this kind that is unused, as id and as name."""
    stem = stem_of(kind)
    names = {
        node.params["name"] for node in graph.nodes.values() if "name" in node.params
    }
    id = graph.unique_id(stem)
    number = int(id.rpartition("_")[2])
    while id in names or id in graph.nodes:
        number += 1
        id = f"{stem}_{number}"
    return id


def stem_of(kind: str) -> str:
    """The stem of an id, as Keras names layers: "max_pooling2d"."""
    if kind == INPUT:
        return "input"
    name = kind.rpartition(".")[2]
    words = re.sub(r"(?<=.)(?=[A-Z][a-z0-9])|(?<=[a-z])(?=[A-Z])", "_", name)
    return words.lower() or "layer"


def placeholder_value(param: Param) -> object:
    """A valid value for a required parameter without an example."""
    if param.choices and param.type != "layer":
        return param.choices[0]
    least = param.minimum if param.minimum is not None else 1
    values: dict[str, Any] = {
        "bool": False,
        "int": int(least),
        "float": float(least),
        "size": int(least),
        "shape": [int(max(least, 1))] * (param.rank or 1),
        "margins": int(least),
        "range": float(least),
        "pair": [0.0, 1.0],
        "list": [],
        "layers": [],
        "objects": [],
        "text": "",
        "path": "",
    }
    return values.get(param.type)


def _differs(param: Param | None, value: object) -> bool:
    if param is None or param.required:
        return True
    default = list(param.default) if isinstance(param.default, tuple) else param.default
    return bool(value != default)
