"""The handlers of the canvas actions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtGui import QGuiApplication

from dlstudio.document.canvas.boxes import GRID
from dlstudio.document.graph import Node
from dlstudio.i18n import _
from dlstudio.ui.actions import CommandHandler
from dlstudio.ui.model.canvas.editing import (
    group_edits,
    nested_model_edits,
    selection_edits,
)
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.input.command_target import CommandTarget

STEPS = {"up": (0, -GRID), "down": (0, GRID), "left": (-GRID, 0), "right": (GRID, 0)}
SIDES = ("left", "center", "right", "top", "middle", "bottom")


def canvas_commands(canvas: CommandTarget) -> Mapping[str, CommandHandler]:
    """Return the handler of each canvas action, by action id."""
    return {
        **_editor_commands(canvas),
        **_layer_commands(canvas),
        **_group_commands(canvas),
        **_layout_commands(canvas),
        **_view_commands(canvas),
    }


def _editor_commands(canvas: CommandTarget) -> Mapping[str, CommandHandler]:
    """Return the handlers of `EDITOR_ACTIONS`."""
    context, view, session = canvas.context, canvas.view, canvas.session
    has_nodes, clipboard = partial(_has_nodes, context), QGuiApplication.clipboard
    edits = selection_edits
    return {
        "edit.undo": CommandHandler(session.undo),
        "edit.redo": CommandHandler(session.redo),
        "edit.cut": CommandHandler(lambda: edits.cut(context, clipboard()), has_nodes),
        "edit.copy": CommandHandler(
            lambda: edits.copy(context, clipboard()), has_nodes
        ),
        "edit.paste": CommandHandler(lambda: canvas.paste()),
        "edit.duplicate": CommandHandler(lambda: edits.duplicate(context), has_nodes),
        "edit.select_all": CommandHandler(lambda: edits.select_all(context)),
        "edit.find": CommandHandler(lambda: canvas.find_bar.open_bar()),
        "view.zoom_in": CommandHandler(lambda: view.zoom(1.25)),
        "view.zoom_out": CommandHandler(lambda: view.zoom(0.8)),
        "view.zoom_fit": CommandHandler(lambda: view.fit()),
    }


def _layer_commands(canvas: CommandTarget) -> Mapping[str, CommandHandler]:
    context, edits = canvas.context, selection_edits
    has_nodes = partial(_has_nodes, context)
    return {
        "canvas.add": CommandHandler(
            lambda: canvas.layer_chooser.open_for_selection(canvas.view)
        ),
        "canvas.connect": CommandHandler(canvas.start_connecting, has_nodes),
        "canvas.open": CommandHandler(canvas.open_selected, has_nodes),
        "canvas.rename": CommandHandler(canvas.rename_selected, has_nodes),
        "canvas.delete": CommandHandler(
            lambda: edits.remove(context), partial(_has_selection, context)
        ),
        "canvas.delete_with_edges": CommandHandler(
            lambda: edits.remove(context, join=False), has_nodes
        ),
        "canvas.freeze": CommandHandler(
            lambda: edits.freeze(context),
            has_nodes,
            text=partial(_freeze_text, context),
        ),
        "canvas.share": CommandHandler(
            lambda: edits.share(context),
            partial(_can_share, context),
            text=partial(_share_text, context),
        ),
        "canvas.save_block": CommandHandler(canvas.save_block, has_nodes),
        "canvas.output": CommandHandler(
            lambda: edits.mark_output(context),
            has_nodes,
            text=partial(_output_text, context),
        ),
    }


def _group_commands(canvas: CommandTarget) -> Mapping[str, CommandHandler]:
    context = canvas.context
    has_nodes, is_grouped = partial(_has_nodes, context), partial(_is_grouped, context)
    return {
        "canvas.group": CommandHandler(lambda: group_edits.group(context), has_nodes),
        "canvas.ungroup": CommandHandler(
            lambda: group_edits.ungroup(context), is_grouped
        ),
        "canvas.remove_from_group": CommandHandler(
            lambda: group_edits.remove_from_group(context),
            lambda: group_edits.can_remove_from_group(context),
        ),
        "canvas.expand_selection": CommandHandler(
            lambda: group_edits.expand_selection(context), is_grouped
        ),
        "canvas.shrink_selection": CommandHandler(
            lambda: group_edits.shrink_selection(context), is_grouped
        ),
        "canvas.collapse": CommandHandler(
            lambda: group_edits.toggle_collapsed(context),
            is_grouped,
            text=partial(_collapse_text, context),
        ),
        "canvas.nest": CommandHandler(
            lambda: nested_model_edits.nest(context), has_nodes
        ),
        "canvas.repeat": CommandHandler(
            lambda: nested_model_edits.repeat(context), has_nodes
        ),
        "canvas.open_layers": CommandHandler(
            canvas.open_layers, lambda: nested_model_edits.is_backbone(context)
        ),
        "canvas.unnest": CommandHandler(
            lambda: nested_model_edits.unnest(context),
            lambda: nested_model_edits.is_nested(context),
        ),
    }


def _layout_commands(canvas: CommandTarget) -> Mapping[str, CommandHandler]:
    context, edits = canvas.context, selection_edits
    has_nodes = partial(_has_nodes, context)
    has_several = partial(_has_several, context)
    align = {
        f"canvas.align_{side}": CommandHandler(
            partial(edits.align, context, side), has_several
        )
        for side in SIDES
    }
    nudge = {
        f"canvas.nudge_{direction}": CommandHandler(
            partial(edits.nudge, context, *step), has_nodes
        )
        for direction, step in STEPS.items()
    }
    return {
        "canvas.arrange": CommandHandler(
            canvas.arrangement.start, lambda: not canvas.arrangement.busy
        ),
        "canvas.compare": CommandHandler(canvas.compare),
        "canvas.draw": CommandHandler(canvas.save_drawing),
        **align,
        "canvas.distribute_across": CommandHandler(
            lambda: edits.distribute(context, across=True), has_several
        ),
        "canvas.distribute_down": CommandHandler(
            lambda: edits.distribute(context, across=False), has_several
        ),
        **nudge,
    }


def _view_commands(canvas: CommandTarget) -> Mapping[str, CommandHandler]:
    go = {f"canvas.{each}": CommandHandler(partial(canvas.go, each)) for each in STEPS}
    return {
        "canvas.fit_selection": CommandHandler(
            canvas.fit_selection, partial(_has_nodes, canvas.context)
        ),
        "canvas.zoom_100": CommandHandler(lambda: canvas.view.zoom_to(1.0)),
        **go,
        "canvas.escape": CommandHandler(canvas.escape),
    }


# -- conditions under which commands are enabled


def _has_nodes(context: EditContext) -> bool:
    return bool(context.selection.ids)


def _has_several(context: EditContext) -> bool:
    return len(context.selection.ids) > 1


def _has_selection(context: EditContext) -> bool:
    return _has_nodes(context) or context.selection.edge is not None


def _is_grouped(context: EditContext) -> bool:
    tree = context.scene.group_layer.tree
    return any(tree.around(id) for id in context.selection.ids)


def _can_share(context: EditContext) -> bool:
    shares = any(node.shares for node in _selected(context))
    return shares or selection_edits.can_share(context)


# -- texts of commands that toggle a state


def _selected(context: EditContext) -> list[Node]:
    return [context.graph.nodes[id] for id in context.selection.ids]


def _freeze_text(context: EditContext) -> str:
    nodes = _selected(context)
    frozen = bool(nodes) and all(node.frozen for node in nodes)
    return _("Unfreeze weights") if frozen else _("Freeze weights")


def _share_text(context: EditContext) -> str:
    shares = any(node.shares for node in _selected(context))
    return _("Use own weights") if shares else _("Share weights")


def _output_text(context: EditContext) -> str:
    nodes, outputs = _selected(context), context.graph.outputs
    marked = bool(nodes) and all(node.id in outputs for node in nodes)
    return _("Unmark as output") if marked else _("Mark as output")


def _collapse_text(context: EditContext) -> str:
    hidden = context.scene.group_layer.hidden
    collapsed = any(node.id in hidden for node in _selected(context))
    return _("Expand group") if collapsed else _("Collapse group")
