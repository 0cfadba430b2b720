"""The outputs of an imported graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dlstudio.document.graph import NESTED, Edge, Graph, Node
from dlstudio.document.values import Spec
from dlstudio.i18n import _

IDENTITY = "keras.layers.Identity"
_STATES = {"LSTM": 2, "ConvLSTM1D": 2, "ConvLSTM2D": 2, "ConvLSTM3D": 2}


class OutputNodes:
    """Marks the outputs of a graph.

    A node that is marked gives all of its tensors. Where a model gives only some, an
    Identity layer for each of them is marked instead.

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
            count = output_count(graph, id, graphs, 1 + place)
            whole = [(id, number) for number in range(count)]
            if waiting[:count] == whole and id not in marked:
                marked.append(id)
                del waiting[:count]
                continue
            marked.append(self._identity(id, place))
            del waiting[0]
        plain = self.graph.output_ids()
        if tuple(marked) != plain:
            self.graph = Graph(
                self.graph.nodes, self.graph.edges, outputs=tuple(marked)
            )

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
                _("Added because only one of the outputs of “{name}” is used.").format(
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
        return sum(output_count(inner, end, graphs) for end in inner.output_ids())
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
