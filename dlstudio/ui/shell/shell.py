"""The shell: composes rooms, menus and dialogs, and recreates them when necessary."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.graph import Node
from dlstudio.errors import UserError
from dlstudio.i18n import _, preferred_language, translator
from dlstudio.ui.guide.opener import GuideOpener
from dlstudio.ui.room_capabilities import MODEL, C, Destination
from dlstudio.ui.shell.actions import ACTIONS
from dlstudio.ui.shell.code_trust import CodeTrust
from dlstudio.ui.shell.command_palette import CommandPalette, PaletteEntry
from dlstudio.ui.shell.content import WindowContent
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.dialogs import (
    AboutDialog,
    DoctorDialog,
    ModelessDialog,
    ShortcutsDialog,
)
from dlstudio.ui.shell.engine_status import EngineStatus
from dlstudio.ui.shell.handlers import (
    EditCommands,
    FileCommands,
    HelpCommands,
    RunCommands,
    ViewCommands,
)
from dlstudio.ui.shell.menus import Commands, MenuBar
from dlstudio.ui.shell.model_import import ModelImport
from dlstudio.ui.shell.model_viewer import ModelViewer
from dlstudio.ui.shell.notice_stack import NoticeStack
from dlstudio.ui.shell.palette_entries import all_entries
from dlstudio.ui.shell.preferences import PreferencesDialog
from dlstudio.ui.shell.pretrained_prompt import PretrainedPrompt
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.shell.qt_translations import QtTranslations
from dlstudio.ui.shell.recovery import Autosave
from dlstudio.ui.shell.rooms import RoomDescription
from dlstudio.ui.shell.script_import import ScriptImport
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.style import apply_theme, choose_theme

FIRST_ROOM = "start"


class Shell(QObject):
    """Executes the actions. Everything visible is derived from the session's state.

    Args:
        core: The window's services.
        rooms: Descriptions of the rooms.
        window: The main window.
    """

    def __init__(
        self, core: Core, rooms: Sequence[RoomDescription], window: QMainWindow
    ) -> None:
        super().__init__(window)
        self.core = core
        self._rooms = tuple(rooms)
        self._window = window
        self._dialogs: dict[str, ModelessDialog] = {}
        self._language = core.language
        self.guide = GuideOpener(core.session.catalog, window)
        self.autosave = Autosave(
            core.session,
            core.files,
            core.notices,
            core.recovery,
            core.settings.value.autosave_seconds,
            self,
        )
        self.controller = ProjectController(core, self.autosave, window)
        self._run_commands = RunCommands(self)
        handlers = {
            **FileCommands(self).commands(),
            **EditCommands(self).commands(),
            **ViewCommands(self).commands(),
            **self._run_commands.commands(),
            **HelpCommands(self).commands(),
        }
        self.commands = Commands(ACTIONS, handlers, self.room)
        self.engine_status = EngineStatus(core, self)
        self.qt_translations = QtTranslations(core.app, self)
        self._apply_appearance()
        self._container = QWidget()
        QVBoxLayout(self._container).setContentsMargins(0, 0, 0, 0)
        window.setCentralWidget(self._container)
        self.notices = NoticeStack(core.notices, self.theme, window)
        self._build_content(FIRST_ROOM)
        self.pretrained = PretrainedPrompt(core, lambda: self.theme, self.set, window)
        self.script_import = ScriptImport(
            core, lambda: self.theme, self.controller, window
        )
        self.code_trust = CodeTrust(
            core, lambda: self.theme, self.engine_status.request_analysis, window
        )
        self.model_import = ModelImport(
            core, lambda: self.theme, self.controller, window, self.code_trust
        )
        self.model_import.script_chosen.connect(self.script_import.start)
        self.model_viewer = ModelViewer(core, lambda: self.theme, window)
        self.controller.opened.connect(self.go)
        core.session.opened.connect(self._forget_project)
        core.app.styleHints().colorSchemeChanged.connect(self._system_colors_changed)

    def go(self, key: str) -> None:
        """Show a room."""
        self.content.rooms.go(key)

    def visit(self, place: Destination[C], ask: Callable[[C], None], /) -> bool:
        """Show a room; call `ask` with it and return True if it has the capability."""
        self.go(place.key)
        room = self.room()
        if not isinstance(room, place.capability):
            return False
        ask(room)
        return True

    def room_key(self) -> str:
        """The key of the current room."""
        return self.content.rooms.key

    def room(self) -> QWidget:
        """The widget of the current room."""
        return self.content.rooms.current()

    def set(self, **values: object) -> None:
        """Change settings and apply them."""
        settings = self.core.settings
        before = settings.value
        spoken = translator.language
        try:
            after = settings.change(**values)
        except UserError as error:
            self.core.notices.error(error)
            return
        self.autosave.set_seconds(after.autosave_seconds)
        if after.live_shapes and not before.live_shapes:
            self.engine_status.request_analysis()
        if "language" in values:  # from now on the setting takes precedence
            self._language = ""
        language = self._wanted_language()
        if spoken != language:
            self.notices.end_passing()
        if (spoken, before.theme) != (language, after.theme):
            self.rebuild()
        if spoken != language:
            self.engine_status.request_analysis()  # problems in the new language

    def rebuild(self) -> None:
        """Recreate the window's content in the current language and theme."""
        shown = tuple(self._dialogs)
        focused = ""
        for dialog in tuple(self._dialogs.values()):
            if isinstance(dialog, PreferencesDialog):
                focused = dialog.focused()
            dialog.close()
        self._dialogs.clear()
        self._apply_appearance()
        self.core.activity.retranslate()
        key = self.room_key()
        self.notices.detach()
        for old in (self.content, self.palette, self.menus):
            old.hide()
            old.deleteLater()
        self._build_content(key)
        for name in shown:
            self.show_dialog(name)
            again = self._dialogs[name]
            if isinstance(again, PreferencesDialog):
                again.focus(focused)
        self.guide.rebuild(self.theme)

    def add_layer(self, kind: str) -> None:
        """Add a layer to the model through the Model room."""
        if self.visit(MODEL, lambda room: room.add_layer(kind)):
            return
        session = self.core.session
        description = session.catalog[kind]
        graph = session.project.model
        node = Node(graph.unique_id(description.name.lower()), kind)
        text = _("Add {layer}").format(layer=description.name)
        session.do(AddNode(node), text)

    def show_palette(self) -> None:
        """Open the command palette."""
        self.palette.open()

    def show_dialog(self, name: str) -> None:
        """Open "preferences", "shortcuts", "about" or "doctor"; one of each."""
        if name not in self._dialogs:
            dialog = self._dialog(name)
            dialog.finished.connect(lambda: self._dialogs.pop(name, None))
            self._dialogs[name] = dialog
        dialog = self._dialogs[name]
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def show_setting(self, name: str) -> None:
        """Open the preferences at a setting."""
        self.show_dialog("preferences")
        dialog = self._dialogs["preferences"]
        if isinstance(dialog, PreferencesDialog):
            dialog.focus(name)

    def show_guide(self, topic: str) -> None:
        """Open the guide at a topic; see `dlstudio.catalog.guide_topics`."""
        self.guide.show(self.theme, topic)

    def dialogs(self) -> tuple[ModelessDialog, ...]:
        """The open dialogs."""
        return tuple(self._dialogs.values())

    def import_model(self) -> None:
        """Choose a file of a Keras model, and make a project of it."""
        self.model_import.choose()

    def view_model(self) -> None:
        """Choose a file of a converted model, and view it."""
        self.model_viewer.choose()

    def trust_code(self) -> None:
        """Show the code of the project, and ask whether it is trusted."""
        self.code_trust.ask_project()

    def begin_rename(self) -> None:
        """Start editing the project's name."""
        self.content.header.title.begin_rename()

    def close(self) -> bool:
        """Close the window."""
        return self._window.close()

    def toggle_full_screen(self) -> None:
        """Enter or leave full screen."""
        window = self._window
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _apply_appearance(self) -> None:
        settings = self.core.settings.value
        translator.use(self._wanted_language())
        self.qt_translations.use(translator.language)
        self.theme = choose_theme(settings.theme)
        apply_theme(self.core.app, self.theme)

    def _wanted_language(self) -> str:
        chosen = self._language or self.core.settings.value.language
        return chosen or preferred_language()

    def _build_content(self, key: str) -> None:
        core = self.core
        self.menus = MenuBar(self.theme, self.commands, self._window)
        studio = Studio(core.services, self.theme, self.go, self.visit)
        self._interrupted_runs = core.services.interrupted_runs
        self.content = WindowContent(studio, self.controller, self.menus, self._rooms)
        column = self._container.layout()
        assert column is not None
        column.addWidget(self.content)
        self.notices.attach(self.content, self.theme)
        self.palette = CommandPalette(self.theme, self._entries, self._window)
        self.content.header.train_requested.connect(self._run_commands.train)
        self.content.status.problems_requested.connect(self._run_commands.problems)
        self.content.status.show_analysis(self.engine_status.analysis)
        self.content.rooms.shown.connect(self.menus.refresh)
        self.engine_status.device_reported.connect(self.content.header.report_device)
        core.session.changed.connect(self.menus.refresh)
        self.content.rooms.go(key)
        self.engine_status.report_device()
        self._update_title()
        core.session.saved_changed.connect(self._update_title)

    def _forget_project(self) -> None:
        """Reset messages about the previous project.

        A training of it that still runs is reported with its project's name.
        """
        self.notices.forget_project()
        self.core.engine.forget()
        if not self.core.activity.controls:
            self.core.activity.clear()

    def _update_title(self) -> None:
        name = self.core.session.project.name
        shown = name.replace("[*]", "[*][*]")  # otherwise it marks the modified state
        title = f"{shown}[*] – dlstudio" if name else "dlstudio[*]"
        self._window.setWindowTitle(title)
        self._window.setWindowModified(self.core.session.unsaved)

    def _entries(self) -> Sequence[PaletteEntry]:
        return all_entries(
            self.commands, self.controller, self.add_layer, self.show_setting
        )

    def _dialog(self, name: str) -> ModelessDialog:
        core, window = self.core, self._window
        if name == "preferences":
            return PreferencesDialog(self.theme, core, self.set, window)
        if name == "shortcuts":
            return ShortcutsDialog(self.theme, self.commands, window)
        if name == "doctor":
            return DoctorDialog(self.theme, core.files, window)
        return AboutDialog(self.theme, core.engine.versions, window)

    def _system_colors_changed(self) -> None:
        if self.core.settings.value.theme == "system":
            self.rebuild()
