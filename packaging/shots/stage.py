"""The window that images are taken of, and ways to work it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

import dlstudio.workers.qt  # noqa: F401
from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.settings import SettingsStore
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.recovery import new_recovery_path, save_recovery
from dlstudio.ui.shell.window import Window

SECONDS = 240


@dataclass(frozen=True, slots=True)
class Scene:
    """One image: what is done before; the widget that is shown, if not the window."""

    name: str
    prepare: Callable[[Stage], QWidget | None]


@dataclass(frozen=True, slots=True)
class Act:
    """Scenes with the same project on the table.

    Attributes:
        begin: Puts it there, and has everything trained that is shown.
    """

    begin: Callable[[Stage], None]
    scenes: tuple[Scene, ...]


class Stage:
    """A window with settings of its own, and nothing of the user's.

    Args:
        home: An empty folder for all it makes.
        images: A folder of images, one folder for each class.
    """

    def __init__(self, home: Path, images: Path) -> None:
        self.home, self.images = home, images
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        settings = SettingsStore(home / "settings")
        self.core = Core.make(app, Catalog.load(), settings, home / "recovery")
        # As a window that crashed has left it.
        left = new_recovery_path(home / "recovery")
        save_recovery(None, left, Project(name="Fashion items"), None)
        self.window = Window(self.core)
        self.shell = self.window.shell
        self.shell.controller.projects = home / "Documents" / "dlstudio"
        self.window.show()
        self.shell.engine_status.begin()
        self.until(lambda: self.core.engine.state in ("ready", "failed"))

    @property
    def room(self) -> Any:
        """The room that is shown."""
        return self.shell.room()

    def go(self, key: str) -> Any:
        """Show a room; the room."""
        self.shell.go(key)
        return self.shell.room()

    def call(self, method: str) -> None:
        """Call one of the room's own methods, if it has it."""
        found = getattr(self.shell.room(), method, None)
        if callable(found):
            found()

    def checked(self) -> bool:
        """Whether shapes and problems of the project as it is now are there."""
        found = self.shell.engine_status.analysis
        return found is not None and found.revision == self.core.session.revision

    def set_appearance(self, theme: str, language: str, size: str) -> None:
        """Theme, language and size of the window."""
        self.shell.set(theme=theme, language=language)
        width, height = map(int, size.split("x"))
        self.window.setMinimumSize(1, 1)
        self.window.resize(width, height)
        self.settle(0.2)

    def take(self, scene: Scene, path: Path) -> None:
        """One image."""
        widget = scene.prepare(self) or self.window
        self.settle(0.35)
        widget.grab().save(str(path))
        print(path, flush=True)
        self._tidy()

    def until(self, true: Callable[[], bool]) -> None:
        """Wait, with the window alive.

        Raises:
            TimeoutError: It takes too long.
        """
        end = time.monotonic() + SECONDS
        while not true():
            self.settle(0.05)
            if time.monotonic() > end:
                raise TimeoutError("the window did not become what was waited for")

    def settle(self, seconds: float) -> None:
        """Let the window do what it has to do."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QCoreApplication.processEvents()
            # Outside of a running loop nobody else does this.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            time.sleep(0.005)

    def _tidy(self) -> None:
        """Close what a scene has opened, and take back its edits."""
        self.shell.palette.dismiss()
        self.window.show_hint(None)
        for box in self.window.findChildren(QMessageBox):
            box.reject()
        for dialog in tuple(self.shell.dialogs()):
            dialog.close()
        if self.shell.guide.shown is not None:
            self.shell.guide.shown.close()
        for bar in tuple(self.shell.notices.bars):
            bar.closed.emit()
        if self.core.session.history.past:
            while self.core.session.history.past:
                self.core.session.undo()
            self.until(self.checked)
