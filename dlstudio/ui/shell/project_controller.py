"""Project-level operations: new, open, save, and recovery of unsaved work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from dlstudio.document.project import Project, reconstructs_images
from dlstudio.document.project_file import ProjectChanged, ProjectMissing
from dlstudio.document.storage import FILE
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.data_dialogs import DataDialogs
from dlstudio.ui.shell.folder_names import (
    projects_folder,
    title_of,
    valid_folder_name,
)
from dlstudio.ui.shell.project_creation import ProjectCreation
from dlstudio.ui.shell.project_file import ProjectFile
from dlstudio.ui.shell.project_opener import ProjectOpener, ReadProject
from dlstudio.ui.shell.recovery import Autosave, RecoveredProject, delete_recovery
from dlstudio.ui.widgets.folder_dialog import choose_or_report
from dlstudio.workers.project_files import free_folder


class ProjectController(QObject):
    """Opens, creates and saves projects; prompts only where necessary.

    Args:
        core: The window's services.
        autosave: Stashes unsaved work.
        window: Parent of dialogs.

    Signals:
        opened: Emitted when another project is open, with the room to show.
    """

    opened = Signal(str)

    def __init__(self, core: Core, autosave: Autosave, window: QWidget) -> None:
        super().__init__(window)
        self.session = core.session
        self.settings = core.settings
        self.file_thread = core.files
        self.autosave = autosave
        self.projects = projects_folder()
        self._window = window
        self._notices = core.notices
        self._services = core.services
        self._creation = ProjectCreation(core, self)
        self._opener = ProjectOpener(core, self)
        self._dialogs = DataDialogs(core.session.catalog, self._dialog)
        self.file = ProjectFile(core.session, self)
        self.file.followed.connect(self._followed)

    def empty(self) -> None:
        """Create an empty project."""
        project = Project(name=_("Untitled"))
        self._replace(lambda: self.session.replace(project, None, saved=False))

    def open(self, folder: Path, *, room: str = "model") -> None:
        """Open a project folder or its project.json; a large one is there a bit later.

        Args:
            folder: The folder or the file.
            room: Room to show; "" for the current room.
        """
        folder = folder.parent if folder.name == FILE else folder

        def take(read: ReadProject | None) -> None:
            if self._replace(lambda: self.session.open(folder, read), room):
                self.remember(folder)

        self._opener.open(folder, take)

    @property
    def wants_data(self) -> bool:
        """Whether the open project has a model but no data."""
        project = self.session.project
        return bool(project.model.nodes) and not project.data.source.kind

    def from_template(
        self, kind: str, data: Sequence[Path] = (), sample: str = ""
    ) -> None:
        """Create a project from a template, in a new folder of the user's documents.

        A template that is sized to the user's data prompts for it first.

        Args:
            kind: Of the template; "" for the one that fits the data.
            data: A folder or file, or the folders of the classes.
            sample: Kind of a source that is built in, instead of data.
        """
        catalog = self.session.catalog
        template, given = catalog.get(kind), bool(data or sample)
        if template is not None and template.extra.get("needs_data") and not given:
            self._dialogs.choose_for(template, partial(self.from_template, kind))
            return
        if self._creation.busy:
            self.show_info(_("A project is already being created."))
            return
        named = catalog[sample] if sample else template
        title = title_of(data) if data or named is None else _(named.title)
        folder = free_folder(self.projects, title)

        def failed(error: BaseException) -> None:
            choose_or_report(error, again, self._notices, self._window)

        def again(chosen: Path) -> None:
            self.from_template(kind, (chosen,))

        def made(project: Project) -> None:
            # Begin with the data of the user, or what they chose to learn from.
            self._made(project, folder, "data" if given else "model")
            if not kind and data:
                self._propose(project)
            if not kind and reconstructs_images(project):
                text = _(
                    "The images have fewer than two classes, so the project begins "
                    "with an autoencoder."
                )
                self.show_info(text)

        self._creation.start(kind, folder, data, made, failed, sample)

    def from_images(self, data: Sequence[Path] = ()) -> None:
        """Create a project for the user's own images, chosen unless they are given."""
        if data:
            self.from_data(data)
        else:
            self._dialogs.choose_images(self.from_data)

    def from_table(self) -> None:
        """Choose a table, and create a project for it."""
        self._dialogs.choose_table(self.from_data)

    def from_text_folder(self, kind: str = "") -> None:
        """Choose a folder of texts, and create a project for it.

        Args:
            kind: Of the template; "" for the one that fits the data.
        """
        self._dialogs.choose_text_folder(partial(self.from_template, kind))

    def from_text_file(self, kind: str = "") -> None:
        """Choose a file of texts, and create a project for it.

        Args:
            kind: Of the template; "" for the one that fits the data.
        """
        self._dialogs.choose_text_file(partial(self.from_template, kind))

    def from_data(self, data: Sequence[Path]) -> None:
        """Create a project for files or folders, with the template that fits them."""
        self.from_template("", data)

    def folder_for(self, path: Path) -> Path:
        """A new folder of the user's documents for a project made of a file."""
        return free_folder(self.projects, title_of((path,)))

    def take(self, project: Project, folder: Path) -> None:
        """Open a project that was just saved in a new folder."""
        self._made(project, folder, "model")

    def restore(self, leftover: RecoveredProject) -> None:
        """Open recovered work; it remains unsaved."""
        project, folder = leftover.project, leftover.folder
        digest = leftover.digest
        if self._replace(
            lambda: self.session.replace(project, folder, saved=False, digest=digest)
        ):
            self.autosave.save_now()
            self.discard(leftover)

    def discard(self, leftover: RecoveredProject) -> None:
        """Discard recovered work."""
        self.file_thread.job(delete_recovery, leftover.path).start()

    def save(self) -> bool:
        """Save, by default in a new folder of the documents; return whether it did."""
        folder = self.session.folder
        if folder is None:
            folder = free_folder(self.projects, self._folder_name())
            if self._save(folder):
                text = _("Saved to {folder}.").format(folder=folder)
                self._notices.good(text)
                return True
            return False
        return self._save(folder)

    def save_as(self) -> None:
        """Choose another folder and save there from now on."""
        dialog = self._dialog(_("Save the project in a new folder"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.selectFile(free_folder(self.projects, self._folder_name()).name)
        dialog.fileSelected.connect(self._save_into)
        dialog.open()

    def show_info(self, text: str) -> None:
        """Report a transient message."""
        self._notices.info(text)

    def choose_project(self) -> None:
        """Open a dialog to choose a project, and open it."""
        self.choose_folder(_("Open project folder"), self.open)

    def choose_folder(self, title: str, then: Callable[[Path], None]) -> None:
        """Open a folder dialog without blocking the window."""
        dialog = self._dialog(title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.open()

    def attempt(self, work: Callable[[], None]) -> None:
        """Do something that may be refused, and report the refusal."""
        try:
            work()
        except UserError as error:
            self._notices.error(error)

    def remember(self, folder: Path) -> None:
        """List a folder among the recent projects."""
        self.attempt(lambda: self.settings.remember_project(folder))

    @Slot(str)
    def _save_into(self, chosen: str) -> None:
        self._save(Path(chosen))

    def _dialog(self, title: str) -> QFileDialog:
        self.projects.mkdir(parents=True, exist_ok=True)
        dialog = QFileDialog(self._window, title, str(self.projects))
        dialog.setObjectName("ask-folder")
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _made(self, project: Project, folder: Path, room: str) -> None:
        if self._replace(
            lambda: self.session.replace(project, folder, saved=True), room
        ):
            self.remember(folder)

    def _propose(self, project: Project) -> None:
        """Propose a pretrained network if the project is open and has few images."""
        if self.session.project == project:
            self._services.pretrained_weights.propose(project)

    def _followed(self, folder: Path) -> None:
        text = _("The project folder was renamed to {folder}.")
        self._notices.info(text.format(folder=folder))
        self.remember(folder)

    def _replace(self, replace: Callable[[], None], room: str = "model") -> bool:
        """Open another project after stashing unsaved work.

        Args:
            room: Room to show; "" for the current room.
        """
        name = self.session.project.name
        try:
            stashed = self.autosave.stash()
            replace()
        except UserError as error:
            self._notices.error(error)
            return False
        if stashed:
            text = _(
                "Unsaved changes in “{name}” were kept. You can restore them in "
                "the Start room."
            )
            self._notices.info(text.format(name=name or _("Untitled")))
        if room:
            self.opened.emit(room)
        return True

    def _save(self, folder: Path) -> bool:
        try:
            self.session.save(folder)
        except (ProjectChanged, ProjectMissing) as error:
            # The bar above the rooms offers actions; only report why nothing happened.
            text = _("Not saved. {reason}").format(reason=error.message)
            self._notices.error(UserError(text), topic="save")
            self.file.check()
            return False
        except UserError as error:
            self._notices.error(error, topic="save")
            return False
        self._notices.resolve("save")
        self.remember(folder)
        return True

    def _folder_name(self) -> str:
        return valid_folder_name(self.session.project.name)
