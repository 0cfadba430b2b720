"""The outputs of an imported graph."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import NESTED, OPAQUE, Edge, Graph, Node
from dlstudio.document.values import Json, Spec
from dlstudio.i18n import _

IDENTITY = "keras.layers.Identity"
_WITH_STATES = {
    "GRU": 2,
    "SimpleRNN": 2,
    **dict.fromkeys(("LSTM", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), 3),
}
"""How many tensors a layer gives that returns its states."""


class OutputNodes:
    """Marks the outputs of a graph.

    A node gives its tensors at once. Where a model gives one of them again, or another
    one later, an Identity layer for it is marked instead.

    Args:
        graph: The graph without outputs.
        graphs: Those that may be nested in it.
        ends: Node and place of each tensor that is an output, in order.
        catalog: Describes the nodes.
    """

    def __init__(
        self,
        graph: Graph,
        graphs: Mapping[str, Graph],
        ends: Sequence[tuple[str, int]],
        catalog: Catalog,
    ) -> None:
        self.graph = graph
        self.notes: list[tuple[str, str]] = []
        marked: list[str] = []
        waiting = list(ends)
        while waiting:
            id, place = waiting[0]
            together = itertools.groupby(waiting, key=lambda end: end[0])
            ports = [port for _id, port in next(together)[1]]
            known = output_count(graph, id, graphs, catalog)
            if id in marked or len(set(ports)) < len(ports):
                marked.append(self._identity(id, place))
                del waiting[0]
                continue
            marked.append(id)
            if known is None or ports != list(range(known)):
                self._choose(id, tuple(ports))
            del waiting[: len(ports)]
        plain = self.graph.output_ids()
        if tuple(marked) != plain:
            self.graph = replace(self.graph, outputs=tuple(marked))

    def _choose(self, id: str, ports: tuple[int, ...]) -> None:
        """Let a node give some of its tensors."""
        node = replace(self.graph.nodes[id], output_ports=ports)
        self.graph = self.graph.with_nodes([node])

    def _identity(self, id: str, place: int) -> str:
        """Add a layer that gives one tensor alone."""
        name, number = f"{id}_output_{place + 1}", 2
        while name in self.graph.nodes:
            name, number = f"{id}_output_{place + 1}_{number}", number + 1
        self.graph = Graph(
            self.graph.nodes.set(name, Node(name, IDENTITY)),
            (*self.graph.edges, Edge(id, name, place, 0)),
        )
        self.notes.append(
            (
                name,
                _("Added because “{name}” gives the model an output again.").format(
                    name=id
                ),
            )
        )
        return name


def output_count(
    graph: Graph, id: str, graphs: Mapping[str, Graph], catalog: Catalog
) -> int | None:
    """How many tensors a node gives; None if its parameters do not say it.

    Args:
        graph: Has the node.
        id: The node.
        graphs: Those that may be nested in it.
        catalog: Describes the node.
    """
    node = graph.nodes[id]
    description = catalog.get(node.kind)
    if node.kind == OPAQUE:
        return 1 if _is_plain_layer(node, catalog) else None
    if description and description.extra.get("several"):
        return None
    if node.kind == NESTED:
        return _nested_count(node, graphs, catalog)
    if node.call.get("return_attention_scores"):
        return 2
    if node.params.get("return_state"):
        return _WITH_STATES.get(node.kind.rpartition(".")[2])
    inside = node.params.get("layer")
    merged = node.params.get("merge_mode", "") is not None
    if isinstance(inside, Spec) and (inside.params.get("return_state") or not merged):
        return None
    return 1


def _is_plain_layer(node: Node, catalog: Catalog) -> bool:
    """Whether an opaque block is a layer of Keras that gives one tensor."""
    config = node.params.get("config")
    states = isinstance(config, Json) and '"return_state":true' in config.text
    known = catalog.search("layers", str(node.params.get("class_name")))
    own = node.params.get("module") == "keras.layers"
    return own and known is not None and not states


def _nested_count(
    node: Node, graphs: Mapping[str, Graph], catalog: Catalog
) -> int | None:
    inner = graphs.get(str(node.params.get("graph", "")), Graph())
    found = 0
    for end in inner.output_ids():
        given = len(inner.nodes[end].output_ports)
        count = given or output_count(inner, end, graphs, catalog)
        if count is None:
            return None
        found += count
    return found
