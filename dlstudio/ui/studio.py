"""What every room is given: the collaborators, in one small value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dlstudio.settings import SettingsStore
from dlstudio.ui.activity import Activity
from dlstudio.ui.notices import Notices
from dlstudio.ui.room_capabilities import Visit, visit_nothing
from dlstudio.ui.services.project_services import ProjectServices
from dlstudio.ui.session import Session
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.engine import Engine


@dataclass(frozen=True, slots=True)
class Studio:
    """The collaborators, the theme of now, and the ways to go somewhere.

    Attributes:
        services: What goes on when the rooms are made anew, such as a training.
        go: Shows a room by its key: "start", "data", "model", ...
        visit: Shows a room and asks it for something.
    """

    services: ProjectServices
    theme: Theme
    go: Callable[[str], None]
    visit: Visit = visit_nothing

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
