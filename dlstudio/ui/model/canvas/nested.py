"""Turning layers into a model of their own on the canvas, and back."""

from __future__ import annotations

from dlstudio.document.groups import GroupTree
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model import nesting, unnesting
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.nested_kinds import graph_of

BLOCK = "block"  # what a model is called that was no group


def nest(board: Board) -> bool:
    """Put one node in the place of the selected ones, which become a model."""
    ids = set(board.selection.ids)
    tree = GroupTree(board.graph.groups)
    exact = [id for id in tree.groups if set(tree.nodes(id)) == ids]
    name = tree.groups[exact[0]].name if exact else BLOCK
    project = board.studio.session.project
    try:
        reports = board.scene.reports.nodes
        made = nesting.nest(project, board.name, ids, name, reports)
    except UserError as error:
        board.studio.notices.error(error)
        return False
    return _done(board, made, _("Make a nested model"))


def unnest(board: Board) -> bool:
    """Put the layers of the selected nested model in its place."""
    id = board.selection.current
    if id is None or not graph_of(board.graph.nodes[id]):
        return False
    last = board.studio.engine.last
    reports = last.nodes if last is not None else {}
    project = board.studio.session.project
    try:
        made = unnesting.unnest(project, board.name, id, reports)
    except UserError as error:
        board.studio.notices.error(error)
        return False
    return _done(board, made, _("Open up the nested model"))


def _done(board: Board, made: nesting.Made, name: str) -> bool:
    if not board.do(made.edits, name):
        return False
    board.selection.set(made.ids)
    return True


def is_nested(board: Board) -> bool:
    """Whether one nested model is selected."""
    ids = board.selection.ids
    return len(ids) == 1 and bool(graph_of(board.graph.nodes[ids[0]]))
