"""Comments and blank lines in a script where a block of the model begins."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.document.graph import INPUT, Graph
from dlstudio.document.groups import MAX_DEPTH, GroupTree

LONGEST = 60
LONG = 12
"""Statements from which on a graph is parted into blocks."""


def group_comments(graph: Graph, order: Sequence[str]) -> dict[str, list[str]]:
    """Lines above the statement of a node, by its id.

    A long graph without groups has a blank line before each of its blocks. Where layers
    of inner groups are written in turns, only outer groups have comments.

    Args:
        graph: Has the groups.
        order: Of the statements.
    """
    if not graph.groups:
        return {id: [""] for id in branching(graph, order)}
    tree = GroupTree(graph.groups)
    for depth in (MAX_DEPTH, 1):
        found = _comments(tree, order, depth)
        if found is not None:
            return found
    return {}


def _comments(
    tree: GroupTree, order: Sequence[str], depth: int
) -> dict[str, list[str]] | None:
    """The comments of groups down to a depth; None if one would begin twice."""
    found: dict[str, list[str]] = {}
    inside: tuple[str, ...] = ()
    begun: set[str] = set()
    for place, id in enumerate(order):
        around = tree.around(id)[::-1][:depth]
        if around == inside:
            continue
        if around and around[-1] in begun:
            return None
        names = [tree.groups[each].name for each in around]
        text = ", ".join(" ".join(name.split())[:LONGEST] for name in names)
        blank = [""] if place else []
        found[id] = [*blank, f"# {text}"] if text else blank
        begun.update(around[-1:])
        inside = around
    return found


def branching(graph: Graph, order: Sequence[str]) -> list[str]:
    """The nodes with which the blocks of a long graph begin.

    Before a block, such as that of a residual network, a single layer is waited for;
    within it, several are.

    Args:
        graph: The graph.
        order: Of its statements.
    """
    if len(order) < LONG:
        return []
    place = {id: number for number, id in enumerate(order)}
    last = {
        id: max((place[edge.target] for edge in graph.out_of(id)), default=-1)
        for id in order
    }
    found: list[str] = []
    live: set[str] = set()
    for number, id in enumerate(order):
        before = len(live)
        live = {each for each in (*live, id) if last[each] > number}
        inner = graph.nodes[id].kind != INPUT
        if before == 1 and len(live) > 1 and inner:
            found.append(id)
    return found
