"""Imports a file of a Keras model: reads it, asks what it does not say, opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from dlstudio.catalog.keras_files import (
    SAVED_MODEL,
    SCRIPT_SUFFIXES,
    saved_model_folder,
)
from dlstudio.document.import_report import ImportPreview, ImportReport
from dlstudio.document.project import Project
from dlstudio.i18n import _
from dlstudio.ui.shell.code_trust import CodeTrust
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.model_import_dialog import ModelImportDialog
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_import import import_model, preview_model

PATTERNS = f"*.keras *.h5 *.hdf5 *.json {SAVED_MODEL}"


class ModelImport(QObject):
    """One import at a time.

    Args:
        core: The window's services.
        theme: Returns the current theme.
        controller: Opens the new project.
        window: Parent of the dialog.
        trust: Asks about the code of models.

    Signals:
        script_chosen: The file is a script or a notebook, with its path.
    """

    script_chosen = Signal(object)

    def __init__(
        self,
        core: Core,
        theme: Callable[[], Theme],
        controller: ProjectController,
        window: QWidget,
        trust: CodeTrust,
    ) -> None:
        super().__init__(window)
        self.trust = trust
        self._code: tuple[Path, ...] = ()
        self._core, self._theme, self._controller = core, theme, controller
        self._window = window
        self._job: Job[ImportPreview] | Job[tuple[Project, ImportReport]] | None = None
        self.dialog: ModelImportDialog | None = None

    def choose(self) -> None:
        """Choose a file, and import it."""
        dialog = QFileDialog(self._window, _("Import a Keras model"), str(Path.home()))
        dialog.setObjectName("choose-model")
        scripts = " ".join(f"*{suffix}" for suffix in SCRIPT_SUFFIXES)
        dialog.setNameFilters(
            [
                _("Keras models and scripts") + f" ({PATTERNS} {scripts})",
                _("Keras models") + f" ({PATTERNS})",
                _("Scripts and notebooks") + f" ({scripts})",
            ]
        )
        dialog.fileSelected.connect(lambda chosen: self.take(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, path: Path) -> None:
        """Import a model, or pass a script on."""
        if path.suffix.lower() in SCRIPT_SUFFIXES:
            self.script_chosen.emit(path)
        else:
            self.start(saved_model_folder(path) or path)

    def start(self, path: Path) -> None:
        """Read a file or folder of a model, and show what it is."""
        if self.dialog is not None:
            self.dialog.reject()
        dialog = ModelImportDialog(self._theme(), path.name, self._window)
        self.dialog, self._code = dialog, ()
        dialog.finished.connect(self._end)
        dialog.code_wanted.connect(lambda: self._add_code(dialog, path))
        dialog.trust_wanted.connect(lambda: self._ask_trust(dialog, path))

        def create(classes: tuple[str, ...], pixels: str) -> None:
            self._create(dialog, path, classes, pixels)

        dialog.chosen.connect(create)
        dialog.open()
        self._preview(dialog, path)

    def _preview(self, dialog: ModelImportDialog, path: Path) -> None:
        """Read the file, with the code that is trusted."""
        if dialog is not self.dialog:
            return
        dialog.show_reading()
        catalog = self._core.session.catalog
        job = self._core.engine.question(preview_model, path, catalog, self._code)
        job.on_success(dialog.show_preview).on_failure(dialog.show_error)
        self._job = job
        job.start()

    def _add_code(self, dialog: ModelImportDialog, path: Path) -> None:
        """Choose code files, and ask whether they are trusted."""

        def add(chosen: list[Path]) -> None:
            names = {each.name for each in chosen}
            others = [each for each in self._code if each.name not in names]
            self._code = (*others, *chosen)
            self._ask_trust(dialog, path)

        self.trust.choose(add)

    def _ask_trust(self, dialog: ModelImportDialog, path: Path) -> None:
        self.trust.ask_model(path, self._code, lambda: self._preview(dialog, path))

    def _create(
        self,
        dialog: ModelImportDialog,
        path: Path,
        classes: tuple[str, ...],
        pixels: str,
    ) -> None:
        folder = self._controller.folder_for(path)
        catalog = self._core.session.catalog
        job = self._core.engine.question(
            import_model, path, folder, catalog, classes, pixels, self._code
        )

        def succeed(found: tuple[Project, ImportReport]) -> None:
            dialog.accept()
            self._controller.take(found[0], folder)

        job.on_success(succeed).on_failure(dialog.show_error)
        self._job = job
        job.start()

    def _end(self) -> None:
        job, self._job, self.dialog = self._job, None, None
        if job is not None:
            job.cancel()
