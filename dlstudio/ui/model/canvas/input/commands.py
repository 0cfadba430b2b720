"""Everything the canvas can be told, in one list: keys, menus and the toolbar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication

from dlstudio.i18n import marked as _
from dlstudio.ui.model.canvas.editing import (
    group_edits,
    nested_model_edits,
    selection_edits,
)
from dlstudio.ui.model.canvas.input.command_target import CommandTarget
from dlstudio.ui.model.canvas.layout.boxes import GRID

Run = Callable[[CommandTarget], object]
When = Callable[[CommandTarget], bool]


def _always(_canvas: CommandTarget) -> bool:
    return True


def _has_nodes(canvas: CommandTarget) -> bool:
    return bool(canvas.context.selection.ids)


def _has_several(canvas: CommandTarget) -> bool:
    return len(canvas.context.selection.ids) > 1


def _has_selection(canvas: CommandTarget) -> bool:
    return _has_nodes(canvas) or canvas.context.selection.link is not None


def _is_grouped(canvas: CommandTarget) -> bool:
    group_layer = canvas.context.scene.group_layer
    return any(group_layer.tree.around(id) for id in canvas.context.selection.ids)


def _can_remove_from_group(canvas: CommandTarget) -> bool:
    return group_edits.can_remove_from_group(canvas.context)


def _is_nested(canvas: CommandTarget) -> bool:
    return nested_model_edits.is_nested(canvas.context)


def _can_share(canvas: CommandTarget) -> bool:
    nodes = canvas.context.graph.nodes
    shares = any(nodes[id].shares for id in canvas.context.selection.ids)
    return shares or selection_edits.can_share(canvas.context)


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do.

    Attributes:
        id: Unique name.
        text: As shown (translatable).
        keys: Shortcuts as Qt writes them; the first is shown in menus.
        when: Whether it makes sense now.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    icon: str
    when: When
    run: Run


def _nudge(dx: int, dy: int) -> Run:
    return lambda c: selection_edits.nudge(c.context, dx * GRID, dy * GRID)


def _align(side: str) -> Run:
    return lambda c: selection_edits.align(c.context, side)


COMMANDS: tuple[Command, ...] = (
    Command("add", _("Add layer…"), ("A", "Ins"), "mdi6.plus", _always,
            lambda c: c.layer_chooser.open_for_selection(c.view)),
    Command("connect", _("Connect to…"), ("C",), "mdi6.vector-line", _has_nodes,
            lambda c: c.start_connecting()),
    Command("open", _("Edit"), ("Return", "Enter"), "mdi6.tune", _has_nodes,
            lambda c: c.open_selected()),
    Command("rename", _("Rename…"), ("F2",), "mdi6.form-textbox", _has_nodes,
            lambda c: c.rename_selected()),
    Command("cut", _("Cut"), ("Ctrl+X",), "mdi6.content-cut", _has_nodes,
            lambda c: selection_edits.cut(c.context, QGuiApplication.clipboard())),
    Command("copy", _("Copy"), ("Ctrl+C",), "mdi6.content-copy", _has_nodes,
            lambda c: selection_edits.copy(c.context, QGuiApplication.clipboard())),
    Command("paste", _("Paste"), ("Ctrl+V",), "mdi6.content-paste", _always,
            lambda c: c.paste()),
    Command("duplicate", _("Duplicate"), ("Ctrl+D",),
            "mdi6.content-duplicate", _has_nodes,
            lambda c: selection_edits.duplicate(c.context)),
    Command("delete", _("Delete"), ("Del", "Backspace"),
            "mdi6.delete-outline", _has_selection,
            lambda c: selection_edits.remove(c.context)),
    Command("delete_with_edges", _("Delete with connections"), ("Shift+Del",), "",
            _has_nodes,
            lambda c: selection_edits.remove(c.context, join=False)),
    Command("select_all", _("Select all"), ("Ctrl+A",), "", _always,
            lambda c: selection_edits.select_all(c.context)),
    Command("freeze", _("Freeze weights"), (), "mdi6.snowflake", _has_nodes,
            lambda c: selection_edits.freeze(c.context)),
    Command("share", _("Share weights"), (), "mdi6.link-variant", _can_share,
            lambda c: selection_edits.share(c.context)),
    Command("save_block", _("Save as block…"), (),
            "mdi6.package-variant", _has_nodes,
            lambda c: c.save_block()),
    Command("output", _("Mark as output"), (), "mdi6.export", _has_nodes,
            lambda c: selection_edits.mark_output(c.context)),
    Command("group", _("Group"), ("Ctrl+G",), "mdi6.group", _has_nodes,
            lambda c: group_edits.group(c.context)),
    Command("ungroup", _("Ungroup"), ("Ctrl+Shift+G",), "mdi6.ungroup", _is_grouped,
            lambda c: group_edits.ungroup(c.context)),
    Command("remove_from_group", _("Remove from group"), (), "",
            _can_remove_from_group,
            lambda c: group_edits.remove_from_group(c.context)),
    Command("expand_selection", _("Select enclosing group"), ("G",), "", _is_grouped,
            lambda c: group_edits.expand_selection(c.context)),
    Command("shrink_selection", _("Select group contents"), ("Shift+G",),
            "", _is_grouped,
            lambda c: group_edits.shrink_selection(c.context)),
    Command("collapse", _("Collapse group"), ("Ctrl+E",),
            "mdi6.arrow-collapse-vertical", _is_grouped,
            lambda c: group_edits.toggle_collapsed(c.context)),
    Command("nest", _("Create nested model"), ("Ctrl+M",),
            "mdi6.package-variant-closed", _has_nodes,
            lambda c: nested_model_edits.nest(c.context)),
    Command("unnest", _("Expand nested model"), ("Ctrl+Shift+M",), "", _is_nested,
            lambda c: nested_model_edits.unnest(c.context)),
    Command("arrange", _("Arrange"), ("Ctrl+Shift+A",), "mdi6.sitemap-outline", _always,
            lambda c: c.arrange()),
    Command("align_left", _("Align left edges"), (),
            "mdi6.align-horizontal-left", _has_several, _align("left")),
    Command("align_center", _("Align centers"), (),
            "mdi6.align-horizontal-center", _has_several, _align("center")),
    Command("align_right", _("Align right edges"), (),
            "mdi6.align-horizontal-right", _has_several, _align("right")),
    Command("align_top", _("Align top edges"), (),
            "mdi6.align-vertical-top", _has_several,
            _align("top")),
    Command("align_middle", _("Align middles"), (),
            "mdi6.align-vertical-center", _has_several,
            _align("middle")),
    Command("align_bottom", _("Align bottom edges"), (),
            "mdi6.align-vertical-bottom", _has_several, _align("bottom")),
    Command("distribute_across", _("Distribute horizontally"), (),
            "mdi6.distribute-horizontal-center", _has_several,
            lambda c: selection_edits.distribute(c.context, across=True)),
    Command("distribute_down", _("Distribute vertically"), (),
            "mdi6.distribute-vertical-center", _has_several,
            lambda c: selection_edits.distribute(c.context, across=False)),
    Command("find", _("Find…"), ("Ctrl+F",), "mdi6.magnify", _always,
            lambda c: c.find_bar.open_bar()),
    Command("fit", _("Zoom to fit"), ("F", "Ctrl+0"),
            "mdi6.fit-to-page-outline", _always,
            lambda c: c.view.fit()),
    Command("fit_selection", _("Zoom to selection"), ("Shift+F",), "", _has_nodes,
            lambda c: c.fit_selection()),
    Command("zoom_in", _("Zoom in"), ("Ctrl++", "Ctrl+=", "+"), "", _always,
            lambda c: c.view.zoom(1.25)),
    Command("zoom_out", _("Zoom out"), ("Ctrl+-", "-"), "", _always,
            lambda c: c.view.zoom(0.8)),
    Command("zoom_100", _("Zoom to 100 %"), ("1",), "", _always,
            lambda c: c.view.zoom_to(1.0)),
    Command("undo", _("Undo"), ("Ctrl+Z",), "mdi6.undo", _always,
            lambda c: c.session.undo()),
    Command("redo", _("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "mdi6.redo", _always,
            lambda c: c.session.redo()),
    Command("up", _("Go up"), ("Up",), "", _always, lambda c: c.go("up")),
    Command("down", _("Go down"), ("Down",), "", _always, lambda c: c.go("down")),
    Command("left", _("Go left"), ("Left",), "", _always, lambda c: c.go("left")),
    Command("right", _("Go right"), ("Right",), "", _always, lambda c: c.go("right")),
    Command("nudge_up", _("Move up"), ("Alt+Up",), "", _has_nodes, _nudge(0, -1)),
    Command("nudge_down", _("Move down"), ("Alt+Down",), "", _has_nodes, _nudge(0, 1)),
    Command("nudge_left", _("Move left"), ("Alt+Left",), "", _has_nodes, _nudge(-1, 0)),
    Command("nudge_right", _("Move right"), ("Alt+Right",), "", _has_nodes,
            _nudge(1, 0)),
    Command("escape", _("Deselect all"), ("Esc",), "", _always, lambda c: c.escape()),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}
BY_KEY = {key: command for command in COMMANDS for key in command.keys}

MENU_NODE = (
    "add connect open rename - cut copy paste duplicate delete - freeze share output - "
    "group ungroup collapse remove_from_group - nest unnest save_block"
)
MENU_SEVERAL = (
    "connect - cut copy paste duplicate delete - freeze share output - "
    "group ungroup collapse remove_from_group - nest save_block - arrange - "
    "> align_left align_center align_right align_top align_middle align_bottom "
    "distribute_across distribute_down"
)
MENU_EDGE = "add - delete"
MENU_EMPTY = "add paste - select_all arrange find - fit zoom_100"
