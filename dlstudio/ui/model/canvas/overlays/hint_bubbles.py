"""Message bubbles and target menus beside canvas items."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint

from dlstudio.document.canvas.connection_rules import ConnectionVerdict
from dlstudio.document.canvas.group_ports import ConnectionCandidate
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.overlays.hint_bubble import HintBubble
from dlstudio.ui.model.canvas.overlays.target_menu import open_target_menu
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView


class HintBubbles:
    """Shows messages and menus beside nodes or points of the view.

    Args:
        context: The graph that is shown.
        view: The view whose coordinates are used.
        bubble: The bubble to show messages in.
    """

    def __init__(
        self, context: EditContext, view: CanvasView, bubble: HintBubble
    ) -> None:
        self._context = context
        self._view = view
        self.bubble = bubble

    def show_message(self, text: str, at: QPoint, refused: bool = False) -> None:
        """Show a message beside a point of the view; an empty message hides it.

        Args:
            text: Translated message.
            at: In the view's coordinates.
            refused: Use the colours of a refusal.
        """
        corner = self._view.geometry().topLeft()
        self.bubble.show_message(text, corner + at, refused)

    def show_message_at(self, id: str, text: str, refused: bool) -> None:
        """Scroll to a node and show a message beside it; an empty one hides it.

        Args:
            id: The node's id.
            text: Translated message.
            refused: Use the colours of a refusal.
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
        """Open a menu below a card to let the user choose one of several nodes.

        Args:
            id: Id of the node or group whose card the menu opens below.
            choices: The nodes to choose from.
            chosen: Called with the verdict of the chosen node.
        """
        view = self._view
        corner = view.card_rect(id).bottomLeft()
        at = view.viewport().mapToGlobal(corner)
        open_target_menu(self._context, view, choices, at, chosen)
