"""What the commands of the canvas act on."""

from __future__ import annotations

from typing import Protocol

from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.overlays.find_bar import FindBar
from dlstudio.ui.model.canvas.overlays.layer_chooser import LayerChooser
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView
from dlstudio.ui.session import Session


class CommandTarget(Protocol):
    """A canvas, as its commands see it."""

    session: Session
    context: EditContext
    view: CanvasView
    find_bar: FindBar
    layer_chooser: LayerChooser

    def start_connecting(self) -> None:
        """Let the arrow keys choose what the selected node is connected to."""

    def open_selected(self) -> None:
        """Open the node selected last, or the folded group it lies in."""

    def rename_selected(self) -> None:
        """Edit the name of what is selected where it is shown."""

    def paste(self, at: tuple[float, float] | None = None) -> None:
        """Paste nodes from the clipboard, their middle at a place of the scene."""

    def save_block(self) -> None:
        """Ask that the selected nodes be kept as a block."""

    def arrange(self) -> None:
        """Lay the graph out tidily and show it."""

    def fit_selection(self) -> None:
        """Show the selected nodes as large as they may be."""

    def go(self, direction: str) -> None:
        """Move the selection with an arrow."""

    def escape(self) -> None:
        """Close what is open, else select nothing."""
