"""Which edges may be, and why the others may not. No Qt."""

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
    """Whether an edge may be.

    Attributes:
        link: The edge as it would be; None when it may not be.
        replaces: An edge that has to go for it.
        reason: Why not, or what else happens; empty when there is nothing to say.
    """

    link: Edge | None = None
    replaces: Edge | None = None
    reason: str = ""

    def edits(self, graph: str) -> tuple[Edit, ...]:
        """What draws the edge; none when it may not be."""
        if self.link is None:
            return ()
        gone = (Disconnect(self.replaces, graph),) if self.replaces else ()
        return (*gone, Connect(self.link, graph))


@dataclass(frozen=True, slots=True)
class ConnectionRules:
    """The rules for one graph.

    Attributes:
        moving: An edge that is being moved and counts as gone.
        graphs: All graphs of the project, for those that stand in this one.
    """

    graph: Graph
    catalog: Catalog
    moving: Edge | None = None
    graphs: Mapping[str, Graph] = field(default_factory=dict)

    def judge(
        self, source: str, target: str, port: int | None, out: int = 0
    ) -> ConnectionVerdict:
        """Whether the connection is possible, and what it would replace; see `judge`.

        Args:
            source: Id of the node that feeds.
            target: Id of the node that is fed.
            port: Input port, from 0; None chooses a free one.
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
        """As `judge`, where the nodes behind the target are known already.

        Args:
            source: Id of the node that feeds.
            target: Id of the node that is fed.
            port: Input port, from 0; None chooses a free one.
            out: Output port of the source, from 0.
            after: Ids of all nodes that the target feeds, directly or not.
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
        taken = {x.target_port: x for x in self.links() if x.target == target}
        wanted = free_port(ports, set(taken)) if port is None else port
        if wanted is None:
            wanted = 0
        link = Edge(source, target, out, wanted)
        if link in taken.values():
            return ConnectionVerdict(reason=_("This connection already exists."))
        old = taken.get(wanted)
        if old is None:
            return ConnectionVerdict(link)
        return ConnectionVerdict(
            link,
            old,
            _("Replaces the connection from “{name}”.").format(
                name=self.graph.nodes[old.source].name
            ),
        )

    def links(self) -> tuple[Edge, ...]:
        """The edges that count."""
        return tuple(link for link in self.graph.links if link != self.moving)

    def after(self, node: str) -> frozenset[str]:
        """`node` and all nodes it feeds, directly or through others."""
        return self._reach(node, forward=True)

    def before(self, node: str) -> frozenset[str]:
        """`node` and all nodes that feed it, directly or through others."""
        return self._reach(node, forward=False)

    def _reach(self, node: str, forward: bool) -> frozenset[str]:
        steps: dict[str, list[str]] = {}
        for link in self.links():
            a, b = (link.source, link.target) if forward else (link.target, link.source)
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
    """The input ports of a node; any number where nothing is known of its kind.

    Args:
        graphs: The project's, for the inputs of those that stand for one.
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
    """How many input ports to show: those there are, those taken, one to take."""
    used = max(taken, default=-1) + 1
    if ports.maximum == 0:
        return used
    if ports.maximum is None:
        return max(ports.minimum, used, 1)
    plain = max(len(ports.names), ports.maximum)
    return max(plain + len(ports.keywords), used)


def port_names(ports: Ports) -> tuple[str, ...]:
    """What the input ports are called; "" for one that has no name."""
    plain = max(len(ports.names), ports.maximum or 0)
    unnamed = ("",) * (plain - len(ports.names))
    return (*ports.names, *unnamed, *ports.keywords) if ports.keywords else ports.names


def free_port(ports: Ports, taken: set[int]) -> int | None:
    """The input port a new edge goes to, or None.

    Of a layer that needs only one, the optional ones are left to whoever aims at them.
    """
    if ports.maximum == 0:
        return None
    if ports.maximum is None:
        last = len(taken) + 1
    else:
        plain = max(len(ports.names), ports.maximum)
        last = 1 if ports.minimum <= 1 else plain
    return next((port for port in range(last) if port not in taken), None)
