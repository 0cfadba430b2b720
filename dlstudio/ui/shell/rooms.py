"""The rooms of the window, in the order of the work."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from dlstudio.i18n import marked as _
from dlstudio.ui.shell.desk import Desk
from dlstudio.ui.studio import Studio

Factory = Callable[..., QWidget]


@dataclass(frozen=True, slots=True)
class Room:
    """One room.

    A room's widget may have methods that the shell's actions call when it is shown:
    cut, copy, paste, duplicate, select_all, search, zoom_in, zoom_out, zoom_fit,
    add_layer(kind), show_problems, save_script, train. What it lacks is greyed out.

    Attributes:
        title: As in the rail (translatable).
        icon: A name the theme's icons know.
        factory: Qualified name of `make(studio) -> QWidget`, called when the room is
            first shown; or the function itself.
        with_desk: `make` is also given the `Desk`, to open and make projects.
    """

    key: str
    title: str
    icon: str
    factory: str | Factory
    with_desk: bool = False

    def make(self, studio: Studio, desk: Desk) -> QWidget:
        """The room's widget."""
        factory: Any = self.factory
        if isinstance(factory, str):
            module, _colon, name = factory.partition(":")
            factory = getattr(importlib.import_module(module), name)
        made: QWidget = factory(studio, desk) if self.with_desk else factory(studio)
        return made


ROOMS = (
    Room(
        "start",
        _("Start"),
        "mdi6.home-outline",
        "dlstudio.ui.start.room:make",
        with_desk=True,
    ),
    Room(
        "data",
        _("Data"),
        "mdi6.database-outline",
        "dlstudio.ui.data.room:make",
        with_desk=True,
    ),
    Room("model", _("Model"), "mdi6.hexagon-outline", "dlstudio.ui.model.room:make"),
    Room("train", _("Train"), "mdi6.sine-wave", "dlstudio.ui.train.room:make"),
    Room("evaluate", _("Evaluate"), "mdi6.grid", "dlstudio.ui.evaluate.room:make"),
    Room("predict", _("Predict"), "mdi6.bullseye", "dlstudio.ui.predict.room:make"),
    Room("export", _("Export"), "mdi6.tray-arrow-up", "dlstudio.ui.export.room:make"),
)
