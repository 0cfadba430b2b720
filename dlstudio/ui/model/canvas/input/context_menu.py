"""Context menus built from the action registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from dlstudio.i18n import _
from dlstudio.ui.actions import Action, CommandHandler
from dlstudio.ui.model.canvas.gestures.base import Spot
from dlstudio.ui.model.canvas.input.actions import BY_ID
from dlstudio.ui.model.canvas.input.command_target import CommandTarget
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.widgets.buttons import escape_mnemonic

CLIPBOARD = ("edit.cut", "edit.copy", "edit.paste", "edit.duplicate", "canvas.delete")
GROUP = (
    "canvas.group",
    "canvas.ungroup",
    "canvas.collapse",
    "canvas.remove_from_group",
)
ALIGN = (
    "canvas.align_left",
    "canvas.align_center",
    "canvas.align_right",
    "canvas.align_top",
    "canvas.align_middle",
    "canvas.align_bottom",
    "canvas.distribute_across",
    "canvas.distribute_down",
)
# Each tuple of ids is a section of a menu.
OF_NODE = (
    ("canvas.add", "canvas.connect", "canvas.open", "canvas.rename"),
    CLIPBOARD,
    ("canvas.freeze", "canvas.share", "canvas.output"),
    GROUP,
    ("canvas.nest", "canvas.repeat", "canvas.unnest", "canvas.save_block"),
    ("canvas.open_layers",),
)
OF_SEVERAL = (
    ("canvas.connect",),
    CLIPBOARD,
    ("canvas.freeze", "canvas.share", "canvas.output"),
    GROUP,
    ("canvas.nest", "canvas.repeat", "canvas.save_block"),
    ("canvas.arrange",),
)
OF_EDGE = (("canvas.add",), ("canvas.delete",))
OF_EMPTY_SPACE = (
    ("canvas.add", "edit.paste"),
    ("edit.select_all", "canvas.arrange", "edit.find"),
    ("view.zoom_fit", "canvas.zoom_100"),
    ("canvas.compare", "canvas.draw"),
)


class ContextMenu:
    """Creates the context menus of one canvas."""

    def __init__(
        self, canvas: CommandTarget, commands: Mapping[str, CommandHandler]
    ) -> None:
        self._canvas = canvas
        self._commands = commands

    def at(self, spot: Spot, place: QPoint) -> QMenu:
        """Return the menu for a spot, and select what is under it.

        Args:
            place: The position in global coordinates, for popups the menu opens.
        """
        selection, over = self._canvas.context.selection, spot.over
        if over.edge is not None:
            selection.set((), over.edge)
            return self._menu(OF_EDGE, spot, place)
        pressed: tuple[str, ...] = (over.node,) if over.node else ()
        if over.group:
            pressed = self._canvas.context.scene.group_layer.members(over.group)
        if not pressed:
            return self._menu(OF_EMPTY_SPACE, spot, place)
        if not set(pressed) <= set(selection.ids):
            selection.set(pressed)
        several = len(selection.ids) > 1
        menu = self._menu(OF_SEVERAL if several else OF_NODE, spot, place)
        if several:
            menu.addSeparator()
            self._fill(menu.addMenu(_("Align")), ALIGN, spot, place)
        return menu

    def _menu(
        self, sections: tuple[tuple[str, ...], ...], spot: Spot, place: QPoint
    ) -> QMenu:
        menu = QMenu(self._canvas.view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for ids in sections:
            if menu.actions():
                menu.addSeparator()
            self._fill(menu, ids, spot, place)
        return menu

    def _fill(
        self, menu: QMenu, ids: tuple[str, ...], spot: Spot, place: QPoint
    ) -> None:
        for id in ids:
            self._add(menu, BY_ID[id], self._run(id, spot, place))

    def _run(self, id: str, spot: Spot, place: QPoint) -> Callable[[], object]:
        """Return an entry's handler; entries that add or paste act at the spot."""
        canvas, here, edge = self._canvas, (spot.x, spot.y), spot.over.edge
        if id == "edit.paste":
            return lambda: canvas.paste(here)
        if id == "canvas.add" and edge is not None:
            return lambda: canvas.layer_chooser.open_for_edge(place, edge)
        if id == "canvas.add" and spot.over.empty:
            return lambda: canvas.layer_chooser.open_at(place, here)
        return self._commands[id].run

    def _add(self, menu: QMenu, action: Action, run: Callable[[], object]) -> None:
        command = self._commands[action.id]
        colors = self._canvas.context.canvas_style.colors
        made = menu.addAction(escape_mnemonic(command.text_of(action)))
        if action.icon:
            made.setIcon(icon(action.icon, colors.text_muted, colors.line_strong))
        keys = action.keys("canvas")
        if keys:
            made.setShortcut(QKeySequence(keys[0]))
            # Displayed only: the view handles the shortcuts itself.
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        made.setEnabled(command.enabled())
        made.triggered.connect(lambda: run())
