"""Fixes that give a merge the input it lacks."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits.edges import Connect
from dlstudio.document.graph import Edge, Node
from dlstudio.document.problems import Fix
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _

NEAREST = 2
"""A layer that is nearer to the merge than this would only double its input."""


def connecting_fixes(context: CheckContext, node: Node) -> Iterator[Fix]:
    """Fixes that connect another layer to a node's first free port.

    Layers that feed no other come first, then those above with the same shape, as at
    the start of a residual block.

    Args:
        context: The graph.
        node: A node with an input, but too few of them.
    """
    edges = context.into(node.id)
    taken = {edge.target_port for edge in edges}
    port = next(number for number in range(len(taken) + 1) if number not in taken)
    for source in _candidates(context, node):
        yield Fix(
            _("Connect {source}").format(source=context.called(source)),
            (Connect(Edge(source, node.id, 0, port), context.name),),
        )


def _candidates(context: CheckContext, node: Node) -> list[str]:
    distance = _distances(context, node.id)
    behind = downstream(context, node.id)
    feeding = {edge.source for edge in context.into(node.id)}
    wanted = {context.output(each) for each in feeding}
    x, y = node.position

    def rank(id: str) -> tuple[bool, bool, bool, int, float]:
        place = context.graph.nodes[id].position
        far = abs(place[0] - x) + abs(place[1] - y)
        same = context.output(id) in wanted
        steps = distance.get(id, 0)
        return bool(context.out_of(id)), not same, steps < NEAREST, steps, far

    found = [
        id
        for id in context.graph.nodes
        if id not in {node.id, *behind, *feeding}
        and (not context.out_of(id) or context.output(id) in wanted)
    ]
    return sorted(found, key=rank)


def _distances(context: CheckContext, id: str) -> dict[str, int]:
    """The number of connections from each layer above to a node."""
    found = {id: 0}
    waiting = [id]
    for each in waiting:  # grows while it is iterated
        for edge in context.into(each):
            if edge.source not in found and edge.source in context.graph.nodes:
                found[edge.source] = found[each] + 1
                waiting.append(edge.source)
    return found


def downstream(context: CheckContext, id: str) -> set[str]:
    """The layers that a node feeds, directly or indirectly."""
    found: set[str] = set()
    waiting = [id]
    while waiting:
        for edge in context.out_of(waiting.pop()):
            if edge.target not in found:
                found.add(edge.target)
                waiting.append(edge.target)
    return found
