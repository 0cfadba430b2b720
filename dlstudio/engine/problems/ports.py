"""Checks the inputs of a node: too few, too many, two edges at one port."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from dlstudio.catalog.schema import Ports
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect, InsertOnEdge
from dlstudio.document.graph import INPUT, Edge, Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import Value
from dlstudio.engine.model.call_arguments import constants, most_ports, with_constants
from dlstudio.engine.problems.check_context import CheckContext, remove_edge
from dlstudio.engine.problems.merge_inputs import connecting_fixes, downstream
from dlstudio.engine.problems.output_ports import source_ports
from dlstudio.i18n import _, ngettext

MERGES = ("Add", "Concatenate")
MOST_SOURCES = 6
"""Number of layers that are tried as a missing input."""


def ports(context: CheckContext) -> Iterator[Problem]:
    """Nodes with no input, too few, too many, or two edges at one port."""
    for node in context.graph.nodes.values():
        edges = context.into(node.id)
        takes = context.ports(node)
        most = most_ports(takes)
        fixed = constants(node, takes) if edges else ()
        given = len(with_constants([(x.target_port, None) for x in edges], fixed))
        if node.kind == INPUT and edges:
            yield _into_input(context, node, edges)
        elif given < takes.minimum:
            yield _too_few(context, node, edges, takes.minimum)
        elif most is not None and len(edges) > most:
            yield _too_many(context, node, edges, most)
        elif edges and most is not None and _misplaced(edges, most, takes, fixed):
            yield _renumber(context, node, edges)
        else:
            yield from _unused(context, node, edges, fixed)


def _unused(
    context: CheckContext,
    node: Node,
    edges: tuple[Edge, ...],
    fixed: tuple[tuple[int, Value], ...],
) -> Iterator[Problem]:
    """Constants at a port that has an edge."""
    connected = {edge.target_port for edge in edges}
    for port, _value in fixed:
        if port in connected:
            name = context.ports(node).names[port]
            yield context.problem(
                "warning",
                "bad-parameter",
                _(
                    "{node}: {name} is connected, so the number set for it is "
                    "not used. Remove one of them."
                ).format(node=node.name, name=name),
                node.id,
                [
                    Fix.reset_param(
                        _("Remove “{param}”").format(param=name),
                        node,
                        name,
                        context.name,
                    )
                ],
            )


def _into_input(context: CheckContext, node: Node, edges: tuple[Edge, ...]) -> Problem:
    edits = tuple(Disconnect(edge, context.name) for edge in edges)
    return context.problem(
        "error",
        "input-has-input",
        _(
            "{node} is an input, which cannot have incoming connections. "
            "Remove the connection."
        ).format(node=node.name),
        node.id,
        [Fix(_("Remove the connections to {node}").format(node=node.name), edits)],
    )


def _too_few(
    context: CheckContext, node: Node, edges: tuple[Edge, ...], least: int
) -> Problem:
    if edges:
        text = ngettext(
            "{node} needs {least} input, but has {count}. Connect another "
            "layer to it, or remove it.",
            "{node} needs {least} inputs, but has {count}. Connect another "
            "layer to it, or remove it.",
            least,
        )
        if context.takes_numbers(node):
            text = ngettext(
                "{node} needs {least} input, but has {count}. Connect another "
                "layer to it, set a number instead, or remove it.",
                "{node} needs {least} inputs, but has {count}. Connect another "
                "layer to it, set a number instead, or remove it.",
                least,
            )
        message = text.format(node=node.name, least=least, count=len(edges))
        return context.problem(
            "error",
            "too-few-inputs",
            message,
            node.id,
            context.working_fixes(
                node.id,
                [
                    *_to_itself(context, node, edges),
                    *itertools.islice(connecting_fixes(context, node), MOST_SOURCES),
                    _removal(context, node),
                ],
            ),
        )
    return context.problem(
        "error",
        "not-connected",
        _(
            "{node} has no input, so it receives no data. Connect the "
            "preceding layer to it, or remove it."
        ).format(node=node.name),
        node.id,
        context.working_fixes(
            node.id, [*_feeding(context, node), _removal(context, node)]
        ),
    )


def _to_itself(
    context: CheckContext, node: Node, edges: tuple[Edge, ...]
) -> Iterator[Fix]:
    """Fixes that connect an attention's only input to its other required ports."""
    takes = context.ports(node)
    used = {edge.target_port for edge in edges}
    free = [port for port in range(takes.minimum) if port not in used]
    if takes.names and free:
        edits = tuple(
            Connect(replace(edges[0], target_port=port), context.name) for port in free
        )
        label = _("Also connect {source} to {ports}").format(
            source=context.called(edges[0].source),
            ports=", ".join(takes.names[port] for port in free),
        )
        yield Fix(label, edits)


