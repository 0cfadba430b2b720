"""Where a new layer goes in a graph, and how it is connected there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dlstudio.document.graph import Graph, Link, Node
from dlstudio.document.layout import spaced
from dlstudio.errors import UserError
from dlstudio.i18n import _


def inserted(
    graph: Graph,
    node: Node,
    after: Sequence[str] = (),
    before: str = "",
    branch: bool = False,
) -> Graph:
    """The graph with a new layer.

    Args:
        after: Ids of the layers that feed it, in the order of its ports. What the
            first of them feeds is fed by the new layer from then on.
        before: Id of a layer that alone is fed by the new one; "" for the above.
        branch: What the first feeds stays as it is.
    """
    links = [link for link in graph.links if _stays(graph, link, after, before, branch)]
    moved = [link for link in graph.links if link not in links]
    links += [Link(id, node.id, 0, port) for port, id in enumerate(after)]
    links += [replace(link, source=node.id, source_port=0) for link in _once(moved)]
    if before and not moved:
        taken = {link.target_port for link in graph.into(before)}
        port = next(n for n in range(len(taken) + 1) if n not in taken)
        links.append(Link(node.id, before, 0, port))
    outputs = graph.outputs
    if after and not before and not branch:
        outputs = tuple(node.id if id == after[0] else id for id in outputs)
    made = replace(
        graph.with_nodes([node]),
        links=tuple(dict.fromkeys(links)),
        outputs=tuple(dict.fromkeys(outputs)),
    )
    return spaced(made, [node.id])


def _stays(
    graph: Graph, link: Link, after: Sequence[str], before: str, branch: bool
) -> bool:
    """Whether a connection goes on as it is beside the new layer."""
    if before:
        return link.target != before or link.source not in after
    if branch or not after or link.source != after[0]:
        return True
    return link.target in upstream(graph, after)  # moving it would make a cycle


def _once(links: Iterable[Link]) -> list[Link]:
    """One connection into each layer that several of the feeding ones fed before."""
    found: dict[str, list[Link]] = {}
    for link in links:
        same = found.setdefault(link.target, [])
        if not same or same[0].source == link.source:
            same.append(link)
    return [link for same in found.values() for link in same]


def upstream(graph: Graph, ids: Sequence[str]) -> frozenset[str]:
    """Layers, and all that feed them in some steps."""
    found, waiting = set(ids), list(ids)
    while waiting:
        for link in graph.into(waiting.pop()):
            if link.source not in found:
                found.add(link.source)
                waiting.append(link.source)
    return frozenset(found)


def only_end(graph: Graph) -> tuple[str, ...]:
    """The layer that a new one is appended to; none in an empty graph.

    Raises:
        UserError: There are several.
    """
    if not graph.nodes:
        return ()
    ends = graph.output_ids()
    if len(ends) == 1:
        return ends
    raise UserError(
        _("The model has several ends: {names}.").format(names=", ".join(ends)),
        _("Say which one: --after NAME."),
    )
