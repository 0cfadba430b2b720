"""The commands that the window's own menus call by name."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class EditorActions(QWidget):
    """A widget with the usual commands of an editor; it says how one is run."""

    def run(self, id: str) -> None:
        """Do the command of this id, if it makes sense now."""
        raise NotImplementedError

    def cut(self) -> None:
        """Cut the selected nodes."""
        self.run("cut")

    def copy(self) -> None:
        """Copy the selected nodes as text."""
        self.run("copy")

    def duplicate(self) -> None:
        """Add the selected nodes once more."""
        self.run("duplicate")

    def select_all(self) -> None:
        """Select every node."""
        self.run("select_all")

    def search(self) -> None:
        """Search on the canvas."""
        self.run("find")

    def zoom_in(self) -> None:
        """Larger."""
        self.run("zoom_in")

    def zoom_out(self) -> None:
        """Smaller."""
        self.run("zoom_out")

    def zoom_fit(self) -> None:
        """Show the whole graph."""
        self.run("fit")
