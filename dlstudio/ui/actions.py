"""The registry of user actions: texts, icons and shortcuts.

An action is declared once. The menus, the command palette, the shortcuts dialog, the
context menus and the canvas all read its declaration; its behaviour is a
`CommandHandler` registered under its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from dlstudio.i18n import _, marked

Context = Literal["application", "room", "canvas", "gallery", "table"]
"""Who handles an action: the window, the current room, or the canvas, image gallery or
table in that room. The shortcuts of the latter three work while they have the focus;
those of the canvas and the table take precedence."""
FOCUS_CONTEXTS: Mapping[Context, str] = {
    "canvas": marked("Canvas"),
    "gallery": marked("Images"),
    "table": marked("Table"),
}
"""Titles of the contexts whose shortcuts require the focus."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action available to the user.

    Attributes:
        id: Menu and name, such as "file.save"; the key of its `CommandHandler`.
        text: Displayed text (translatable); {what} is filled in by its handler.
        shortcuts: Ctrl is the command key on macOS. Menus show the first one.
        context: Where the action is available.
        canvas_shortcuts: Additional shortcuts while a canvas has the focus.
        argument: Passed to its `ChoiceHandler`, for one of several choices.
        submenu: Submenu that contains it; a submenu filled at run time has a single
            action.
        group: Menu group; a separator is drawn between groups.
        role: The macOS menu role: "quit", "about" or "preferences".
        keywords: Additional search terms for the command palette (translatable).
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
        """The menu that contains the action."""
        return self.id.partition(".")[0]

    def plain_text(self) -> str:
        """The text without its {what} placeholder: "Undo"."""
        return _(self.text).format(what="").strip()

    def keys(self, context: Context) -> tuple[str, ...]:
        """The shortcuts in a context, the displayed one first."""
        if self.context in FOCUS_CONTEXTS and self.context != context:
            return ()
        own = self.canvas_shortcuts if context == "canvas" else ()
        return (*own, *self.shortcuts)

    def focus_contexts(self) -> tuple[Context, ...]:
        """The contexts whose shortcut lists contain the action."""
        if self.context in FOCUS_CONTEXTS:
            return (self.context,) if self.shortcuts else ()
        return ("canvas",) if self.canvas_shortcuts else ()


@dataclass(frozen=True, slots=True)
class CommandHandler:
    """The behaviour of an action.

    Attributes:
        enabled: Returns whether the action is available now.
        what: Returns the text for {what}.
        text: Returns the current text of a toggle; None for the action's own text.
    """

    run: Callable[[], object]
    enabled: Callable[[], bool] = lambda: True
    what: Callable[[], str] = str
    text: Callable[[], str] | None = None

    def text_of(self, action: Action) -> str:
        """The action's current text: "Undo Add Conv2D"."""
        if self.text is not None:
            return self.text()
        return _(action.text).format(what=self.what()).strip()


def by_key(actions: Iterable[Action], context: Context) -> dict[str, Action]:
    """The actions of a context by shortcut, in Qt's notation."""
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
"""Edit actions common to all editors; a canvas handles them by the same ids."""

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
"""Actions for the selected images of the Data room."""

TABLE_ACTIONS = (
    Action(
        "table.edit",
        marked("Edit cell"),
        ("F2", "Return", "Enter"),
        "mdi6.pencil-outline",
        "table",
    ),
    Action("table.label", marked("Label as…"), ("L",), "mdi6.tag-outline", "table"),
    Action("table.clear", marked("Clear correction"), ("Del",), "mdi6.undo", "table"),
    Action(
        "table.copy", marked("Copy cells"), ("Ctrl+C",), "mdi6.content-copy", "table"
    ),
    Action(
        "table.column",
        marked("Column type…"),
        ("Alt+Down",),
        "mdi6.table-column",
        "table",
    ),
    Action(
        "table.exclude",
        marked("Exclude"),
        ("Ctrl+Del",),
        "mdi6.eye-off-outline",
        "table",
    ),
    Action("table.move_0", marked("Move to training split"), context="table"),
    Action("table.move_1", marked("Move to validation split"), context="table"),
    Action("table.move_2", marked("Move to test split"), context="table"),
    Action(
        "table.move_automatic",
        marked("Split automatically"),
        icon="mdi6.undo",
        context="table",
    ),
)
"""Actions for the selected cells and rows of a table in the Data room."""
