"""Comments in a script where a group of the canvas begins."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.document.graph import Graph
from dlstudio.document.groups import MAX_DEPTH, GroupTree

LONGEST = 60


def group_comments(graph: Graph, order: Sequence[str]) -> dict[str, list[str]]:
    """Lines above the statement of a node, by its id.

    Where layers of inner groups are written in turns, only outer groups have comments.

    Args:
        graph: Has the groups.
        order: Of the statements.
    """
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
