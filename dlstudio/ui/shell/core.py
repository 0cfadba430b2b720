"""The services of one window, created once and passed around."""

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
    """State that outlives the window's content.

    Attributes:
        app: The application.
        files: Thread for file operations that do not need TensorFlow.
        recovery: Folder for unsaved work.
        language: Language given on the command line, which overrides the settings;
            "" for none.
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
        """Create the services.

        Args:
            app: The application.
            catalog: The available descriptions.
            settings: The user's settings.
            recovery: Folder for unsaved work; None for the default folder.
            language: Overrides the setting; "" for none.
        """
        services = ProjectServices(
            Session(catalog), Engine(catalog), settings, Notices(), Activity()
        )
        folder = recovery or recovery_folder()
        return cls(services, app, WorkerThread("files"), folder, language)

    def close(self) -> bool:
        """Stop all threads; returns whether they stopped in time."""
        ended = [self.services.close(), self.engine.close(), self.files.close()]
        return all(ended)
