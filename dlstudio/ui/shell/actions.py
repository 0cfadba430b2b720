"""All actions of the window, in menu order."""

from __future__ import annotations

import re

from dlstudio.i18n import LANGUAGES
from dlstudio.i18n import marked as _
from dlstudio.ui.actions import (
    EDIT_ACTIONS,
    GALLERY_ACTIONS,
    TABLE_ACTIONS,
    UNDO_ACTIONS,
    ZOOM_ACTIONS,
    Action,
)
from dlstudio.ui.model.canvas.input.actions import CANVAS_ACTIONS
from dlstudio.ui.shell.rooms import ROOMS

MENUS = {
    "file": _("&File"),
    "edit": _("&Edit"),
    "view": _("&View"),
    "run": _("&Run"),
    "help": _("&Help"),
}
SUBMENUS = {
    "template": _("New from template"),
    "recent": _("Open recent"),
    "theme": _("Theme"),
    "language": _("Language"),
}


def strip_mnemonic(title: str) -> str:
    """A menu title without its mnemonic: "&File" → "File", "文件(&F)" → "文件"."""
    return re.sub(r"\s*\(&.\)", "", title).replace("&", "")


def _room_action(number: int, key: str, title: str, icon: str) -> Action:
    return Action("view.room", title, (f"Ctrl+{number}",), icon, argument=key)


def _theme_action(name: str, title: str) -> Action:
    words = _("colours colors appearance mode")
    return Action(
        "view.theme", title, argument=name, submenu="theme", group=4, keywords=words
    )


ACTIONS: tuple[Action, ...] = (
    Action("file.new", _("New…"), ("Ctrl+N",), "mdi6.file-plus-outline"),
    Action("file.template", "", submenu="template"),
    Action("file.open", _("Open…"), ("Ctrl+O",), "mdi6.folder-open-outline"),
    Action(
        "file.import_model",
        _("Import Keras model…"),
        icon="mdi6.import",
        keywords=_("open load .keras .h5 SavedModel JSON"),
    ),
    Action(
        "file.view_model",
        _("View converted model…"),
        icon="mdi6.eye-outline",
        keywords=_("open load .tflite .onnx TensorFlow Lite ONNX layers weights"),
    ),
    Action("file.recent", "", submenu="recent"),
    Action("file.save", _("Save"), ("Ctrl+S",), "mdi6.content-save-outline", group=1),
    Action("file.save_as", _("Save as…"), ("Ctrl+Shift+S",), group=1),
    Action("file.rename", _("Rename…"), ("F2",), group=1),
    Action(
        "file.save_script",
        _("Export Python script…"),
        icon="mdi6.code-braces",
        group=2,
    ),
    Action(
        "file.save_drawing",
        _("Save drawing…"),
        icon="mdi6.image-outline",
        group=2,
        keywords=_("export image SVG PNG PDF canvas"),
    ),
    Action(
        "file.trust_code",
        _("Trust code…"),
        icon="mdi6.shield-key-outline",
        group=2,
        keywords=_("custom layers Lambda Python security"),
    ),
    Action(
        "file.preferences",
        _("Preferences…"),
        ("Ctrl+,",),
        "mdi6.cog-outline",
        group=3,
        role="preferences",
        keywords=_("settings options configuration"),
    ),
    Action("file.quit", _("Quit"), ("Ctrl+Q",), group=4, role="quit"),
    *UNDO_ACTIONS,
    *EDIT_ACTIONS,
    *(
        _room_action(number, room.key, room.title, room.icon)
        for number, room in enumerate(ROOMS, 1)
    ),
    Action("view.palette", _("Command palette…"), ("Ctrl+K",), "mdi6.magnify", group=1),
    Action("view.next_pane", _("Next pane"), ("F6",), context="room", group=1),
    Action(
        "view.previous_pane",
        _("Previous pane"),
        ("Shift+F6",),
        context="room",
        group=1,
    ),
    *ZOOM_ACTIONS,
    Action("view.full_screen", _("Full screen"), ("F11",), group=3),
    _theme_action("system", _("Match system")),
    _theme_action("light", _("Light")),
    _theme_action("dark", _("Dark")),
    *(
        Action(
            "view.language",
            name,
            argument=code,
            submenu="language",
            group=4,
            keywords=_("Chinese English"),
        )
        for code, name in LANGUAGES.items()
    ),
    Action("run.train", _("Train"), ("Ctrl+Return",), "mdi6.play"),
    Action(
        "run.queue", _("Add to queue"), ("Ctrl+Shift+Return",), "mdi6.playlist-plus"
    ),
    Action(
        "run.pause",
        _("Pause training"),
        icon="mdi6.pause",
        keywords=_("wait interrupt"),
        group=1,
    ),
    Action(
        "run.resume",
        _("Resume training"),
        icon="mdi6.play",
        keywords=_("continue"),
        group=1,
    ),
    Action(
        "run.stop",
        _("Stop training"),
        icon="mdi6.stop",
        keywords=_("cancel end abort"),
        group=1,
    ),
    Action(
        "run.problems",
        _("Show problems"),
        ("F8",),
        "mdi6.alert-circle-outline",
        group=2,
    ),
    Action(
        "help.guide",
        _("Guide"),
        ("F1",),
        "mdi6.book-open-variant",
        keywords=_("help manual documentation tutorial"),
    ),
    Action(
        "help.what_is_this",
        _("What is this?"),
        ("Shift+F1",),
        "mdi6.help-circle-outline",
    ),
    Action(
        "help.shortcuts",
        _("Keyboard shortcuts"),
        ("Ctrl+F1",),
        "mdi6.keyboard-outline",
        group=1,
    ),
    Action("help.doctor", _("Check system"), icon="mdi6.stethoscope", group=1),
    Action("help.about", _("About dlstudio"), role="about", group=2),
    *CANVAS_ACTIONS,
    *GALLERY_ACTIONS,
    *TABLE_ACTIONS,
)
