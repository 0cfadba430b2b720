"""The window's interface for the handlers of actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QWidget

from dlstudio.ui.room_capabilities import C, Destination
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.project_controller import ProjectController


class ShellProtocol(Protocol):
    """The window's interface for the handlers."""

    core: Core
    controller: ProjectController

    def go(self, key: str) -> None:
        """Show a room."""

    def visit(self, place: Destination[C], ask: Callable[[C], None], /) -> bool:
        """Show a room; call `ask` with it and return True if it has the capability."""

    def room_key(self) -> str:
        """The key of the current room."""

    def room(self) -> QWidget:
        """The widget of the current room."""

    def set(self, **values: object) -> None:
        """Change settings and apply them."""

    def show_palette(self) -> None:
        """Open the command palette."""

    def show_dialog(self, name: str) -> None:
        """Open "preferences", "shortcuts", "about" or "doctor"."""

    def show_guide(self, topic: str) -> None:
        """Open the guide at a topic."""

    def import_model(self) -> None:
        """Choose a file of a Keras model, and make a project of it."""

    def view_model(self) -> None:
        """Choose a file of a converted model, and view it."""

    def trust_code(self) -> None:
        """Show the code of the project, and ask whether it is trusted."""

    def begin_rename(self) -> None:
        """Start editing the project's name."""

    def close(self) -> bool:
        """Close the window."""

    def toggle_full_screen(self) -> None:
        """Enter or leave full screen."""
