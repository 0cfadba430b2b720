"""The entries of the command palette: actions, layers, projects, templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.i18n import Translator, _, all_translators, marked
from dlstudio.ui.actions import FOCUS_CONTEXTS, Action
from dlstudio.ui.model.palette.common_layers import COMMON_LAYERS
from dlstudio.ui.model.palette.layer_search import search_words
from dlstudio.ui.shell.actions import MENUS, SUBMENUS, strip_mnemonic
from dlstudio.ui.shell.command_palette import PaletteEntry
from dlstudio.ui.shell.menus import Commands
from dlstudio.ui.shell.preferences import shown_settings
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.shell.shortcuts import shortcut_text

Languages = Sequence[Translator]


def all_entries(
    commands: Commands,
    controller: ProjectController,
    add_layer: Callable[[str], None],
    show_setting: Callable[[str], None],
) -> Sequence[PaletteEntry]:
    """All entries, in the order shown for an empty query.

    Args:
        commands: The window's actions.
        controller: Opens projects and templates.
        add_layer: Called with the kind of the chosen layer.
        show_setting: Called with the key of the chosen setting.
    """
    languages = all_translators()  # search works in every available language
    return [
        *_actions(commands, languages),
        *_settings(show_setting, languages),
        *_templates(controller, languages),
        *_recent(controller),
        *_layers(controller, add_layer, languages),
        *_focus_actions(commands, languages),
    ]


def _actions(commands: Commands, languages: Languages) -> Sequence[PaletteEntry]:
    usual = (
        each
        for each in commands.actions
        if each.context not in FOCUS_CONTEXTS
        and not commands.is_filled(each)
        and each.id != "view.palette"
    )
    return [
        PaletteEntry(
            _action_text(commands, each),
            partial(commands.run, each),
            shortcut_text(each) or strip_mnemonic(_(MENUS[each.menu])),
            each.icon,
            _in(languages, each.text, each.keywords, SUBMENUS.get(each.submenu, "")),
            commands.enabled(each),
        )
        for each in usual
    ]


def _focus_actions(commands: Commands, languages: Languages) -> Sequence[PaletteEntry]:
    found = []
    for each in commands.actions:
        place = FOCUS_CONTEXTS.get(each.context)
        if place is not None:
            text = _("{place}: {action}").format(
                place=_(place), action=commands.text(each)
            )
            found.append(
                PaletteEntry(
                    text,
                    partial(commands.run, each),
                    shortcut_text(each, each.context) or _(place),
                    each.icon,
                    _in(languages, each.text, each.keywords, place),
                    commands.enabled(each),
                )
            )
    return found


def _action_text(commands: Commands, action: Action) -> str:
    text = commands.text(action)
    if action.id == "view.room":
        return _("Go to {room}").format(room=text)
    if action.id == "view.theme":
        return _("Theme: {choice}").format(choice=text)
    if action.id == "view.language":
        return _("Language: {choice}").format(choice=text)
    return text


def _in(languages: Languages, *texts: str) -> str:
    return " ".join(each.text(text) for each in languages for text in texts if text)


def _settings(
    show: Callable[[str], None], languages: Languages
) -> Sequence[PaletteEntry]:
    return [
        PaletteEntry(
            _("Preferences: {name}").format(name=_(info.title or name)),
            partial(show, name),
            _("Preferences"),
            "mdi6.cog-outline",
            _in(
                languages,
                name.replace("_", " "),
                info.title or "",
                info.description or "",
                marked("Settings"),
            ),
        )
        for name, info in shown_settings().items()
    ]


def _templates(
    controller: ProjectController, languages: Languages
) -> Sequence[PaletteEntry]:
    return [
        PaletteEntry(
            _("New project: {name}").format(name=_(each.title)),
            partial(controller.from_template, each.kind),
            _("Template"),
            "mdi6.file-plus-outline",
            _in(languages, each.name, each.summary),
        )
        for each in controller.session.catalog.family("templates")
    ]


def _recent(controller: ProjectController) -> Sequence[PaletteEntry]:
    folders = map(Path, controller.settings.value.recent_projects)
    return [
        PaletteEntry(
            _("Open {name}").format(name=each.name),
            partial(controller.open, each),
            str(each.parent),
            "mdi6.history",
        )
        for each in folders
    ]


def _layers(
    controller: ProjectController,
    add_layer: Callable[[str], None],
    languages: Languages,
) -> Sequence[PaletteEntry]:
    found = []
    there = controller.session.catalog.placeable()
    for each in sorted(
        there, key=lambda d: COMMON_LAYERS.get(d.kind, len(COMMON_LAYERS))
    ):
        category = CATEGORIES.get(each.category)
        found.append(
            PaletteEntry(
                _("Add {layer}").format(layer=each.name),
                partial(add_layer, each.kind),
                _(category.title) if category else _("Layer"),
                each.icon or (category.icon if category else "mdi6.cube-outline"),
                search_words(each, languages),
                rare=each.family == "ops",
            )
        )
    return found
