"""Rename a node or a fully selected group in place."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF
from PySide6.QtWidgets import QWidget

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.groups import SetGroup
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Group
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.overlays.name_editor import NameEditor
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView

HEIGHT, MIN_WIDTH = 30, 140


def rename(context: EditContext, view: CanvasView, parent: QWidget) -> None:
    """Edit the selected node's or group's name in place.

    Args:
        context: The graph to edit.
        view: Shows the node or group.
        parent: Parent of the view and of the name editor.
    """
    group, current = _whole_group(context), context.selection.current
    if group is not None:
        name, place = group.name, _group_place(context, view, group)
    elif current is not None and current in context.scene.boxes():
        view.scroll_to(current)
        name, place = context.graph.nodes[current].name, view.card_rect(current)
    else:
        return
    width = max(place.width() - 12, MIN_WIDTH)
    field = QRect(place.left() + 8, place.top() + 2, width, HEIGHT)
    field.translate(view.geometry().topLeft())
    editor = NameEditor(context.canvas_style.theme, name, field, parent)
    editor.renamed.connect(
        lambda text: context.do([_edit(context, group, current, text)], _("Rename"))
    )
    editor.done.connect(view.setFocus)


def _edit(
    context: EditContext, group: Group | None, node: str | None, name: str
) -> Edit:
    if group is not None:
        return SetGroup(replace(group, name=name), context.name)
    assert node is not None, "something is renamed"
    return SetParam(node, "name", name, context.name)


def _whole_group(context: EditContext) -> Group | None:
    """Return the outermost group that exactly matches the selection."""
    group_layer, chosen = (
        context.scene.group_layer,
        set(context.selection.ids),
    )
    shown = (*group_layer.frames, *group_layer.collapsed)
    exact = [id for id in shown if chosen == set(group_layer.members(id))]
    exact = [id for id in exact if len(chosen) > 1 or id in group_layer.collapsed]
    first = min(exact, key=lambda id: len(group_layer.tree.path(id)), default=None)
    return group_layer.group(first) if first is not None else None


def _group_place(context: EditContext, view: CanvasView, group: Group) -> QRect:
    group_layer = context.scene.group_layer
    if group.id in group_layer.collapsed:
        return view.card_rect(group_layer.members(group.id)[0])
    header: QRectF = group_layer.frames[group.id].header()
    return view.mapFromScene(header).boundingRect()
