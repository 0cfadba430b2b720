"""Where the window was: restored on start, remembered on closing."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QMainWindow

from dlstudio.errors import UserError
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.window_placement import (
    ScreenRect,
    WindowPlacement,
    minimum_size,
    parse_placement,
    place,
    placement_text,
)

PLACE = "place"


class RememberedPlacement(QObject):
    """Size and position of the window, in the settings.

    Args:
        core: Has the settings.
        window: The main window.
    """

    def __init__(self, core: Core, window: QMainWindow) -> None:
        super().__init__(window)
        self._core = core
        self._window = window
        self._follows_screen = False

    def restore(self) -> None:
        """Put the window where it was, if that is still on a screen."""
        saved = parse_placement(self._core.settings.value.window.get(PLACE, ""))
        screens = [_box(each) for each in _screens()]
        number, placed = place(screens, saved)
        self._fit_minimum(screens[number])
        box = placed.box
        self._window.setGeometry(QRect(box.x, box.y, box.width, box.height))
        if placed.maximized:
            self._window.setWindowState(Qt.WindowState.WindowMaximized)

    def follow_screen(self) -> None:
        """Adapt the minimum size to each screen from now on; the window is shown."""
        handle = self._window.windowHandle()
        if handle is not None and not self._follows_screen:
            self._follows_screen = True
            handle.screenChanged.connect(self._screen_changed)

    def remember(self) -> None:
        """Save where the window is."""
        window = self._window
        inner = window.normalGeometry() if self._fills_screen() else window.geometry()
        box = ScreenRect(inner.x(), inner.y(), inner.width(), inner.height())
        text = placement_text(WindowPlacement(box, window.isMaximized()))
        try:
            settings = self._core.settings
            settings.change(window={**settings.value.window, PLACE: text})
        except UserError as error:  # a full disk must not prevent closing
            self._core.notices.error(error)

    def _fit_minimum(self, screen: ScreenRect) -> None:
        self._window.setMinimumSize(*minimum_size(screen))

    def _screen_changed(self, screen: QScreen | None) -> None:
        """Adapt the minimum size to a smaller screen."""
        if screen is not None:
            self._fit_minimum(_box(screen))

    def _fills_screen(self) -> bool:
        window = self._window
        filled = window.isMaximized() or window.isFullScreen() or window.isMinimized()
        return filled and window.normalGeometry().isValid()


def _screens() -> list[QScreen]:
    """All screens, the primary one first."""
    first = QGuiApplication.primaryScreen()
    return [first, *(each for each in QGuiApplication.screens() if each is not first)]


def _box(screen: QScreen) -> ScreenRect:
    free = screen.availableGeometry()
    return ScreenRect(free.x(), free.y(), free.width(), free.height())
