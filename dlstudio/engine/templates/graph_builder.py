"""Builds a graph laid out from top to bottom on the canvas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from dlstudio.document.graph import Edge, Graph, Group, Node, node
from dlstudio.document.layout import COLUMN, ROW
from dlstudio.document.values import FrozenMap, freeze_map

MERGING = (
    "Add",
    "AdditiveAttention",
    "Concatenate",
    "HashedCrossing",
    "MultiHeadAttention",
    "Multiply",
    "dlstudio.layers.Sampling",
)
"""Layers that take several inputs, each at a port of its own."""
Output = tuple[str, int]
"""Id of a layer, and which of its outputs."""


class GraphBuilder:
    """Adds layers one after another, each placed below the previous one."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._links: list[Edge] = []
        self._last = ""
        self._kept: set[str] = set()
        self._groups: dict[str, Group] = {}
        self._inside: str | None = None

    @contextmanager
    def group(self, name: str) -> Iterator[None]:
        """Draw the layers that are added meanwhile as a group, within the present one.

        Args:
            name: As it is shown.
        """
        id, around = f"group_{len(self._groups) + 1}", self._inside
        self._groups[id] = Group(id, name, (), parent=around)
        self._inside = id
        yield
        self._inside = around

    def add(
        self,
        stem: str,
        kind: str,
        after: str | tuple[str | Output, ...] | None = None,
        column: float = 0.0,
        **params: object,
    ) -> str:
        """Add a Keras layer and the edges into it.

        Args:
            stem: The id, or its prefix if several layers use it.
            kind: A class of `keras.layers`, or a kind with its package.
            after: Ids of its input layers, with the number of the output where it is
                not the first; by default, the layer added last.
            column: Number of columns to the right of the main one.
            params: Parameters that differ from the layer's defaults.

        Returns:
            The new layer's id.
        """
        feeding = (after,) if isinstance(after, str) else after
        if feeding is None:
            feeding = (self._last,) if self._last else ()
        outputs = [(each, 0) if isinstance(each, str) else each for each in feeding]
        below = max((self._nodes[id].position[1] for id, _ in outputs), default=-ROW)
        id = self._fresh(layer_id(stem))
        made = node(id, kind if "." in kind else f"keras.layers.{kind}", **params)
        self._nodes[id] = replace(made, position=(column * COLUMN, below + ROW))
        if self._inside is not None:
            held = self._groups[self._inside]
            self._groups[held.id] = replace(held, nodes=(*held.nodes, id))
        merged = kind in MERGING
        self._links += [
            Edge(source, id, output, port if merged else 0)
            for port, (source, output) in enumerate(outputs)
        ]
        self._last = id
        return id

    def connect(self, source: str, target: str, port: int) -> None:
        """Add an edge into a port that is rarely used, such as an attention's mask.

        Args:
            source: Id of a layer.
            target: Id of the layer that takes its output.
            port: Number of the input.
        """
        self._links.append(Edge(source, target, 0, port))

    def call(self, id: str, **values: object) -> str:
        """Set arguments of a layer's call, such as an attention's `use_causal_mask`."""
        made = self._nodes[id]
        self._nodes[id] = replace(made, call=freeze_map(values))
        return id

    def align(self, id: str, other: str) -> str:
        """Move a layer down into the row of another; those below it come later."""
        moved = self._nodes[id]
        row = self._nodes[other].position[1]
        self._nodes[id] = replace(moved, position=(moved.position[0], row))
        return id

    def keep(self, id: str) -> str:
        """Keep an id in the finished graph as it is, such as that of an input."""
        self._kept.add(id)
        return id

    def graph(self) -> Graph:
        """The finished graph; of several "conv", the first is named "conv_1"."""
        names = {id: self._final(id) for id in self._nodes}
        nodes = (replace(n, id=names[n.id]) for n in self._nodes.values())
        edges = (
            replace(each, source=names[each.source], target=names[each.target])
            for each in self._links
        )
        groups = tuple(
            replace(each, nodes=tuple(names[id] for id in each.nodes))
            for each in self._groups.values()
        )
        return Graph(FrozenMap((n.id, n) for n in nodes), tuple(edges), groups)

    def _final(self, id: str) -> str:
        """Its number, where others begin alike and "_1" is not taken."""
        first, several = f"{id}_1", f"{id}_2" in self._nodes
        return first if several and not {id, first} & {*self._kept} else id

    def _fresh(self, stem: str) -> str:
        if stem not in self._nodes:
            return stem
        number = 2
        while f"{stem}_{number}" in self._nodes:
            number += 1
        return f"{stem}_{number}"


def layer_id(name: str) -> str:
    """A name that Keras accepts for a layer, from one that a column may have.

    Only ASCII letters, digits and "_" are left; a name without any is "column".
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    return plain or "column"
