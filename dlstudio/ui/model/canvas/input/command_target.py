"""The interface that canvas commands operate on."""

from __future__ import annotations

from typing import Protocol

from dlstudio.ui.model.canvas.editing.arrangement_job import ArrangementJob
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.overlays.find_bar import FindBar
from dlstudio.ui.model.canvas.overlays.layer_chooser import LayerChooser
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView
from dlstudio.ui.session import Session


class CommandTarget(Protocol):
    """A canvas as seen by its commands."""

    session: Session
    context: EditContext
    view: CanvasView
    find_bar: FindBar
    arrangement: ArrangementJob
    layer_chooser: LayerChooser

    def start_connecting(self) -> None:
        """Start connecting the selected node with the arrow keys."""

    def open_selected(self) -> None:
        """Open the node selected last, or expand its collapsed group."""

    def rename_selected(self) -> None:
        """Edit the selected node's or group's name in place."""

    def paste(self, at: tuple[float, float] | None = None) -> None:
        """Paste nodes from the clipboard, centred at a scene position."""

    def save_block(self) -> None:
        """Request that the selected nodes be saved as a block."""

    def open_layers(self) -> None:
        """Request that the selected network be opened into its layers."""

    def compare(self) -> None:
        """Request that the graph be compared with another one."""

    def save_drawing(self) -> None:
        """Request that the canvas be saved as a drawing."""

    def fit_selection(self) -> None:
        """Zoom to the selected nodes."""

    def go(self, direction: str) -> None:
        """Move the selection in the direction of an arrow key."""

    def escape(self) -> None:
        """Close the find bar if it is open, else clear the selection."""
