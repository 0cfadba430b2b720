"""The collaborators available to every room, in one small value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dlstudio.ui.room_capabilities import Visit, visit_nothing
from dlstudio.ui.services.service_access import ServiceAccess
from dlstudio.ui.theme.tokens import Theme


@dataclass(frozen=True, slots=True)
class Studio(ServiceAccess):
    """The window's collaborators, the current theme and navigation.

    Attributes:
        go: Shows a room by its key: "start", "data", "model", ...
        visit: Shows a room and sends it a request.
    """

    theme: Theme
    go: Callable[[str], None]
    visit: Visit = visit_nothing
