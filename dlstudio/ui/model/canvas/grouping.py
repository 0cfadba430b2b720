"""Grouping nodes, folding groups into one box, dissolving them."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.edits import GroupNodes, SetGroup, Ungroup
from dlstudio.document.graph import Group
from dlstudio.document.groups import GroupTree, unique_group_id
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.board import Board


def group(board: Board) -> bool:
    """Put the selected nodes into a group; whole groups among them go into it."""
    ids = board.selection.ids
    if not ids:
        return False
    id = unique_group_id(each.id for each in board.graph.groups)
    number = id.rpartition("_")[2]
    name = _("Group {number}").format(number=number)
    return board.do([GroupNodes(id, name, ids, board.name)], _("Group"))


def ungroup(board: Board) -> bool:
    """Dissolve the outermost groups that are selected whole, or else the nearest.

    What lies in them stays, also the groups inside.
    """
    edits = [Ungroup(each.id, board.name) for each in meant(board)]
    return board.do(edits, _("Ungroup"))


def fold(board: Board, id: str | None = None) -> bool:
    """Fold a group, or the selected nodes' groups, into one box; or open it."""
    groups = [g for g in board.graph.groups if g.id == id] if id else meant(board)
    if not groups:
        return False
    folded = not groups[0].collapsed
    edits = [SetGroup(replace(g, collapsed=folded), board.name) for g in groups]
    return board.do(edits, _("Collapse group") if folded else _("Open group"))


def unfold_around(board: Board, node: str) -> bool:
    """Open every folded group a node lies in."""
    tree = GroupTree(board.graph.groups)
    groups = (tree.groups[id] for id in tree.around(node))
    edits = [
        SetGroup(replace(g, collapsed=False), board.name)
        for g in groups
        if g.collapsed
    ]
    return board.do(edits, _("Open group"))


def take_out(board: Board) -> bool:
    """Let the selected nodes lie where the group lies that they are in."""
    tree = GroupTree(board.graph.groups)
    held = {id: list(each.nodes) for id, each in tree.groups.items()}
    touched: dict[str, None] = {}
    for node in board.selection.ids:
        home, *outer = (*tree.around(node), None)
        if home is None:
            continue
        held[home].remove(node)
        touched[home] = None
        if outer[0] is not None:
            held[outer[0]].append(node)
            touched[outer[0]] = None
    edits = [
        SetGroup(replace(tree.groups[id], nodes=tuple(held[id])), board.name)
        for id in touched
    ]
    return board.do(edits, _("Take out of the group"))


def can_take_out(board: Board) -> bool:
    """Whether some, but not all, of a group's nodes are selected."""
    tree, chosen = GroupTree(board.graph.groups), board.selection.ids
    return any(tree.around(id) for id in chosen) and not tree.whole(chosen)


def widen(board: Board) -> bool:
    """Select all of the group that holds the selection, then of the one around it."""
    tree, chosen = GroupTree(board.graph.groups), set(board.selection.ids)
    for id in tree.common(chosen):
        held = tree.nodes(id)
        if not chosen.issuperset(held):
            board.selection.set((*board.selection.ids, *held))
            return True
    return False


def narrow(board: Board) -> bool:
    """Of a group selected whole, select what comes first in it: a group, or a node."""
    tree, chosen = GroupTree(board.graph.groups), frozenset(board.selection.ids)
    exact = [id for id in tree.whole(chosen) if chosen == set(tree.nodes(id))]
    if not exact:
        return False
    inmost = max(exact, key=lambda id: len(tree.path(id)))
    places = {id: n.position for id, n in board.graph.nodes.items()}
    parts = [tree.nodes(kid) for kid in tree.children(inmost)]
    parts += [(node,) for node in tree.groups[inmost].nodes]
    first = min(parts, key=lambda part: min(places[n][::-1] for n in part))
    if board.scene.folding.hidden.get(first[0]) is not None:
        return False  # a folded group shows nothing of what is in it
    board.selection.set(first)
    return True


def meant(board: Board) -> list[Group]:
    """The groups a command is about.

    The outermost of those that are selected whole; without any, the innermost ones
    of the selected nodes.
    """
    tree, chosen = GroupTree(board.graph.groups), board.selection.ids
    whole, hidden = tree.whole(chosen), board.scene.folding.hidden
    ids = [id for id in tree.groups if id in whole]
    ids = [id for id in ids if tree.groups[id].parent not in whole]
    if not ids:
        near = (hidden.get(n) or next(iter(tree.around(n)), None) for n in chosen)
        ids = [id for id in near if id is not None]
    return [tree.groups[id] for id in dict.fromkeys(ids)]