def _removal(context: CheckContext, node: Node) -> Fix:
    return Fix.remove(node, graph=context.name)


def _feeding(context: CheckContext, node: Node) -> Iterator[Fix]:
    """Fixes that add an edge from an unconnected node, the nearest above first."""
    graph = context.graph
    ends = [each for each in graph.nodes.values() if not context.out_of(each.id)]
    ends = [
        each for each in ends if each.id not in (node.id, *downstream(context, node.id))
    ]
    x, y = node.position
    ends.sort(key=lambda end: abs(end.position[0] - x) + abs(end.position[1] - y))
    for end in ends:
        yield Fix(
            _("Connect {source} to {target}").format(source=end.name, target=node.name),
            (Connect(Edge(end.id, node.id), context.name),),
        )


def _too_many(
    context: CheckContext, node: Node, edges: tuple[Edge, ...], most: int
) -> Problem:
    names = list_names(context.called(edge.source) for edge in edges)
    return context.problem(
        "error",
        "too-many-inputs",
        ngettext(
            "{node} accepts {most} input, but gets {count}: {names}. Merge "
            "them with Add or Concatenate, or remove a connection.",
            "{node} accepts {most} inputs, but gets {count}: {names}. Merge "
            "them with Add or Concatenate, or remove a connection.",
            most,
        ).format(node=node.name, most=most, count=len(edges), names=names),
        node.id,
        context.working_fixes(node.id, _fewer(context, node, edges, most), most=4),
    )


def _fewer(
    context: CheckContext, node: Node, edges: tuple[Edge, ...], most: int
) -> Iterator[Fix]:
    if most == 1 and len({edge.source for edge in edges}) == len(edges):
        yield from (_merge(context, node, edges, kind) for kind in MERGES)
    for kept in edges if most == 1 else ():
        others = [edge for edge in edges if edge != kept]
        label = (
            remove_edge(context, others[0])
            if len(others) == 1
            else _("Keep only the connection from {source}").format(
                source=context.called(kept.source)
            )
        )
        cut = tuple(Disconnect(edge, context.name) for edge in others)
        yield Fix(label, (*cut, *_at_port(context, kept, 0)))
    if most > 1:
        edits = tuple(Disconnect(edge, context.name) for edge in edges[most:])
        yield Fix(_("Keep only the first {most} connections").format(most=most), edits)


def _at_port(context: CheckContext, edge: Edge, port: int) -> tuple[Edit, ...]:
    if edge.target_port == port:
        return ()
    moved = replace(edge, target_port=port)
    return Disconnect(edge, context.name), Connect(moved, context.name)


def _merge(
    context: CheckContext, node: Node, edges: tuple[Edge, ...], kind: str
) -> Fix:
    first = edges[0]
    merge = context.new(kind, kind.lower(), first)
    edits: list[Edit] = [*_at_port(context, first, 0)]
    edits.append(InsertOnEdge(merge, replace(first, target_port=0), context.name))
    for port, edge in enumerate(edges[1:], start=1):
        joined = replace(edge, target=merge.id, target_port=port)
        edits += [Disconnect(edge, context.name), Connect(joined, context.name)]
    label = _("Merge them with {kind}").format(kind=kind)
    return Fix(label, tuple(edits))


def _misplaced(
    edges: tuple[Edge, ...],
    most: int,
    takes: Ports,
    fixed: tuple[tuple[int, Value], ...],
) -> bool:
    used = [edge.target_port for edge in edges]
    needed = set(range(takes.minimum)) - {port for port, _value in fixed}
    return (
        len(set(used)) < len(used)
        or max(used, default=0) >= most
        or not (needed <= set(used))
    )


def _renumber(context: CheckContext, node: Node, edges: tuple[Edge, ...]) -> Problem:
    takes = context.ports(node)
    names = takes.names or tuple(str(port + 1) for port in range(len(edges)))
    edits = [Disconnect(edge, context.name) for edge in edges]
    again = [
        Connect(replace(edge, target_port=port), context.name)
        for port, edge in enumerate(edges)
    ]
    return context.problem(
        "error",
        "doubled-port",
        _(
            "Several connections to {node} use the same port; it has the ports "
            "{names}. Connect each to a different port."
        ).format(node=node.name, names=list_names(names)),
        node.id,
        [Fix(_("Use a separate port for each connection"), (*edits, *again))],
    )


PORTS = (ports, source_ports)
