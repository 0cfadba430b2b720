"""Imports a script or a notebook: reads it, asks what it does not say, opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from dlstudio.document.project import Project
from dlstudio.document.script_preview import ScriptPreview, ScriptQuestion
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.shell.script_import_dialog import ScriptImportDialog
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.jobs import Job
from dlstudio.workers.script_import import import_script, preview_script


class ScriptImport(QObject):
    """One import at a time.

    Args:
        core: The window's services.
        theme: Returns the current theme.
        controller: Opens the new project.
        window: Parent of the dialog.
    """

    def __init__(
        self,
        core: Core,
        theme: Callable[[], Theme],
        controller: ProjectController,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._core, self._theme, self._controller = core, theme, controller
        self._window = window
        self._job: Job[ScriptPreview] | Job[Project] | None = None
        self.dialog: ScriptImportDialog | None = None

    def start(self, path: Path) -> None:
        """Read a script, and show its model."""
        if self.dialog is not None:
            self.dialog.reject()
        dialog = ScriptImportDialog(self._theme(), path.name, self._window)
        self.dialog = dialog
        dialog.finished.connect(self._end)

        def read(question: ScriptQuestion) -> None:
            self._read(dialog, path, question)

        def create(question: ScriptQuestion) -> None:
            self._create(dialog, path, question)

        dialog.asked.connect(read)
        dialog.chosen.connect(create)
        dialog.open()
        read(dialog.question)

    def _read(
        self, dialog: ScriptImportDialog, path: Path, question: ScriptQuestion
    ) -> None:
        self._cancel()
        catalog = self._core.session.catalog
        job = self._core.engine.question(preview_script, path, question, catalog)
        job.on_success(dialog.show_preview).on_failure(dialog.show_error)
        self._job = job
        job.start()

    def _create(
        self, dialog: ScriptImportDialog, path: Path, question: ScriptQuestion
    ) -> None:
        self._cancel()
        folder = self._controller.folder_for(path)
        catalog = self._core.session.catalog
        job = self._core.engine.question(import_script, path, folder, question, catalog)

        def succeed(project: Project) -> None:
            dialog.accept()
            self._controller.take(project, folder)

        job.on_success(succeed).on_failure(dialog.show_error)
        self._job = job
        job.start()

    def _cancel(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _end(self) -> None:
        self._cancel()
        self.dialog = None
