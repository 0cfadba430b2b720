"""The outputs of an imported graph."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dlstudio.document.graph import NESTED, Edge, Graph, Node
from dlstudio.document.values import Spec
from dlstudio.i18n import _

IDENTITY = "keras.layers.Identity"
_STATES = {"LSTM": 2, "ConvLSTM1D": 2, "ConvLSTM2D": 2, "ConvLSTM3D": 2}


class OutputNodes:
    """Marks the outputs of a graph.

    A node gives its tensors at once. Where a model gives one of them again, or another
    one later, an Identity layer for it is marked instead.

    Args:
        graph: The graph without outputs.
        graphs: Those that may be nested in it.
        ends: Node and place of each tensor that is an output, in order.
    """

    def __init__(
        self,
        graph: Graph,
        graphs: Mapping[str, Graph],
        ends: Sequence[tuple[str, int]],
    ) -> None:
        self._graphs = graphs
        self.graph = graph
        self.notes: list[tuple[str, str]] = []
        marked: list[str] = []
        waiting = list(ends)
        while waiting:
            id, place = waiting[0]
            together = itertools.groupby(waiting, key=lambda end: end[0])
            ports = [port for _id, port in next(together)[1]]
            known = output_count(graph, id, graphs, 1 + max(ports))
            if id in marked or len(set(ports)) < len(ports):
                marked.append(self._identity(id, place))
                del waiting[0]
                continue
            marked.append(id)
            if ports != list(range(known)):
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
    graph: Graph, id: str, graphs: Mapping[str, Graph], least: int = 1
) -> int:
    """How many tensors a node gives.

    Args:
        graph: Has the node.
        id: The node.
        graphs: Those that may be nested in it.
        least: How many are known to be used, where nothing else is known.
    """
    node = graph.nodes[id]
    if node.kind == NESTED:
        inner = graphs.get(str(node.params.get("graph", "")), Graph())
        ends = [inner.nodes[end] for end in inner.output_ids()]
        return sum(
            len(end.output_ports) or output_count(inner, end.id, graphs) for end in ends
        )
    if node.call.get("return_attention_scores"):
        return 2
    if node.params.get("return_state"):
        return 1 + _state_count(node.kind.rpartition(".")[2])
    inside = node.params.get("layer")
    if isinstance(inside, Spec) and inside.params.get("return_state"):
        return 1 + 2 * _state_count(inside.kind.rpartition(".")[2])
    used = [edge.source_port + 1 for edge in graph.edges if edge.source == id]
    return max((least, *used))


def _state_count(name: str) -> int:
    return _STATES.get(name, 1)
