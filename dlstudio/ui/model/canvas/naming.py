"""Renaming in place: a node, or the group that is selected whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF

from dlstudio.document.edits import Edit, SetGroup, SetParam
from dlstudio.document.graph import Group
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.renamer import Renamer

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.canvas import Canvas

HEIGHT, NARROWEST = 30, 140


def rename(canvas: Canvas) -> None:
    """Edit the name of what is selected where it is shown."""
    board = canvas.board
    group = _whole_group(canvas)
    if group is not None:
        edit = board.name
        _edit(
            canvas,
            group.name,
            _group_place(canvas, group),
            lambda text: SetGroup(replace(group, name=text), edit),
        )
        return
    current = board.selection.current
    if current is None or current not in board.scene.boxes():
        return
    canvas.bring(current)
    name = board.graph.nodes[current].name
    place = canvas.card(current)
    _edit(canvas, name, place, lambda text: SetParam(current, "name", text, board.name))


def _edit(canvas: Canvas, name: str, place: QRect, edit: Callable[[str], Edit]) -> None:
    width = max(place.width() - 12, NARROWEST)
    field = QRect(place.left() + 8, place.top() + 2, width, HEIGHT)
    field.translate(canvas.view.geometry().topLeft())
    editor = Renamer(canvas.board.look.theme, name, field, canvas)
    editor.renamed.connect(lambda text: canvas.board.do([edit(text)], _("Rename")))
    editor.done.connect(canvas.view.setFocus)


def _whole_group(canvas: Canvas) -> Group | None:
    """The group that is selected, neither more nor less; of several the outermost."""
    folding, chosen = canvas.board.scene.folding, set(canvas.board.selection.ids)
    shown = (*folding.frames, *folding.folded)
    exact = [id for id in shown if chosen == set(folding.members(id))]
    exact = [id for id in exact if len(chosen) > 1 or id in folding.folded]
    first = min(exact, key=lambda id: len(folding.tree.path(id)), default=None)
    return folding.group(first) if first is not None else None


def _group_place(canvas: Canvas, group: Group) -> QRect:
    folding = canvas.board.scene.folding
    if group.id in folding.folded:
        return canvas.card(folding.members(group.id)[0])
    header: QRectF = folding.frames[group.id].header()
    return canvas.view.mapFromScene(header).boundingRect()
