"""The input and output ports of collapsed groups. Independent of Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dlstudio.document.canvas.connection_rules import (
    ConnectionRules,
    ConnectionVerdict,
    ports_of,
)
from dlstudio.document.graph import Edge
from dlstudio.i18n import _


class GroupPort(NamedTuple):
    """A port of an inner node that is exposed as a port of a collapsed group."""

    node: str
    port: int


@dataclass(frozen=True, slots=True)
class GroupPorts:
    """The ports of a collapsed group's box, from left to right.

    Attributes:
        inputs: Input ports that are fed from outside or still need an edge.
        outputs: Output ports that feed nodes outside, and those of the group's last
            nodes.
    """

    inputs: tuple[GroupPort, ...] = ()
    outputs: tuple[GroupPort, ...] = ()

    def of(self, side: str) -> tuple[GroupPort, ...]:
        """Return the ports of one side, "in" or "out"."""
        return self.inputs if side == "in" else self.outputs

    def number(self, edge: Edge, out: bool) -> int:
        """Return the number of the box's port that an edge uses."""
        group_port = (
            GroupPort(edge.source, edge.source_port)
            if out
            else GroupPort(edge.target, edge.target_port)
        )
        group_ports = self.outputs if out else self.inputs
        return group_ports.index(group_port) if group_port in group_ports else 0


def find_group_ports(rules: ConnectionRules, inside: Collection[str]) -> GroupPorts:
    """Return the ports of a group of nodes, in the order of the graph's nodes."""
    graph = rules.graph
    inputs: set[GroupPort] = set()
    outputs: set[GroupPort] = set()
    taken: dict[str, set[int]] = {id: set() for id in inside}
    feeding: set[str] = set()
    for edge in graph.edges:
        from_here, to_here = edge.source in taken, edge.target in taken
        if from_here:
            feeding.add(edge.source)
        if to_here:
            taken[edge.target].add(edge.target_port)
        if to_here and not from_here:
            inputs.add(GroupPort(edge.target, edge.target_port))
        if from_here and not to_here:
            outputs.add(GroupPort(edge.source, edge.source_port))
    for id in inside:
        inputs.update(
            GroupPort(id, port) for port in unconnected_inputs(rules, id, taken[id])
        )
        if id not in feeding:
            outputs.add(GroupPort(id, 0))
    place = {id: number for number, id in enumerate(graph.nodes)}

    def order(group_port: GroupPort) -> tuple[int, int]:
        return place[group_port.node], group_port.port

    return GroupPorts(
        tuple(sorted(inputs, key=order)), tuple(sorted(outputs, key=order))
    )


def unconnected_inputs(
    rules: ConnectionRules, node: str, taken: Collection[int]
) -> Iterator[int]:
    """Yield the required input ports of a node that have no edge.

    Args:
        rules: The rules of the node's graph.
        node: The node's id.
        taken: Input ports that already have an edge.
    """
    there = rules.graph.nodes[node]
    ports = ports_of(there, rules.catalog, rules.graphs)
    for port in range(ports.minimum):
        name = ports.names[port] if port < len(ports.names) else ""
        # An operation accepts a constant instead of a tensor.
        if port not in taken and name not in there.params:
            yield port


@dataclass(frozen=True, slots=True)
class ConnectionCandidate:
    """A node in a collapsed group that an edge can be connected to."""

    node: str
    verdict: ConnectionVerdict


def candidates_into(
    rules: ConnectionRules, inside: Collection[str], source: str, out: int
) -> tuple[ConnectionCandidate, ...]:
    """Return the nodes in a group that an edge from outside can feed.

    If some nodes lack an input, only these are returned. Otherwise these are the nodes
    with a free port, followed by those already fed from outside.

    Args:
        rules: Decide which connections are valid.
        inside: Ids of the nodes in the group.
        source: Id of the source node outside the group.
        out: Output port of the source, from 0.
    """
    before = rules.before(source)
    free, replaced, needed = [], [], []
    for id in inside:
        blocked = frozenset([source]) if id in before else frozenset[str]()
        verdict = rules.judge_within(source, id, None, out, blocked)
        if verdict.edge is None:
            continue
        choice = ConnectionCandidate(id, verdict)
        taken = {x.target_port for x in rules.edges() if x.target == id}
        if any(True for _port in unconnected_inputs(rules, id, taken)) or not taken:
            needed.append(choice)
        elif verdict.replaces is None:
            free.append(choice)
        elif verdict.replaces.source not in inside:
            replaced.append(choice)
    return tuple(needed or [*free, *replaced])


def candidates_out_of(
    rules: ConnectionRules, inside: Collection[str], target: str, port: int | None
) -> tuple[ConnectionCandidate, ...]:
    """Return the last nodes in a group that can feed a node outside.

    Args:
        rules: Decide which connections are valid.
        inside: Ids of the nodes in the group.
        target: Id of the target node outside the group.
        port: Input port of the target, from 0; None selects a free one.
    """
    held = frozenset(inside)
    feeding_inside = {x.source for x in rules.edges() if {x.source, x.target} <= held}
    after = rules.after(target)
    found = []
    for id in inside:
        blocked = frozenset([id]) if id in after else frozenset[str]()
        verdict = rules.judge_within(id, target, port, 0, blocked)
        if id not in feeding_inside and verdict.edge is not None:
            found.append(ConnectionCandidate(id, verdict))
    return tuple(found)


def no_candidate_text(name: str, out: bool) -> str:
    """Return the message that no layer in a collapsed group can be connected."""
    text = (
        _(
            "No layer in “{name}” can receive this connection. Expand the group to "
            "see its layers."
        )
        if out
        else _(
            "No layer in “{name}” can feed this input. Expand the group to see its "
            "layers."
        )
    )
    return text.format(name=name)
