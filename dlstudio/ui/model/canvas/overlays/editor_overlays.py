"""What lies above the canvas: hint, map, problems, toolbar and find bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from dlstudio.document.problems import Fix
from dlstudio.document.training_method import trains_layers
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.overlays.empty_hint import EmptyHint
from dlstudio.ui.model.canvas.overlays.find_bar import FindBar
from dlstudio.ui.model.canvas.overlays.minimap import MiniMap
from dlstudio.ui.model.canvas.overlays.overlay_placement import (
    place_overlays,
    uncover_step,
)
from dlstudio.ui.model.canvas.overlays.problem_cards import ProblemCards
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView

MIN_MAP_WIDTH = 560  # the map is hidden in narrower editors


class EditorOverlays:
    """Creates them, and keeps them in their places.

    Args:
        context: The graph of the canvas.
        view: Its view.
        toolbar: Placed with the others.
        apply_fix: Called with the fix of a problem that was chosen.
        editor: Owns them.
    """

    def __init__(
        self,
        context: EditContext,
        view: CanvasView,
        toolbar: QWidget,
        apply_fix: Callable[[Fix], None],
        editor: QWidget,
    ) -> None:
        theme = context.studio.theme
        self._context, self._view, self._editor = context, view, editor
        self._toolbar = toolbar
        self.hint = EmptyHint(theme, editor)
        self.minimap = MiniMap(context.scene, view, editor)
        self.problems = ProblemCards(context, view, self.minimap, apply_fix, editor)
        toolbar.raise_()
        self.find_bar = FindBar(theme, context, editor)

    def refresh(self) -> None:
        """Show the graph and its problems as they are now."""
        session = self._context.studio.session
        trains = trains_layers(session.project, session.catalog)
        self.hint.show_method(trains_layers=trains)
        self.hint.setVisible(not self._context.graph.nodes)
        self._show_map()
        self.refresh_reports()

    def refresh_reports(self) -> None:
        """Show problems and costs as they are now."""
        self.minimap.refresh()
        self.problems.refresh()

    def place(self) -> None:
        """Put them in their places after the editor was resized."""
        place_overlays(
            self._editor.rect(), self._toolbar, self.find_bar, self.minimap, self.hint
        )
        self._show_map()
        self.problems.place()

    def uncover(self, id: str) -> None:
        """Pan so that neither the find bar nor the map covers a node's card."""
        covers = (self.find_bar.geometry(), self.minimap.geometry())
        step = uncover_step(self._editor.rect(), self._view.card_rect(id), *covers)
        self._view.pan_by(step.x(), step.y())

    def _show_map(self) -> None:
        wide = self._editor.width() >= MIN_MAP_WIDTH
        self.minimap.setVisible(wide and bool(self._context.graph.nodes))
