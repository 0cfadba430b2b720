"""Named access to the services that window and rooms share."""

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
    """Base class of the context objects passed around in the window.

    Attributes:
        services: Services that outlive the rooms, such as training.
    """

    services: ProjectServices

    @property
    def session(self) -> Session:
        """The session with the open project."""
        return self.services.session

    @property
    def engine(self) -> Engine:
        """Keras and TensorFlow in the background."""
        return self.services.engine

    @property
    def settings(self) -> SettingsStore:
        """The user's settings."""
        return self.services.settings

    @property
    def notices(self) -> Notices:
        """Reports messages to the user."""
        return self.services.notices

    @property
    def activity(self) -> Activity:
        """Progress of a long job, shown in the header."""
        return self.services.activity
