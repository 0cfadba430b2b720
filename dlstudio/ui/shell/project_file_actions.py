"""What is offered when another window or program has changed the project's file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from dlstudio.document.storage import FILE, project_file
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.shell.project_controller import ProjectController


class ProjectFileActions:
    """The actions of the bar above the rooms.

    Args:
        controller: Has the project and its file.
    """

    def __init__(self, controller: ProjectController) -> None:
        self._controller = controller
        self._session = controller.session

    def reload(self) -> None:
        """Reload the project's file; unsaved changes are stashed."""
        folder = self._session.folder
        if folder is not None:
            self._controller.open(folder, room="")

    def keep_mine(self) -> None:
        """Keep the version in this window over the file on disk."""
        self._controller.attempt(self._session.keep_mine)

    def take_over(self) -> None:
        """Take over a project that another window holds."""
        self._controller.attempt(self._controller.file.take_over)

    def choose_moved_folder(self) -> None:
        """Open a dialog to locate the project's moved folder."""
        self._controller.choose_folder(_("Find the project folder"), self.find)

    def find(self, folder: Path) -> None:
        """Continue with the project at its new location."""
        self._controller.attempt(partial(self._move, folder))

    def _move(self, folder: Path) -> None:
        if not project_file(folder).is_file():
            raise UserError(
                _("{folder} is not a dlstudio project: it has no {file}.").format(
                    folder=folder, file=FILE
                ),
                _("Choose the folder that contains it."),
            )
        self._session.move(folder)
        self._controller.remember(folder)
