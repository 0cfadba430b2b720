"""Everything the canvas can be told, in one list: keys, menus and the toolbar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio.i18n import marked as _
from dlstudio.ui.model.canvas import editing, grouping, nested
from dlstudio.ui.model.canvas.boxes import GRID
from dlstudio.ui.model.canvas.naming import rename

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.canvas import Canvas

Run = Callable[["Canvas"], object]
When = Callable[["Canvas"], bool]


def _always(_canvas: Canvas) -> bool:
    return True


def _any(canvas: Canvas) -> bool:
    return bool(canvas.board.selection.ids)


def _some(canvas: Canvas) -> bool:
    return len(canvas.board.selection.ids) > 1


def _anything(canvas: Canvas) -> bool:
    return _any(canvas) or canvas.board.selection.link is not None


def _grouped(canvas: Canvas) -> bool:
    folding = canvas.board.scene.folding
    return any(folding.tree.around(id) for id in canvas.board.selection.ids)


def _partly(canvas: Canvas) -> bool:
    return grouping.can_take_out(canvas.board)


def _nested(canvas: Canvas) -> bool:
    return nested.is_nested(canvas.board)


def _sharing(canvas: Canvas) -> bool:
    nodes = canvas.board.graph.nodes
    shares = any(nodes[id].shares for id in canvas.board.selection.ids)
    return shares or editing.can_share(canvas.board)


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
    return lambda c: editing.nudge(c.board, dx * GRID, dy * GRID)


def _align(side: str) -> Run:
    return lambda c: editing.align(c.board, side)


COMMANDS: tuple[Command, ...] = (
    Command("add", _("Add a layer…"), ("A", "Ins"), "mdi6.plus", _always,
            lambda c: c.choosing.next(c.view)),
    Command("connect", _("Connect to…"), ("C",), "mdi6.vector-line", _any,
            lambda c: c.keys.begin_connecting()),
    Command("open", _("Edit"), ("Return", "Enter"), "mdi6.tune", _any,
            lambda c: c.open_selected()),
    Command("rename", _("Rename…"), ("F2",), "mdi6.form-textbox", _any,
            rename),
    Command("cut", _("Cut"), ("Ctrl+X",), "mdi6.content-cut", _any,
            lambda c: editing.cut(c.board, c.clipboard())),
    Command("copy", _("Copy"), ("Ctrl+C",), "mdi6.content-copy", _any,
            lambda c: editing.copy(c.board, c.clipboard())),
    Command("paste", _("Paste"), ("Ctrl+V",), "mdi6.content-paste", _always,
            lambda c: c.paste()),
    Command("duplicate", _("Duplicate"), ("Ctrl+D",), "mdi6.content-duplicate", _any,
            lambda c: editing.duplicate(c.board)),
    Command("delete", _("Delete"), ("Del", "Backspace"),
            "mdi6.delete-outline", _anything, lambda c: editing.remove(c.board)),
    Command("delete_apart", _("Delete with wires"), ("Shift+Del",), "", _any,
            lambda c: editing.remove(c.board, join=False)),
    Command("select_all", _("Select all"), ("Ctrl+A",), "", _always,
            lambda c: editing.select_all(c.board)),
    Command("freeze", _("Freeze weights"), (), "mdi6.snowflake", _any,
            lambda c: editing.freeze(c.board)),
    Command("share", _("Share weights"), (), "mdi6.link-variant", _sharing,
            lambda c: editing.share(c.board)),
    Command("block", _("Keep as own block…"), (), "mdi6.package-variant", _any,
            lambda c: c.keep_block()),
    Command("output", _("Mark as output"), (), "mdi6.export", _any,
            lambda c: editing.mark_output(c.board)),
    Command("group", _("Group"), ("Ctrl+G",), "mdi6.group", _any,
            lambda c: grouping.group(c.board)),
    Command("ungroup", _("Ungroup"), ("Ctrl+Shift+G",), "mdi6.ungroup", _grouped,
            lambda c: grouping.ungroup(c.board)),
    Command("take_out", _("Take out of the group"), (), "", _partly,
            lambda c: grouping.take_out(c.board)),
    Command("widen", _("Select the group around"), ("G",), "", _grouped,
            lambda c: grouping.widen(c.board)),
    Command("narrow", _("Select what is in the group"), ("Shift+G",), "", _grouped,
            lambda c: grouping.narrow(c.board)),
    Command("fold", _("Collapse group"), ("Ctrl+E",),
            "mdi6.arrow-collapse-vertical", _grouped, lambda c: grouping.fold(c.board)),
    Command("nest", _("Make a nested model"), ("Ctrl+M",),
            "mdi6.package-variant-closed", _any, lambda c: nested.nest(c.board)),
    Command("unnest", _("Open up the nested model"), ("Ctrl+Shift+M",), "", _nested,
            lambda c: nested.unnest(c.board)),
    Command("arrange", _("Arrange"), ("Ctrl+Shift+A",), "mdi6.sitemap-outline", _always,
            lambda c: c.arrange()),
    Command("align_left", _("Align left edges"), (),
            "mdi6.align-horizontal-left", _some, _align("left")),
    Command("align_center", _("Align centres"), (),
            "mdi6.align-horizontal-center", _some, _align("center")),
    Command("align_right", _("Align right edges"), (),
            "mdi6.align-horizontal-right", _some, _align("right")),
    Command("align_top", _("Align top edges"), (), "mdi6.align-vertical-top", _some,
            _align("top")),
    Command("align_middle", _("Align middles"), (), "mdi6.align-vertical-center", _some,
            _align("middle")),
    Command("align_bottom", _("Align bottom edges"), (),
            "mdi6.align-vertical-bottom", _some, _align("bottom")),
    Command("distribute_across", _("Distribute across"), (),
            "mdi6.distribute-horizontal-center", _some,
            lambda c: editing.distribute(c.board, across=True)),
    Command("distribute_down", _("Distribute downwards"), (),
            "mdi6.distribute-vertical-center", _some,
            lambda c: editing.distribute(c.board, across=False)),
    Command("find", _("Find…"), ("Ctrl+F",), "mdi6.magnify", _always,
            lambda c: c.finder.open_bar()),
    Command("fit", _("Fit"), ("F", "Ctrl+0"), "mdi6.fit-to-page-outline", _always,
            lambda c: c.view.fit()),
    Command("fit_selection", _("Zoom to selection"), ("Shift+F",), "", _any,
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
    Command("nudge_up", _("Move up"), ("Alt+Up",), "", _any, _nudge(0, -1)),
    Command("nudge_down", _("Move down"), ("Alt+Down",), "", _any, _nudge(0, 1)),
    Command("nudge_left", _("Move left"), ("Alt+Left",), "", _any, _nudge(-1, 0)),
    Command("nudge_right", _("Move right"), ("Alt+Right",), "", _any, _nudge(1, 0)),
    Command("escape", _("Select nothing"), ("Esc",), "", _always, lambda c: c.escape()),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}
BY_KEY = {key: command for command in COMMANDS for key in command.keys}

MENU_NODE = (
    "add connect open rename - cut copy paste duplicate delete - freeze share output - "
    "group ungroup fold take_out - nest unnest block"
)
MENU_SEVERAL = (
    "connect - cut copy paste duplicate delete - freeze share output - "
    "group ungroup fold take_out - nest block - arrange - "
    "> align_left align_center align_right align_top align_middle align_bottom "
    "distribute_across distribute_down"
)
MENU_WIRE = "add - delete"
MENU_EMPTY = "add paste - select_all arrange find - fit zoom_100"
