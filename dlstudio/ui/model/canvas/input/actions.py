"""Actions that only the canvas has; see `ui.actions` for the shared ones."""

from __future__ import annotations

from dlstudio.i18n import marked as _
from dlstudio.ui.actions import EDITOR_ACTIONS, Action, by_key


def _action(
    name: str, text: str, shortcuts: tuple[str, ...] = (), icon: str = ""
) -> Action:
    icon = icon and f"mdi6.{icon}"
    return Action(f"canvas.{name}", text, shortcuts, icon, "canvas")


CANVAS_ACTIONS: tuple[Action, ...] = (
    _action("add", _("Add layer…"), ("A", "Ins"), "plus"),
    _action("connect", _("Connect to…"), ("C",), "vector-line"),
    _action("open", _("Edit"), ("Return", "Enter"), "tune"),
    _action("rename", _("Rename…"), ("F2",), "form-textbox"),
    _action("delete", _("Delete"), ("Del", "Backspace"), "delete-outline"),
    _action("delete_with_edges", _("Delete with connections"), ("Shift+Del",)),
    _action("freeze", _("Freeze weights"), icon="snowflake"),
    _action("share", _("Share weights"), icon="link-variant"),
    _action("save_block", _("Save as block…"), icon="package-variant"),
    _action("output", _("Mark as output"), icon="export"),
    _action("group", _("Group"), ("Ctrl+G",), "group"),
    _action("ungroup", _("Ungroup"), ("Ctrl+Shift+G",), "ungroup"),
    _action("remove_from_group", _("Remove from group")),
    _action("expand_selection", _("Select enclosing group"), ("G",)),
    _action("shrink_selection", _("Select group contents"), ("Shift+G",)),
    _action("collapse", _("Collapse group"), ("Ctrl+E",), "arrow-collapse-vertical"),
    _action("nest", _("Create nested model"), ("Ctrl+M",), "package-variant-closed"),
    _action("repeat", _("Repeat"), ("R",), "repeat"),
    _action("unnest", _("Expand nested model"), ("Ctrl+Shift+M",)),
    _action("open_layers", _("Open into layers"), icon="layers-triple-outline"),
    _action("compare", _("Compare with…"), icon="compare"),
    _action("draw", _("Save drawing…"), icon="image-outline"),
    _action("arrange", _("Arrange"), ("Ctrl+Shift+A",), "sitemap-outline"),
    _action("align_left", _("Align left edges"), icon="align-horizontal-left"),
    _action("align_center", _("Align centers"), icon="align-horizontal-center"),
    _action("align_right", _("Align right edges"), icon="align-horizontal-right"),
    _action("align_top", _("Align top edges"), icon="align-vertical-top"),
    _action("align_middle", _("Align middles"), icon="align-vertical-center"),
    _action("align_bottom", _("Align bottom edges"), icon="align-vertical-bottom"),
    _action(
        "distribute_across",
        _("Distribute horizontally"),
        icon="distribute-horizontal-center",
    ),
    _action(
        "distribute_down",
        _("Distribute vertically"),
        icon="distribute-vertical-center",
    ),
    _action("fit_selection", _("Zoom to selection"), ("Shift+F",)),
    _action("zoom_100", _("Zoom to 100 %"), ("1",)),
    _action("up", _("Go up"), ("Up",)),
    _action("down", _("Go down"), ("Down",)),
    _action("left", _("Go left"), ("Left",)),
    _action("right", _("Go right"), ("Right",)),
    _action("nudge_up", _("Move up"), ("Alt+Up",)),
    _action("nudge_down", _("Move down"), ("Alt+Down",)),
    _action("nudge_left", _("Move left"), ("Alt+Left",)),
    _action("nudge_right", _("Move right"), ("Alt+Right",)),
    _action("escape", _("Deselect all"), ("Esc",)),
)

_DONE_HERE = (*EDITOR_ACTIONS, *CANVAS_ACTIONS)
BY_ID = {action.id: action for action in _DONE_HERE}
BY_KEY = by_key(_DONE_HERE, "canvas")
