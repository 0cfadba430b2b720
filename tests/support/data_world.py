"""A standalone Data room with real images, and cleanup."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.settings import SettingsStore
from dlstudio.ui.activity import Activity
from dlstudio.ui.data.room import DataRoom
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_services import ProjectServices
from dlstudio.ui.session import Session
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.workers.engine import Engine


class World:
    """The room's studio, its notices, and ways to wait."""

    def __init__(self, qtbot: QtBot, folder: Path, catalog: Catalog) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.reported: list[str] = []
        self.notices = Notices()
        self.notices.reported.connect(
            lambda text, _kind, _more: self.reported.append(text)
        )
        self.session = Session(catalog)
        self.engine = Engine(catalog)
        settings = SettingsStore(folder / "settings")
        self.services = ProjectServices(
            self.session, self.engine, settings, self.notices, Activity()
        )
        self.studio = Studio(self.services, LIGHT_THEME, lambda _key: None)
        self.room = self.new_room()

    def new_room(self) -> DataRoom:
        """A new room on the same studio, as after a language change."""
        self.room = DataRoom(self.studio)
        self.room.resize(1280, 760)
        self.room.show()
        self.qtbot.waitExposed(self.room)
        return self.room

    def open(self, *paths: Path) -> DataRoom:
        """Open files and wait until all resulting work is done."""
        self.room.take_files(paths)
        self.settle()
        return self.room

    def settle(self) -> None:
        """Wait until the data is open, split and examined."""
        controller = self.room.controller

        def settled() -> bool:
            return (
                controller.state == "ready"
                and controller.examined is not None
                and controller.view is not None
                and controller.view.dataset_split is not None
                and controller.progress is None
                and not controller.busy
            )

        until(settled)

    def close(self) -> None:
        """Stop all threads."""
        assert self.services.close()
        assert self.engine.close()
