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
from dlstudio.ui.session import Session
from dlstudio.ui.shell.recovery import recovery_folder
from dlstudio.workers.engine import Engine
from dlstudio.workers.jobs import WorkerThread


@dataclass(frozen=True, slots=True)
class Core:
    """What outlives every rebuilding of the window's content.

    Attributes:
        services: The collaborators that the rooms are given too.
        files: The thread for work on files that needs no TensorFlow.
        recovery: The folder where unsaved work is kept.
        language: What this start was asked to speak, whatever the settings say; ""
            for what they say.
    """

    app: QApplication
    services: ProjectServices
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
        return cls(app, services, WorkerThread("files"), folder, language)

    @property
    def session(self) -> Session:
        """The open project."""
        return self.services.session

    @property
    def engine(self) -> Engine:
        """Keras and TensorFlow, behind the window."""
        return self.services.engine

    @property
    def settings(self) -> SettingsStore:
        """What the user has chosen."""
        return self.services.settings

    @property
    def notices(self) -> Notices:
        """Where something is said to the user."""
        return self.services.notices

    @property
    def activity(self) -> Activity:
        """Where a long job tells how it goes, for the header."""
        return self.services.activity

    def close(self) -> bool:
        """End all threads; whether they ended in time."""
        ended = [self.services.close(), self.engine.close(), self.files.close()]
        return all(ended)
