"""What the command palette offers: actions, layers, projects, templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QKeySequence

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.i18n import _
from dlstudio.ui.shell.actions import MENUS, Action, plain
from dlstudio.ui.shell.commandpalette import Entry
from dlstudio.ui.shell.desk import Desk
from dlstudio.ui.shell.menus import Commands


def all_entries(
    commands: Commands, desk: Desk, add_layer: Callable[[str], None]
) -> Sequence[Entry]:
    """Everything, in the order it is shown while nothing is typed."""
    return [
        *_actions(commands),
        *_templates(desk),
        *_recent(desk),
        *_layers(desk, add_layer),
    ]


def _actions(commands: Commands) -> Sequence[Entry]:
    usual = (
        each
        for each in commands.actions
        if not commands.is_filled(each) and each.id != "view.palette"
    )
    return [
        Entry(
            _action_text(commands, each),
            partial(commands.run, each),
            shortcut_text(each) or plain(_(MENUS[each.menu])),
            each.icon,
            each.text,  # English words are found in every language
            commands.enabled(each),
        )
        for each in usual
    ]


def _action_text(commands: Commands, action: Action) -> str:
    text = commands.text(action)
    if action.id == "view.room":
        return _("Go to {room}").format(room=text)
    if action.id == "view.theme":
        return _("Colours: {choice}").format(choice=text)
    if action.id == "view.language":
        return _("Language: {choice}").format(choice=text)
    return text


def shortcut_text(action: Action) -> str:
    """Its first shortcut as the system writes it, or ""."""
    return native_text(action.shortcuts[0]) if action.shortcuts else ""


def native_text(keys: str) -> str:
    """Keys as the system writes them: "Ctrl+K", on a Mac "⌘K"."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _templates(desk: Desk) -> Sequence[Entry]:
    return [
        Entry(
            _("New project: {name}").format(name=_(str(each.extra["title"]))),
            partial(desk.from_template, each.kind),
            _("Template"),
            "mdi6.file-plus-outline",
            f"{each.name} {_(each.summary)}",
        )
        for each in desk.session.catalog.family("templates")
    ]


def _recent(desk: Desk) -> Sequence[Entry]:
    folders = map(Path, desk.settings.value.recent_projects)
    return [
        Entry(
            _("Open {name}").format(name=each.name),
            partial(desk.open, each),
            str(each.parent),
            "mdi6.history",
        )
        for each in folders
    ]


def _layers(desk: Desk, add_layer: Callable[[str], None]) -> Sequence[Entry]:
    found = []
    for each in desk.session.catalog.placeable():
        category = CATEGORIES.get(each.category)
        found.append(
            Entry(
                _("Add {layer}").format(layer=each.name),
                partial(add_layer, each.kind),
                _(category.title) if category else _("Layer"),
                each.icon or (category.icon if category else "mdi6.cube-outline"),
                f"{each.name} {_(each.summary)}",
                rare=each.family == "ops",
            )
        )
    return found
