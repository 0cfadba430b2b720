"""What the user can do, as data: the one registry of texts, icons and shortcuts.

An action is declared once. The menus, the command palette, the list of shortcuts, the
context menus and the keys of a canvas all read its declaration; what it does is a
`CommandHandler` that its context registers under its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from dlstudio.i18n import _, marked

Context = Literal["application", "room", "canvas", "gallery"]
"""Who does it: the window, the room that is shown, or the canvas or the image gallery
in that room. The shortcuts of these two work while they have the focus, and those of a
canvas come before all others."""
FOCUS_CONTEXTS: Mapping[Context, str] = {
    "canvas": marked("Canvas"),
    "gallery": marked("Images"),
}
"""Contexts whose shortcuts need the focus, each with its title."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the user can do.

    Attributes:
        id: The menu it stands in and a name, as in "file.save"; its `CommandHandler` is
            registered under it.
        text: As shown (translatable); {what} is filled with what its command says.
        shortcuts: Ctrl is the command key on a Mac. The first is shown in menus.
        context: Where it can be done.
        canvas_shortcuts: More shortcuts, for a canvas that has the focus.
        argument: Which `Choice` it stands for.
        submenu: One of the submenus; one that is filled while running has a single
            action.
        group: A separator stands between groups.
        role: What a Mac puts into its own menu: "quit", "about", "preferences".
        keywords: More words the command palette finds it by (translatable).
    """

    id: str
    text: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    context: Context = "application"
    canvas_shortcuts: tuple[str, ...] = ()
    argument: str = ""
    submenu: str = ""
    group: int = 0
    role: str = ""
    keywords: str = ""

    @property
    def menu(self) -> str:
        """The menu it stands in."""
        return self.id.partition(".")[0]

    def plain_text(self) -> str:
        """What it is called, without what it would be done to: "Undo"."""
        return _(self.text).format(what="").strip()

    def keys(self, context: Context) -> tuple[str, ...]:
        """Its shortcuts in a context, the first of them shown there."""
        if self.context in FOCUS_CONTEXTS and self.context != context:
            return ()
        own = self.canvas_shortcuts if context == "canvas" else ()
        return (*own, *self.shortcuts)

    def focus_contexts(self) -> tuple[Context, ...]:
        """The contexts in whose lists of shortcuts it stands."""
        if self.context in FOCUS_CONTEXTS:
            return (self.context,) if self.shortcuts else ()
        return ("canvas",) if self.canvas_shortcuts else ()


@dataclass(frozen=True, slots=True)
class CommandHandler:
    """What an action does.

    Attributes:
        enabled: Whether it can be done now.
        what: What fills {what} in the action's text.
        text: Its text now, for one that does and undoes; None for the action's own.
    """

    run: Callable[[], object]
    enabled: Callable[[], bool] = lambda: True
    what: Callable[[], str] = str
    text: Callable[[], str] | None = None

    def text_of(self, action: Action) -> str:
        """The text of its action as it is now: "Undo Add Conv2D"."""
        if self.text is not None:
            return self.text()
        return _(action.text).format(what=self.what()).strip()


def by_key(actions: Iterable[Action], context: Context) -> dict[str, Action]:
    """The actions of a context by their shortcuts, as Qt writes them."""
    return {key: each for each in actions for key in each.keys(context)}


UNDO_ACTIONS = (
    Action("edit.undo", marked("Undo {what}"), ("Ctrl+Z",), "mdi6.undo"),
    Action("edit.redo", marked("Redo {what}"), ("Ctrl+Shift+Z", "Ctrl+Y"), "mdi6.redo"),
)
EDIT_ACTIONS = (
    Action("edit.cut", marked("Cut"), ("Ctrl+X",), "mdi6.content-cut", "room", group=1),
    Action(
        "edit.copy", marked("Copy"), ("Ctrl+C",), "mdi6.content-copy", "room", group=1
    ),
    Action(
        "edit.paste",
        marked("Paste"),
        ("Ctrl+V",),
        "mdi6.content-paste",
        "room",
        group=1,
    ),
    Action(
        "edit.duplicate",
        marked("Duplicate"),
        ("Ctrl+D",),
        "mdi6.content-duplicate",
        "room",
        group=1,
    ),
    Action("edit.select_all", marked("Select all"), ("Ctrl+A",), "", "room", group=1),
    Action("edit.find", marked("Find…"), ("Ctrl+F",), "mdi6.magnify", "room", group=2),
)
ZOOM_ACTIONS = (
    Action(
        "view.zoom_in",
        marked("Zoom in"),
        ("Ctrl++", "Ctrl+="),
        context="room",
        canvas_shortcuts=("+",),
        group=2,
    ),
    Action(
        "view.zoom_out",
        marked("Zoom out"),
        ("Ctrl+-",),
        context="room",
        canvas_shortcuts=("-",),
        group=2,
    ),
    Action(
        "view.zoom_fit",
        marked("Zoom to fit"),
        ("Ctrl+0",),
        "mdi6.fit-to-page-outline",
        "room",
        ("F",),
        group=2,
    ),
)
EDITOR_ACTIONS = (*UNDO_ACTIONS, *EDIT_ACTIONS, *ZOOM_ACTIONS)
"""Those that every editor may have: a canvas does them too, by these ids."""

GALLERY_ACTIONS = (
    Action(
        "gallery.exclude",
        marked("Exclude"),
        ("Del",),
        "mdi6.eye-off-outline",
        "gallery",
    ),
    Action("gallery.label", marked("Label as…"), ("L",), "mdi6.tag-outline", "gallery"),
    Action("gallery.move_0", marked("Move to training split"), ("1",), "", "gallery"),
    Action("gallery.move_1", marked("Move to validation split"), ("2",), "", "gallery"),
    Action("gallery.move_2", marked("Move to test split"), ("3",), "", "gallery"),
    Action(
        "gallery.move_automatic",
        marked("Split automatically"),
        ("0",),
        "mdi6.undo",
        "gallery",
    ),
    Action(
        "gallery.review",
        marked("Mark findings as reviewed"),
        ("C",),
        "mdi6.check",
        "gallery",
    ),
)
"""What is done to the selected images of the Data room."""
