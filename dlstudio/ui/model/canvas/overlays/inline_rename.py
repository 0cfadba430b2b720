"""Renaming in place: a node, or the group that is selected whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.groups import SetGroup
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Group
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.overlays.name_editor import NameEditor

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.editor import CanvasEditor

HEIGHT, MIN_WIDTH = 30, 140


def rename(canvas: CanvasEditor) -> None:
    """Edit the name of what is selected where it is shown."""
    context = canvas.context
    group = _whole_group(canvas)
    if group is not None:
        edit = context.name
        _edit(
            canvas,
            group.name,
            _group_place(canvas, group),
            lambda text: SetGroup(replace(group, name=text), edit),
        )
        return
    current = context.selection.current
    if current is None or current not in context.scene.boxes():
        return
    canvas.scroll_to(current)
    name = context.graph.nodes[current].name
    place = canvas.card_rect(current)
    _edit(
        canvas, name, place, lambda text: SetParam(current, "name", text, context.name)
    )


def _edit(
    canvas: CanvasEditor, name: str, place: QRect, edit: Callable[[str], Edit]
) -> None:
    width = max(place.width() - 12, MIN_WIDTH)
    field = QRect(place.left() + 8, place.top() + 2, width, HEIGHT)
    field.translate(canvas.view.geometry().topLeft())
    editor = NameEditor(canvas.context.canvas_style.theme, name, field, canvas)
    editor.renamed.connect(lambda text: canvas.context.do([edit(text)], _("Rename")))
    editor.done.connect(canvas.view.setFocus)


def _whole_group(canvas: CanvasEditor) -> Group | None:
    """The group that is selected, neither more nor less; of several the outermost."""
    group_layer, chosen = (
        canvas.context.scene.group_layer,
        set(canvas.context.selection.ids),
    )
    shown = (*group_layer.frames, *group_layer.collapsed)
    exact = [id for id in shown if chosen == set(group_layer.members(id))]
    exact = [id for id in exact if len(chosen) > 1 or id in group_layer.collapsed]
    first = min(exact, key=lambda id: len(group_layer.tree.path(id)), default=None)
    return group_layer.group(first) if first is not None else None


def _group_place(canvas: CanvasEditor, group: Group) -> QRect:
    group_layer = canvas.context.scene.group_layer
    if group.id in group_layer.collapsed:
        return canvas.card_rect(group_layer.members(group.id)[0])
    header: QRectF = group_layer.frames[group.id].header()
    return canvas.view.mapFromScene(header).boundingRect()
