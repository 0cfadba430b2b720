"""The collaborators of one window, made once and handed around."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from dlstudio.catalog.store import Catalog
from dlstudio.settings import SettingsStore
from dlstudio.ui.activity import Activity
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_services import ProjectServices
from dlstudio.ui.services.service_access import ServiceAccess
from dlstudio.ui.session import Session
from dlstudio.ui.shell.recovery import recovery_folder
from dlstudio.workers.engine import Engine
from dlstudio.workers.jobs import WorkerThread


@dataclass(frozen=True, slots=True)
class Core(ServiceAccess):
    """What outlives every rebuilding of the window's content.

    Attributes:
        app: The application.
        files: The thread for work on files that needs no TensorFlow.
        recovery: The folder where unsaved work is kept.
        language: What this start was asked to speak, whatever the settings say; ""
            for what they say.
    """

    app: QApplication
    files: WorkerThread
    recovery: Path
    language: str = ""

    @classmethod
    def make(
        cls,
        app: QApplication,
        catalog: Catalog,
        settings: SettingsStore,
        recovery: Path | None = None,
        language: str = "",
    ) -> Core:
        """New collaborators.

        Args:
            app: The application.
            catalog: What exists.
            settings: The user's.
            recovery: Folder for unsaved projects; the usual one if None.
            language: "" follows the settings.
        """
        services = ProjectServices(
            Session(catalog), Engine(catalog), settings, Notices(), Activity()
        )
        folder = recovery or recovery_folder()
        return cls(services, app, WorkerThread("files"), folder, language)

    def close(self) -> bool:
        """End all threads; whether they ended in time."""
        ended = [self.services.close(), self.engine.close(), self.files.close()]
        return all(ended)
