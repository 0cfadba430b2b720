"""Context menus, made from the list of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from dlstudio.i18n import _
from dlstudio.ui.model.canvas.commands import (
    BY_ID,
    MENU_EMPTY,
    MENU_NODE,
    MENU_SEVERAL,
    MENU_WIRE,
)
from dlstudio.ui.model.canvas.gestures.base import Spot
from dlstudio.ui.theme.icons import icon

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.canvas import Canvas


def context_menu(canvas: Canvas, spot: Spot) -> QMenu:
    """The menu for what lies at a spot; what is pressed there gets selected."""
    selection, over = canvas.board.selection, spot.over
    if over.link is not None:
        selection.set((), over.link)
        return _menu(canvas, MENU_WIRE, spot)
    pressed: tuple[str, ...] = (over.node,) if over.node else ()
    if over.group:
        pressed = canvas.board.scene.folding.members(over.group)
    if not pressed:
        return _menu(canvas, MENU_EMPTY, spot)
    if not set(pressed) <= set(selection.ids):
        selection.set(pressed)
    return _menu(canvas, MENU_SEVERAL if len(selection.ids) > 1 else MENU_NODE, spot)


def _menu(canvas: Canvas, layout: str, spot: Spot) -> QMenu:
    menu = QMenu(canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    into = menu
    for word in layout.split():
        if word == "-":
            into.addSeparator()
        elif word == ">":
            into = into.addMenu(_("Align"))
        elif word == "insert":
            _add(
                canvas, into, _("Insert a layer…"), "mdi6.plus",
                lambda: canvas.choose_for_wire(spot),
            )  # fmt: skip
        else:
            _add_command(canvas, into, word, spot)
    return menu


def _add_command(canvas: Canvas, menu: QMenu, id: str, spot: Spot) -> None:
    command = BY_ID[id]

    def run() -> None:
        if id == "paste":
            canvas.paste((spot.x, spot.y))
        elif id == "add" and spot.over.empty:
            canvas.choose_at(spot)
        else:
            command.run(canvas)

    action = _add(canvas, menu, _(command.text), command.icon, run)
    if command.keys:
        action.setShortcut(QKeySequence(command.keys[0]))
        # Shown, not active: the view handles its keys itself.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.setEnabled(command.when(canvas))


def _add(
    canvas: Canvas, menu: QMenu, text: str, icon_name: str, run: Callable[[], object]
) -> QAction:
    colors = canvas.board.look.colors
    action = menu.addAction(text)
    if icon_name:
        action.setIcon(icon(icon_name, colors.text_muted, colors.line_strong))
    action.triggered.connect(lambda: run())
    return action
