"""Grouping nodes, folding groups into one box, dissolving them."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.edits import GroupNodes, Ungroup
from dlstudio.document.graph import Group
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.clipboard import fresh_group_id


def group(board: Board) -> bool:
    """Put the selected nodes into a group."""
    ids = board.selection.ids
    if not ids:
        return False
    id = fresh_group_id(each.id for each in board.graph.groups)
    number = id.rpartition("_")[2]
    made = Group(id, _("Group {number}").format(number=number), ids)
    return board.do([GroupNodes(made, board.name)], _("Group"))


def ungroup(board: Board) -> bool:
    """Dissolve the groups of the selected nodes."""
    edits = [Ungroup(each.id, board.name) for each in _groups(board)]
    return board.do(edits, _("Ungroup"))


def fold(board: Board, id: str | None = None) -> bool:
    """Fold a group, or the selected nodes' groups, into one box; or open it."""
    groups = [g for g in board.graph.groups if g.id == id] if id else _groups(board)
    if not groups:
        return False
    folded = not groups[0].collapsed
    edits = [GroupNodes(replace(g, collapsed=folded), board.name) for g in groups]
    return board.do(edits, _("Collapse group") if folded else _("Open group"))


def _groups(board: Board) -> list[Group]:
    chosen = set(board.selection.ids)
    return [g for g in board.graph.groups if not chosen.isdisjoint(g.nodes)]
