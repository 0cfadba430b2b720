"""The rooms of the window, in workflow order."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from dlstudio.i18n import marked as _
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.studio import Studio

Factory = Callable[..., QWidget]


@dataclass(frozen=True, slots=True)
class RoomDescription:
    """Description of a room.

    Additional capabilities of the room's widget are defined in `ui.room_capabilities`;
    actions that the current room does not support are disabled.

    Attributes:
        title: Title in the rail (translatable).
        icon: Name of a theme icon.
        factory: Qualified name of `make(studio) -> QWidget`, called when the room is
            first shown; or the function itself.
        with_controller: Whether `make` also takes the `ProjectController`.
    """

    key: str
    title: str
    icon: str
    factory: str | Factory
    with_controller: bool = False

    def make(self, studio: Studio, controller: ProjectController) -> QWidget:
        """Create the room's widget."""
        factory = self.factory
        if isinstance(factory, str):
            module, _colon, name = factory.partition(":")
            found: Factory = getattr(importlib.import_module(module), name)
            factory = found
        return factory(studio, controller) if self.with_controller else factory(studio)


ROOMS = (
    RoomDescription(
        "start",
        _("Start"),
        "mdi6.home-outline",
        "dlstudio.ui.start.room:make",
        with_controller=True,
    ),
    RoomDescription(
        "data",
        _("Data"),
        "mdi6.database-outline",
        "dlstudio.ui.data.room:make",
        with_controller=True,
    ),
    RoomDescription(
        "model", _("Model"), "mdi6.hexagon-outline", "dlstudio.ui.model.room:make"
    ),
    RoomDescription(
        "train", _("Train"), "mdi6.sine-wave", "dlstudio.ui.train.room:make"
    ),
    RoomDescription(
        "evaluate", _("Evaluate"), "mdi6.grid", "dlstudio.ui.evaluate.room:make"
    ),
    RoomDescription(
        "predict", _("Predict"), "mdi6.bullseye", "dlstudio.ui.predict.room:make"
    ),
    RoomDescription(
        "export", _("Export"), "mdi6.tray-arrow-up", "dlstudio.ui.export.room:make"
    ),
)
