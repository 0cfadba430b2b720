"""The handlers of the application's actions, one class per menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from dlstudio.catalog import guide_topics
from dlstudio.document.history import History
from dlstudio.document.training_method import trains_layers
from dlstudio.i18n import _, translator
from dlstudio.ui.actions import CommandHandler
from dlstudio.ui.activity import ActivityControl
from dlstudio.ui.room_capabilities import MODEL, TRAIN
from dlstudio.ui.shell.menus import (
    ChoiceHandler,
    Handler,
    MenuChoice,
    SubmenuHandler,
)
from dlstudio.ui.shell.shell_protocol import ShellProtocol
from dlstudio.ui.widgets.topics import nearest_topic


class FileCommands:
    """The File menu: new, open, save, settings, quit."""

    def __init__(self, shell: ShellProtocol) -> None:
        self._shell = shell

    def commands(self) -> Mapping[str, Handler]:
        """The handlers by action id."""
        shell, controller = self._shell, self._shell.controller
        return {
            "file.new": CommandHandler(self.new),
            "file.template": SubmenuHandler(self.template_choices),
            "file.open": CommandHandler(controller.choose_project),
            "file.import_model": CommandHandler(shell.import_model),
            "file.view_model": CommandHandler(shell.view_model),
            "file.recent": SubmenuHandler(self.recent_choices),
            "file.save": CommandHandler(controller.save),
            "file.save_as": CommandHandler(controller.save_as),
            "file.rename": CommandHandler(shell.begin_rename),
            "file.save_script": CommandHandler(self.save_script),
            "file.save_drawing": CommandHandler(self.save_drawing),
            "file.trust_code": CommandHandler(shell.trust_code),
            "file.preferences": CommandHandler(self.preferences),
            "file.quit": CommandHandler(shell.close),
        }

    def new(self) -> None:
        """Show the Start room."""
        self._shell.go("start")

    def template_choices(self) -> Sequence[MenuChoice]:
        """The templates, and an empty project."""
        controller = self._shell.controller
        made = [
            MenuChoice(
                _(each.title),
                partial(controller.from_template, each.kind),
            )
            for each in controller.session.catalog.family("templates")
        ]
        return [*made, MenuChoice(_("Empty"), controller.empty)]

    def recent_choices(self) -> Sequence[MenuChoice]:
        """The recent projects."""
        controller = self._shell.controller
        folders = map(Path, controller.settings.value.recent_projects)
        return [
            MenuChoice(str(each), partial(controller.open, each)) for each in folders
        ]

    def save_script(self) -> None:
        """Save the script, in the Model room."""
        self._shell.visit(MODEL, lambda room: room.save_script())

    def save_drawing(self) -> None:
        """Save the canvas as a drawing, in the Model room."""
        self._shell.visit(MODEL, lambda room: room.save_drawing())

    def preferences(self) -> None:
        """Open the settings."""
        self._shell.show_dialog("preferences")


class EditCommands:
    """Undo and redo; the current room handles the rest of the Edit menu."""

    def __init__(self, shell: ShellProtocol) -> None:
        self._shell = shell

    def commands(self) -> Mapping[str, Handler]:
        """The handlers by action id."""
        return {
            "edit.undo": CommandHandler(self.undo, self.can_undo, self.undo_what),
            "edit.redo": CommandHandler(self.redo, self.can_redo, self.redo_what),
        }

    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._history.past)

    def undo(self) -> None:
        """Undo the last step."""
        self._shell.controller.session.undo()

    def undo_what(self) -> str:
        """The name of the step to undo."""
        return _(self._history.undo_name)

    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return bool(self._history.future)

    def redo(self) -> None:
        """Redo the last undone step."""
        self._shell.controller.session.redo()

    def redo_what(self) -> str:
        """The name of the step to redo."""
        return _(self._history.redo_name)

    @property
    def _history(self) -> History:
        return self._shell.controller.session.history


class ViewCommands:
    """The View menu: rooms, zoom, theme, language."""

    def __init__(self, shell: ShellProtocol) -> None:
        self._shell = shell

    def commands(self) -> Mapping[str, Handler]:
        """The handlers by action id."""
        return {
            "view.room": ChoiceHandler(self.room, self.room_is),
            "view.palette": CommandHandler(self._shell.show_palette),
            "view.full_screen": CommandHandler(self._shell.toggle_full_screen),
            "view.theme": ChoiceHandler(self.theme, self.theme_is),
            "view.language": ChoiceHandler(self.language, self.language_is),
        }

    def room(self, key: str) -> None:
        """Show a room."""
        self._shell.go(key)

    def room_is(self, key: str) -> bool:
        """Whether a room is shown."""
        return self._shell.room_key() == key

    def theme(self, name: str) -> None:
        """Set the theme; the window follows the setting."""
        self._shell.set(theme=name)

    def theme_is(self, name: str) -> bool:
        """Whether a theme is selected."""
        return self._shell.controller.settings.value.theme == name

    def language(self, code: str) -> None:
        """Set the language; the window follows the setting."""
        self._shell.set(language=code)

    def language_is(self, code: str) -> bool:
        """Whether a language is active."""
        return translator.language == code


class RunCommands:
    """The Run menu: training and problems."""

    def __init__(self, shell: ShellProtocol) -> None:
        self._shell = shell

    def commands(self) -> Mapping[str, Handler]:
        """The handlers by action id."""
        return {
            "run.train": CommandHandler(self.train),
            "run.queue": CommandHandler(self.queue),
            "run.pause": CommandHandler(self.pause, self.can_pause),
            "run.resume": CommandHandler(self.resume, self.can_resume),
            "run.stop": CommandHandler(self.stop, self.can_stop),
            "run.problems": CommandHandler(self.problems),
        }

    def train(self) -> None:
        """Show the Train room and start training."""
        if self._can_train():
            self._shell.visit(TRAIN, lambda room: room.train())

    def queue(self) -> None:
        """Show the Train room and add the project to the queue."""
        if self._can_train():
            self._shell.visit(TRAIN, lambda room: room.queue_training())

    def _can_train(self) -> bool:
        controller = self._shell.controller
        session = controller.session
        wanted = trains_layers(session.project, session.catalog)
        if wanted and not session.project.model.nodes:
            controller.show_info(
                _("There is no model yet. Start from a template, or add layers.")
            )
            return False
        return session.folder is not None or controller.save()

    def can_pause(self) -> bool:
        """Whether a running training can be paused."""
        return self._control("Pause") is not None

    def pause(self) -> None:
        """Pause the training."""
        self._do("Pause")

    def can_resume(self) -> bool:
        """Whether a training is paused."""
        return self._control("Resume") is not None

    def resume(self) -> None:
        """Resume the paused training."""
        self._do("Resume")

    def can_stop(self) -> bool:
        """Whether a training is running or paused."""
        return self._control("Stop") is not None

    def stop(self) -> None:
        """Stop the training."""
        self._do("Stop")

    def _control(self, text: str) -> ActivityControl | None:
        offered = self._shell.core.activity.controls
        return next((each for each in offered if each.text == text), None)

    def _do(self, text: str) -> None:
        control = self._control(text)
        if control is not None:
            control.work()

    def problems(self) -> None:
        """Show the problems in the Model room."""
        self._shell.visit(MODEL, lambda room: room.show_problems())


class HelpCommands:
    """The Help menu."""

    def __init__(self, shell: ShellProtocol) -> None:
        self._shell = shell

    def guide(self) -> None:
        """Show the guide's page about the current room."""
        self._shell.show_guide(guide_topics.ROOMS[self._shell.room_key()])

    def what_is_this(self) -> None:
        """Show help about the focused widget, or else about the room."""
        topic = nearest_topic(QApplication.focusWidget())
        self._shell.show_guide(topic) if topic else self.guide()

    def commands(self) -> Mapping[str, Handler]:
        """The handlers by action id."""
        return {
            "help.guide": CommandHandler(self.guide),
            "help.what_is_this": CommandHandler(self.what_is_this),
            "help.shortcuts": CommandHandler(self.shortcuts),
            "help.doctor": CommandHandler(self.doctor),
            "help.about": CommandHandler(self.about),
        }

    def shortcuts(self) -> None:
        """Show all keyboard shortcuts."""
        self._shell.show_dialog("shortcuts")

    def doctor(self) -> None:
        """Show information about this machine."""
        self._shell.show_dialog("doctor")

    def about(self) -> None:
        """Show version and licence."""
        self._shell.show_dialog("about")
