"""The collaborators of one window, made once and handed around."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from dlstudio.catalog.store import Catalog
from dlstudio.settings import SettingsStore
from dlstudio.ui.session import Session
from dlstudio.ui.shell.recovery import recovery_folder
from dlstudio.ui.studio import Activity, Notices, ProjectServices
from dlstudio.workers.engine import Engine
from dlstudio.workers.jobs import WorkerThread


@dataclass(frozen=True, slots=True)
class Core:
    """What outlives every rebuilding of the window's content.

    Attributes:
        files: The thread for work on files that needs no TensorFlow.
        recovery: The folder where unsaved work is kept.
        language: What this start was asked to speak, whatever the settings say; ""
            for what they say.
    """

    app: QApplication
    settings: SettingsStore
    session: Session
    engine: Engine
    files: WorkerThread
    notices: Notices
    activity: Activity
    services: ProjectServices
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
        """New collaborators."""
        return cls(
            app,
            settings,
            Session(catalog),
            Engine(catalog),
            WorkerThread("files"),
            Notices(),
            Activity(),
            ProjectServices(),
            recovery or recovery_folder(),
            language,
        )

    def close(self) -> bool:
        """End all threads; whether they ended in time."""
        ended = [self.services.close(), self.engine.close(), self.files.close()]
        return all(ended)
