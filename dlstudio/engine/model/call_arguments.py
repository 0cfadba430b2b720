"""Maps edges to the arguments of a layer's call, and node names to layer names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from dlstudio.catalog.schema import Ports
from dlstudio.document.graph import INPUT, NESTED, OPAQUE, Edge, Graph, Node
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

T = TypeVar("T")

_LONGEST = 100
_ILLEGAL = re.compile(r"[^A-Za-z0-9_.\-]+")
_ILLEGAL_INPUT = re.compile(r"[^A-Za-z0-9_]+")


class CallArguments:
    """The edges of a graph indexed by node."""

    def __init__(self, graph: Graph) -> None:
        self._into: dict[str, list[Edge]] = {}
        self._out_of: dict[str, list[Edge]] = {}
        for edge in graph.edges:
            self._into.setdefault(edge.target, []).append(edge)
            self._out_of.setdefault(edge.source, []).append(edge)
        for edges in self._into.values():
            edges.sort(key=lambda edge: edge.target_port)

    def into(self, id: str) -> tuple[Edge, ...]:
        """Like `Graph.into`: the edges into a node, by port."""
        return tuple(self._into.get(id, ()))

    def out_of(self, id: str) -> tuple[Edge, ...]:
        """Like `Graph.out_of`: the edges out of a node."""
        return tuple(self._out_of.get(id, ()))


def layer_names(graph: Graph) -> dict[str, str]:
    """Node id → layer name: unique, and valid in Keras and SavedModel.

    A valid, unused name is kept. A node that shares weights has the name of the layer
    whose weights it uses.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for node in graph.nodes.values():
        if node.shares is None:
            name = _unique(_legal(node), taken)
            taken.add(name)
            names[node.id] = name
    for node in graph.nodes.values():
        if node.shares is not None:
            try:
                names[node.id] = names[owner_of(graph, node).id]
            except UserError:  # nothing to share with: reported by the checks
                names[node.id] = _unique(_legal(node), taken)
                taken.add(names[node.id])
    return names


def _legal(node: Node) -> str:
    illegal = _ILLEGAL_INPUT if node.kind == INPUT else _ILLEGAL
    name = illegal.sub("_", node.name)[:_LONGEST]
    if not re.search("[A-Za-z0-9]", name):
        name = illegal.sub("_", node.kind.rpartition(".")[2].lower())
    return name.lstrip("_.-") or "layer"


def _unique(name: str, taken: set[str]) -> str:
    number, candidate = 2, name
    while candidate in taken:
        candidate = f"{name}_{number}"
        number += 1
    return candidate


def owner_of(graph: Graph, node: Node) -> Node:
    """The node whose layer `node` uses: itself, or the end of its `shares` chain.

    Raises:
        UserError: The shared node does not exist, or the sharing is circular.
    """
    seen = {node.id}
    while node.shares is not None:
        found = graph.nodes.get(node.shares)
        if found is None or found.id in seen:
            raise UserError(
                _("{node} uses the weights of {owner}, which does not exist.").format(
                    node=node.name, owner=node.shares
                ),
                _("Use separate weights for it."),
            )
        node = found
        seen.add(node.id)
    return node


def ports_of(node: Node, ports: Ports, graphs: Mapping[str, Graph]) -> Ports:
    """The ports of `node`: those of its description, or a nested graph's inputs.

    Args:
        node: A layer, operation, input, opaque layer or nested graph.
        ports: The ports of its description.
        graphs: All graphs of the project, by name.
    """
    if node.kind == INPUT:
        return Ports(0, 0)
    if node.kind == OPAQUE:
        count = node.params.get("inputs", 1)
        count = count if isinstance(count, int) and count > 0 else 1
        return Ports(count, count)
    if node.kind != NESTED:
        return ports
    inner = graphs.get(str(node.params.get("graph", "")))
    if inner is None:
        return Ports(0, None)
    count = len(inner.inputs)
    return Ports(count, count, as_list=count > 1)


def most_ports(ports: Ports) -> int | None:
    """Maximum number of input tensors; None for any number."""
    plain = plain_ports(ports)
    return None if plain is None else plain + len(ports.keywords)


