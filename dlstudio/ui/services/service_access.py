"""The collaborators that window and rooms share, each by its own name."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.settings import SettingsStore
from dlstudio.ui.activity import Activity
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_services import ProjectServices
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine


@dataclass(frozen=True, slots=True)
class ServiceAccess:
    """Base of what is handed around in the window.

    Attributes:
        services: What outlives the rooms, such as a training.
    """

    services: ProjectServices

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
        """Where messages to the user are shown."""
        return self.services.notices

    @property
    def activity(self) -> Activity:
        """Where a long job reports its progress, for the header."""
        return self.services.activity
