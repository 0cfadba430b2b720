"""The window's content, recreated when the language or the theme changes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.shell.header import Header
from dlstudio.ui.shell.menus import MenuBar
from dlstudio.ui.shell.project_bar import ProjectBar
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.shell.rail import Rail
from dlstudio.ui.shell.rooms import RoomDescription
from dlstudio.ui.shell.status_bar import StatusBar
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.cards import line
from dlstudio.ui.widgets.empty_state import EmptyState

TITLE_MENU = (
    "file.rename",
    "file.save",
    "file.save_as",
    "file.open",
    "file.new",
)


class RoomStack(QStackedWidget):
    """The rooms, each created when it is first shown.

    Args:
        studio: The window's services, theme and navigation.
        controller: Opens and saves projects.
        rooms: Descriptions of the rooms.

    Signals:
        shown: Emitted with the key of the current room.
    """

    shown = Signal(str)

    def __init__(
        self,
        studio: Studio,
        controller: ProjectController,
        rooms: Sequence[RoomDescription],
    ) -> None:
        super().__init__()
        self._studio = studio
        self._controller = controller
        self._rooms = {room.key: room for room in rooms}
        self._made: dict[str, QWidget] = {}
        self.key = ""

    def go(self, key: str) -> None:
        """Show a room; an error is shown in place of one that cannot be created."""
        if key not in self._rooms or key == self.key:
            return
        if key not in self._made:
            self._made[key] = self._make(self._rooms[key])
            self.addWidget(self._made[key])
        self.key = key
        self.setCurrentWidget(self._made[key])
        self.shown.emit(key)

    def current(self) -> QWidget:
        """The current room's widget."""
        return self._made[self.key]

    def made(self, key: str) -> QWidget | None:
        """The widget of a room, if it has been created."""
        return self._made.get(key)

    def _make(self, room: RoomDescription) -> QWidget:
        try:
            return room.make(self._studio, self._controller)
        except (UserError, ImportError) as error:
            self._studio.notices.error(error, str(error))
            return EmptyState(
                self._studio.theme,
                "mdi6.alert-circle-outline",
                _("This room could not be opened"),
                str(error),
            )


class WindowContent(QWidget):
    """Header, rail, rooms and status bar.

    Args:
        studio: The window's services, theme and navigation.
        controller: Opens and saves projects.
        menus: The menu bar, shown in the header.
        rooms: Descriptions of the rooms.
    """

    def __init__(
        self,
        studio: Studio,
        controller: ProjectController,
        menus: MenuBar,
        rooms: Sequence[RoomDescription],
    ) -> None:
        super().__init__()
        by_id = menus.actions_by_id
        title = [by_id[id, ""] for id in TITLE_MENU]
        languages: list[QAction] = [
            made for (id, _argument), made in by_id.items() if id == "view.language"
        ]
        self.header = Header(studio, menus, title)
        self.rail = Rail(studio.theme, rooms)
        self.rooms = RoomStack(studio, controller, rooms)
        self.status = StatusBar(studio, languages)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.rooms, 1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(line())
        column.addWidget(ProjectBar(studio.theme, controller))
        column.addLayout(middle, 1)
        column.addWidget(line())
        column.addWidget(self.status)
        self.rail.chosen.connect(self.rooms.go)
        self.rooms.shown.connect(self.rail.mark)

    def dock(self, widget: QWidget) -> None:
        """Insert a widget between the rooms and the status bar."""
        self._column.insertWidget(self._column.count() - 2, widget)
