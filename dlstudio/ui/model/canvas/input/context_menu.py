"""Context menus, made from the list of commands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from dlstudio.i18n import _
from dlstudio.ui.model.canvas.gestures.base import Spot
from dlstudio.ui.model.canvas.input.command_target import CommandTarget
from dlstudio.ui.model.canvas.input.commands import (
    BY_ID,
    MENU_EDGE,
    MENU_EMPTY,
    MENU_NODE,
    MENU_SEVERAL,
    Command,
)
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.widgets.buttons import escape_mnemonic


def context_menu(canvas: CommandTarget, spot: Spot, at: QPoint) -> QMenu:
    """The menu for what lies at a spot; what is pressed there gets selected.

    Args:
        at: Where on the screen, for what the menu opens in its turn.
    """
    selection, over = canvas.context.selection, spot.over
    if over.link is not None:
        selection.set((), over.link)
        return _menu(canvas, MENU_EDGE, spot, at)
    pressed: tuple[str, ...] = (over.node,) if over.node else ()
    if over.group:
        pressed = canvas.context.scene.group_layer.members(over.group)
    if not pressed:
        return _menu(canvas, MENU_EMPTY, spot, at)
    if not set(pressed) <= set(selection.ids):
        selection.set(pressed)
    layout = MENU_SEVERAL if len(selection.ids) > 1 else MENU_NODE
    return _menu(canvas, layout, spot, at)


def _menu(canvas: CommandTarget, layout: str, spot: Spot, at: QPoint) -> QMenu:
    menu = QMenu(canvas.view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    into = menu
    for word in layout.split():
        if word == "-":
            into.addSeparator()
        elif word == ">":
            into = into.addMenu(_("Align"))
        else:
            _add(canvas, into, word, _run(canvas, word, spot, at))
    return menu


def _run(
    canvas: CommandTarget, id: str, spot: Spot, at: QPoint
) -> Callable[[], object]:
    """What an entry does; here and not at the selection where that makes sense."""
    place = (spot.x, spot.y)
    link = spot.over.link
    if id == "paste":
        return lambda: canvas.paste(place)
    if id == "add" and link is not None:
        return lambda: canvas.layer_chooser.open_for_edge(at, link)
    if id == "add" and spot.over.empty:
        return lambda: canvas.layer_chooser.open_at(at, place)
    return lambda: BY_ID[id].run(canvas)


def _add(
    canvas: CommandTarget, menu: QMenu, id: str, run: Callable[[], object]
) -> None:
    command, colors = BY_ID[id], canvas.context.canvas_style.colors
    action = menu.addAction(escape_mnemonic(current_text(canvas, command)))
    if command.icon:
        action.setIcon(icon(command.icon, colors.text_muted, colors.line_strong))
    if command.keys:
        action.setShortcut(QKeySequence(command.keys[0]))
        # Shown, not active: the view handles its keys itself.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.setEnabled(command.when(canvas))
    action.triggered.connect(lambda: run())


def current_text(canvas: CommandTarget, command: Command) -> str:
    """A command's text; of those that do and undo, what it would do now."""
    context = canvas.context
    nodes = [context.graph.nodes[id] for id in context.selection.ids]
    if command.id == "freeze" and nodes and all(node.frozen for node in nodes):
        return _("Unfreeze weights")
    if command.id == "share" and any(node.shares for node in nodes):
        return _("Use own weights")
    outputs = context.graph.outputs
    if command.id == "output" and nodes and all(n.id in outputs for n in nodes):
        return _("Unmark as output")
    group_layer = context.scene.group_layer
    if command.id == "collapse" and any(
        node.id in group_layer.hidden for node in nodes
    ):
        return _("Expand group")
    return _(command.text)
