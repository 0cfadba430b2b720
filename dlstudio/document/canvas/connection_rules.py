"""Rules that decide which connections are valid. Independent of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dlstudio.catalog.schema import Ports
from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.graph import NESTED, OPAQUE, Edge, Graph, Node
from dlstudio.i18n import _

UNKNOWN_PORTS = Ports(minimum=1, maximum=None)
NO_GRAPHS: Mapping[str, Graph] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ConnectionVerdict:
    """The result of checking a connection.

    Attributes:
        edge: The edge to create; None if the connection is not allowed.
        replaces: An existing edge that the new one replaces.
        reason: Why the connection is not allowed, or a side effect worth mentioning;
            empty if there is neither.
    """

    edge: Edge | None = None
    replaces: Edge | None = None
    reason: str = ""

    def edits(self, graph: str) -> tuple[Edit, ...]:
        """Return the edits that create the edge; empty if it is not allowed."""
        if self.edge is None:
            return ()
        gone = (Disconnect(self.replaces, graph),) if self.replaces else ()
        return (*gone, Connect(self.edge, graph))


@dataclass(frozen=True, slots=True)
class ConnectionRules:
    """The connection rules of one graph.

    Attributes:
        moving: An edge that is being moved and is treated as removed.
        graphs: All graphs of the project, used to look up nested ones.
    """

    graph: Graph
    catalog: Catalog
    moving: Edge | None = None
    graphs: Mapping[str, Graph] = field(default_factory=dict)

    def judge(
        self, source: str, target: str, port: int | None, out: int = 0
    ) -> ConnectionVerdict:
        """Check whether two nodes can be connected.

        Args:
            source: Id of the source node.
            target: Id of the target node.
            port: Input port of the target, from 0; None selects a free one.
            out: Output port of the source, from 0.
        """
        return self.judge_within(source, target, port, out, self.after(target))

    def judge_within(
        self,
        source: str,
        target: str,
        port: int | None,
        out: int,
        after: frozenset[str],
    ) -> ConnectionVerdict:
        """Like `judge`, with the nodes downstream of the target already known.

        Args:
            source: Id of the source node.
            target: Id of the target node.
            port: Input port of the target, from 0; None selects a free one.
            out: Output port of the source, from 0.
            after: Ids of all nodes that the target feeds, directly or indirectly.
        """
        graph = self.graph
        if source == target:
            return ConnectionVerdict(reason=_("A layer cannot be connected to itself."))
        node = graph.nodes[target]
        ports = ports_of(node, self.catalog, self.graphs)
        if ports.maximum == 0:
            return ConnectionVerdict(
                reason=_(
                    "“{name}” is an input: it is where data enters the model."
                ).format(name=node.name)
            )
        if source in after:
            return ConnectionVerdict(
                reason=_(
                    "This would create a cycle: “{name}” already feeds this layer."
                ).format(name=node.name)
            )
        return self._at_port(source, target, port, out, ports)

    def _at_port(
        self, source: str, target: str, port: int | None, out: int, ports: Ports
    ) -> ConnectionVerdict:
        taken = {x.target_port: x for x in self.edges() if x.target == target}
        wanted = free_port(ports, set(taken)) if port is None else port
        if wanted is None:
            wanted = 0
        edge = Edge(source, target, out, wanted)
        if edge in taken.values():
            return ConnectionVerdict(reason=_("This connection already exists."))
        old = taken.get(wanted)
        if old is None:
            return ConnectionVerdict(edge)
        return ConnectionVerdict(
            edge,
            old,
            _("Replaces the connection from “{name}”.").format(
                name=self.graph.nodes[old.source].name
            ),
        )

    def waits(self, node: str) -> bool:
        """Return whether a node lacks an input that it requires."""
        there = self.graph.nodes[node]
        ports = ports_of(there, self.catalog, self.graphs)
        taken = {x.target_port for x in self.edges() if x.target == node}
        names = ports.names
        return any(
            port not in taken
            and not (port < len(names) and names[port] in there.params)
            for port in range(ports.minimum)
        )

    def edges(self) -> tuple[Edge, ...]:
        """Return the graph's edges except the one being moved."""
        return tuple(edge for edge in self.graph.edges if edge != self.moving)

    def after(self, node: str) -> frozenset[str]:
        """Return `node` and all nodes downstream of it."""
        return self._reach(node, forward=True)

    def before(self, node: str) -> frozenset[str]:
        """Return `node` and all nodes upstream of it."""
        return self._reach(node, forward=False)

    def _reach(self, node: str, forward: bool) -> frozenset[str]:
        steps: dict[str, list[str]] = {}
        for edge in self.edges():
            a, b = (edge.source, edge.target) if forward else (edge.target, edge.source)
            steps.setdefault(a, []).append(b)
        seen, pending = {node}, [node]
        while pending:
            for each in steps.get(pending.pop(), ()):
                if each not in seen:
                    seen.add(each)
                    pending.append(each)
        return frozenset(seen)


def ports_of(
    node: Node, catalog: Catalog, graphs: Mapping[str, Graph] = NO_GRAPHS
) -> Ports:
    """Return a node's input ports; any number if its kind is unknown.

    Args:
        graphs: The project's graphs, which define the inputs of nested models.
    """
    if node.kind == OPAQUE:
        count = node.params.get("inputs", 1)
        known = count if isinstance(count, int) else 1
        return Ports(min(known, 1), known)
    inner = graphs.get(str(node.params.get("graph"))) if node.kind == NESTED else None
    if inner is not None:
        count = len(inner.inputs)
        return Ports(count, count, as_list=count > 1)
    description = catalog.get(node.kind)
    return UNKNOWN_PORTS if description is None else description.inputs


def port_count(ports: Ports, taken: set[int]) -> int:
    """Return the number of input ports to show, at least one if any are accepted."""
    used = max(taken, default=-1) + 1
    if ports.maximum == 0:
        return used
    if ports.maximum is None:
        return max(ports.minimum, used, 1)
    plain = max(len(ports.names), ports.maximum)
    return max(plain + len(ports.keywords), used)


def port_names(ports: Ports) -> tuple[str, ...]:
    """Return the names of the input ports; "" for unnamed ones."""
    plain = max(len(ports.names), ports.maximum or 0)
    unnamed = ("",) * (plain - len(ports.names))
    return (*ports.names, *unnamed, *ports.keywords) if ports.keywords else ports.names


def free_port(ports: Ports, taken: set[int]) -> int | None:
    """Return the input port that a new edge is connected to, or None.

    If a layer requires only one input, its optional ports are never chosen
    automatically.
    """
    if ports.maximum == 0:
        return None
    if ports.maximum is None:
        last = len(taken) + 1
    else:
        plain = max(len(ports.names), ports.maximum)
        last = 1 if ports.minimum <= 1 else plain
    return next((port for port in range(last) if port not in taken), None)
