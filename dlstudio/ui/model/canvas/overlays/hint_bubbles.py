"""Sentences beside what they are about, and menus under it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint

from dlstudio.ui.model.canvas.connections.connection_rules import ConnectionVerdict
from dlstudio.ui.model.canvas.connections.group_ports import ConnectionCandidate
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.overlays.hint_bubble import HintBubble
from dlstudio.ui.model.canvas.overlays.target_menu import open_target_menu
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView


class HintBubbles:
    """What a canvas says while one works on it."""

    def __init__(
        self, context: EditContext, view: CanvasView, bubble: HintBubble
    ) -> None:
        self._context = context
        self._view = view
        self.bubble = bubble

    def show_message(self, text: str, at: QPoint, refused: bool = False) -> None:
        """Show a message beside a point of the view; an empty one hides it.

        Args:
            text: Translated.
            at: In the view's coordinates.
            refused: Show it as a refusal.
        """
        corner = self._view.geometry().topLeft()
        self.bubble.show_message(text, corner + at, refused)

    def show_message_at(self, id: str, text: str, refused: bool) -> None:
        """Show a message beside a node and scroll there; an empty one hides it.

        Args:
            id: The node's.
            text: Translated.
            refused: Show it as a refusal.
        """
        if not text or id not in self._context.graph.nodes:
            self.show_message("", QPoint())
            return
        self._view.scroll_to(id)
        self.show_message(text, self._view.card_rect(id).topRight(), refused)

    def choose_target_at(
        self,
        id: str,
        choices: tuple[ConnectionCandidate, ...],
        chosen: Callable[[ConnectionVerdict], object],
    ) -> None:
        """Let one of several nodes be chosen, in a menu under the card of one.

        Args:
            id: Of the node, or group, whose card the menu opens under.
            choices: What can be chosen.
            chosen: Called with the verdict of the one that was chosen.
        """
        view = self._view
        corner = view.card_rect(id).bottomLeft()
        at = view.viewport().mapToGlobal(corner)
        open_target_menu(self._context, view, choices, at, chosen)
