"""Menus and shortcuts created from the list of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from dlstudio.i18n import _
from dlstudio.ui.actions import Action, CommandHandler
from dlstudio.ui.room_capabilities import HasCommands
from dlstudio.ui.shell.actions import MENUS, SUBMENUS
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import escape_mnemonic

ROLES = {
    "quit": QAction.MenuRole.QuitRole,
    "about": QAction.MenuRole.AboutRole,
    "preferences": QAction.MenuRole.PreferencesRole,
}


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """An entry of a submenu that is filled at run time."""

    text: str
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class ChoiceHandler:
    """The handler of actions that share an id and each represent one choice.

    Attributes:
        run: Applies a choice; called with the action's argument.
        is_taken: Whether an argument is the current choice.
    """

    run: Callable[[str], object]
    is_taken: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class SubmenuHandler:
    """The handler of a submenu that is filled at run time."""

    choices: Callable[[], Sequence[MenuChoice]]


Handler = CommandHandler | ChoiceHandler | SubmenuHandler


class Commands:
    """Runs actions through their handlers.

    Args:
        actions: All actions.
        handlers: Handlers of application-wide actions by id.
        room: Returns the current room, which handles all other actions if it can.

    Raises:
        KeyError: An application-wide action has no handler.
    """

    def __init__(
        self,
        actions: Sequence[Action],
        handlers: Mapping[str, Handler],
        room: Callable[[], QWidget],
    ) -> None:
        self.actions = tuple(actions)
        self._handlers = {
            each.id: handlers[each.id]
            for each in actions
            if each.context == "application"
        }
        self._room = room

    def text(self, action: Action) -> str:
        """The action's current text, as in "Undo Add Conv2D"."""
        handler = self._handler(action)
        if isinstance(handler, CommandHandler):
            return handler.text_of(action)
        return action.plain_text()

    def offered(self, action: Action) -> bool:
        """Whether the window or the current room supports the action."""
        return self._handler(action) is not None

    def enabled(self, action: Action) -> bool:
        """Whether the action is available now."""
        handler = self._handler(action)
        if isinstance(handler, CommandHandler):
            return handler.enabled()
        return handler is not None

    def _handler(self, action: Action) -> Handler | None:
        if action.context == "application":
            return self._handlers[action.id]
        room = self._room()
        return room.commands().get(action.id) if isinstance(room, HasCommands) else None

    def is_choice(self, action: Action) -> bool:
        """Whether the action is one of several exclusive choices."""
        return isinstance(self._handlers.get(action.id), ChoiceHandler)

    def checked(self, action: Action) -> bool:
        """Whether the action is the current choice."""
        handler = self._handlers.get(action.id)
        return isinstance(handler, ChoiceHandler) and handler.is_taken(action.argument)

    def run(self, action: Action) -> None:
        """Run an action."""
        handler = self._handler(action)
        if isinstance(handler, CommandHandler) and handler.enabled():
            handler.run()
        elif isinstance(handler, ChoiceHandler):
            handler.run(action.argument)

    def choices(self, action: Action) -> Sequence[MenuChoice]:
        """The entries of its submenu; empty for an ordinary action."""
        handler = self._handlers.get(action.id)
        return handler.choices() if isinstance(handler, SubmenuHandler) else ()

    def is_filled(self, action: Action) -> bool:
        """Whether it is a submenu that is filled at run time."""
        return isinstance(self._handlers.get(action.id), SubmenuHandler)


class MenuBar(QMenuBar):
    """The menus; their contents are updated when they open."""

    def __init__(self, theme: Theme, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._commands = commands
        self.actions_by_id: dict[tuple[str, str], QAction] = {}
        self._menus = {key: self.addMenu(_(title)) for key, title in MENUS.items()}
        self._submenus: dict[str, QMenu] = {}
        self._groups: dict[QMenu, int] = {}
        for action in commands.actions:
            if action.menu in MENUS:
                self._add(action)
        for menu in self._menus.values():
            menu.aboutToShow.connect(self.refresh)

    def refresh(self) -> None:
        """Update texts, enabled and checked states."""
        for action in self._commands.actions:
            made = self.actions_by_id.get((action.id, action.argument))
            if made is None:
                continue
            made.setText(escape_mnemonic(self._commands.text(action)))
            made.setEnabled(self._is_enabled(action))
            made.setChecked(self._commands.checked(action))

    def _is_enabled(self, action: Action) -> bool:
        """Room actions stay enabled: menus are not notified of selection changes, and
        the shortcut of a disabled action does nothing.
        """
        if action.context == "room":
            return self._commands.offered(action)
        return self._commands.enabled(action)

    def _add(self, action: Action) -> None:
        menu = self._menus[action.menu]
        if self._groups.setdefault(menu, 0) != action.group:
            self._groups[menu] = action.group
            menu.addSeparator()
        if action.submenu:
            menu = self._submenu(menu, action)
        if self._commands.is_filled(action):
            menu.aboutToShow.connect(_SubmenuFiller(self._commands, action, menu).fill)
            return
        made = QAction(escape_mnemonic(action.plain_text()), self)
        made.setShortcuts([QKeySequence(each) for each in action.shortcuts])
        made.setMenuRole(ROLES.get(action.role, QAction.MenuRole.NoRole))
        made.setCheckable(self._commands.is_choice(action))
        if action.icon:
            c = self._theme.colors
            made.setIcon(icon(action.icon, c.text_muted, c.line_strong))
        made.triggered.connect(_ActionTrigger(self._commands, action, made).run)
        menu.addAction(made)
        self.actions_by_id[action.id, action.argument] = made

    def _submenu(self, menu: QMenu, action: Action) -> QMenu:
        if action.submenu not in self._submenus:
            self._submenus[action.submenu] = menu.addMenu(_(SUBMENUS[action.submenu]))
        return self._submenus[action.submenu]


class _ActionTrigger(QObject):
    """A child of the QAction, so that both have the same lifetime."""

    def __init__(self, commands: Commands, action: Action, parent: QObject) -> None:
        super().__init__(parent)
        self._commands = commands
        self._action = action

    def run(self, _checked: bool = False) -> None:
        self._commands.run(self._action)


class _SubmenuFiller(QObject):
    def __init__(self, commands: Commands, action: Action, menu: QMenu) -> None:
        super().__init__(menu)
        self._commands = commands
        self._action = action
        self._menu = menu

    def fill(self) -> None:
        self._menu.clear()
        for choice in self._commands.choices(self._action):
            made = self._menu.addAction(escape_mnemonic(choice.text))
            made.triggered.connect(choice.run)
        if self._menu.isEmpty():
            self._menu.addAction(_("None yet")).setEnabled(False)
