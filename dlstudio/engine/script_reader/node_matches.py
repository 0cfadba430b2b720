"""Which call of a script is which node of the graph it was written from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dlstudio.document.graph import INPUT, Edge
from dlstudio.engine.script_reader.script_values import ScriptCall


@dataclass(frozen=True, slots=True)
class WrittenNode:
    """A node as a script shows it.

    Attributes:
        name: Of its layer; "" for an operation.
        variable: Its result is assigned to.
        edges: Into it, by port.
    """

    id: str
    kind: str
    name: str
    variable: str
    edges: tuple[Edge, ...]


Item = TypeVar("Item")
CallKey = Callable[[ScriptCall], Hashable]
NodeKey = Callable[[WrittenNode], Hashable]


class NodeMatcher:
    """Pairs calls with nodes; the surest matches first.

    Args:
        calls: Of a model, in the order of the script.
        nodes: Of a graph, in its order.
    """

    def __init__(
        self, calls: Sequence[ScriptCall], nodes: Sequence[WrittenNode]
    ) -> None:
        self._calls = list(calls)
        self._nodes = list(nodes)
        self.found: dict[ScriptCall, str] = {}

    def match(self) -> dict[ScriptCall, str]:
        """The node id of each call that has one."""
        self._pair(
            lambda call: (
                call.layer.name and (call.layer.name, call.variable, call.layer.kind)
            ),
            lambda node: node.name and (node.name, node.variable, node.kind),
        )
        self._pair(
            lambda call: call.layer.name and (call.layer.name, call.layer.kind),
            lambda node: node.name and (node.name, node.kind),
            in_order=True,
        )
        self._pair(
            lambda call: call.variable and (call.variable, call.layer.kind),
            lambda node: node.variable and (node.variable, node.kind),
        )
        self._pair(
            lambda call: call.layer.kind != INPUT and call.layer.name,
            lambda node: node.kind != INPUT and node.name,
        )
        self._pair(
            lambda call: call.layer.kind != INPUT and call.variable,
            lambda node: node.kind != INPUT and node.variable,
        )
        self._by_inputs()
        return self.found

    def _left(self) -> tuple[list[ScriptCall], list[WrittenNode]]:
        taken = set(self.found.values())
        return (
            [call for call in self._calls if call not in self.found],
            [node for node in self._nodes if node.id not in taken],
        )

    def _pair(
        self, call_key: CallKey, node_key: NodeKey, *, in_order: bool = False
    ) -> None:
        """Pair what has the same key; several of them only in their order."""
        calls, nodes = self._left()
        by_call, by_node = _grouped(calls, call_key), _grouped(nodes, node_key)
        for key, several in by_call.items():
            others = by_node.get(key, [])
            if in_order or len(several) == len(others) == 1:
                for call, node in zip(several, others, strict=False):
                    self.found[call] = node.id

    def _by_inputs(self) -> None:
        """Pair layers of one kind that stand behind the same layers."""
        calls, nodes = self._left()
        for call in calls:
            sources = [
                (self.found.get(tensor.call), tensor.port)
                for _port, tensor in call.given
            ]
            if not sources or any(id is None for id, _port in sources):
                continue
            for node in nodes:
                same = [(edge.source, edge.source_port) for edge in node.edges]
                if node.kind == call.layer.kind and same == sources:
                    self.found[call] = node.id
                    nodes.remove(node)
                    break


def _grouped(
    items: Iterable[Item], key: Callable[[Item], Hashable]
) -> dict[Hashable, list[Item]]:
    """Items by their key; those without one are left out."""
    found: dict[Hashable, list[Item]] = {}
    for each in items:
        value = key(each)
        if value:
            found.setdefault(value, []).append(each)
    return found