def plain_ports(ports: Ports) -> int | None:
    """Like `most_ports`, without rarely used ports."""
    if ports.names:
        return max(len(ports.names), ports.maximum or 0)
    return ports.maximum


def constants(node: Node, ports: Ports) -> tuple[tuple[int, Value], ...]:
    """The constants (numbers or arrays) of an operation, by port."""
    return tuple(
        (port, value)
        for port, name in enumerate(ports.names)
        if (value := node.params.get(name)) is not None
    )


def with_constants(
    tensors: Sequence[tuple[int, T]], constants: Iterable[tuple[int, T]]
) -> list[tuple[int, T]]:
    """The inputs by port; an edge takes precedence over a constant."""
    connected = {port for port, tensor in tensors}
    added = [each for each in constants if each[0] not in connected]
    return sorted([*tensors, *added], key=lambda each: each[0])


def arguments(
    ports: Ports, tensors: Sequence[tuple[int, T]]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Positional and keyword arguments for tensors at numbered ports.

    Args:
        ports: The layer's ports.
        tensors: (port, tensor) in the order of the ports.

    Raises:
        UserError: Too few or too many tensors, or a port that does not exist.
    """
    most, last = plain_ports(ports), most_ports(ports)
    plain = [each for each in tensors if most is None or each[0] < most or last == most]
    _check_count(ports, most, plain)
    named: dict[str, Any] = {}
    for port, tensor in tensors[len(plain) :]:
        assert most is not None
        if port >= most + len(ports.keywords):
            raise UserError(
                ngettext(
                    "It accepts {most} input, but has {count}.",
                    "It accepts {most} inputs, but has {count}.",
                    last or 0,
                ).format(most=last, count=len(tensors))
            )
        name = ports.keywords[port - most]
        if ports.keywords.count(name) == 1:
            named[name] = tensor
            continue
        # A mask for each of several inputs: some may have none.
        masks = named.setdefault(name, [None] * ports.keywords.count(name))
        masks[port - most - ports.keywords.index(name)] = tensor
    if ports.as_list:
        return ([tensor for port, tensor in plain],), named
    if not ports.names:
        return tuple(tensor for port, tensor in plain), named
    args, by_name = _by_name(ports, plain)
    return args, {**by_name, **named}


def _check_count(
    ports: Ports, most: int | None, tensors: Sequence[tuple[int, object]]
) -> None:
    count = len(tensors)
    used = {port for port, tensor in tensors}
    fits = most is None or (count <= most and len(used) == count)
    if count < ports.minimum:
        raise UserError(
            ngettext(
                "It needs {needed} input, but has {count}.",
                "It needs {needed} inputs, but has {count}.",
                ports.minimum,
            ).format(needed=ports.minimum, count=count)
        )
    if not fits or (most is not None and any(port >= most for port in used)):
        raise UserError(
            ngettext(
                "It accepts {most} input, but has {count}.",
                "It accepts {most} inputs, but has {count}.",
                most or 0,
            ).format(most=most, count=count)
        )


def _by_name(
    ports: Ports, tensors: Sequence[tuple[int, T]]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The first ports are positional, as Keras requires; the others are keywords."""
    by_port = dict(tensors)
    missing = [ports.names[i] for i in range(ports.minimum) if i not in by_port]
    if missing or 0 not in by_port:
        raise UserError(
            _("Its input “{name}” is not connected.").format(
                name=(missing or ports.names)[0]
            )
        )
    placed = list(
        itertools.takewhile(lambda port: port in by_port, range(ports.positional))
    )
    named: dict[str, Any] = {}
    for port, tensor in tensors:
        if port not in placed:
            _put(named, ports.names, port, tensor)
    return tuple(by_port[port] for port in placed), named


def _put(
    named: dict[str, Any], names: Sequence[str], place: int, tensor: object
) -> None:
    """Add a keyword argument; a repeated name takes a list of tensors."""
    name = names[place]
    if names.count(name) > 1:
        named.setdefault(name, []).append(tensor)
    else:
        named[name] = tensor
