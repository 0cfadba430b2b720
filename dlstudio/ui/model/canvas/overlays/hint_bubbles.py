"""Sentences beside what they are about, and menus under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from dlstudio.ui.model.canvas.connections.connection_rules import ConnectionVerdict
from dlstudio.ui.model.canvas.connections.group_ports import ConnectionCandidate
from dlstudio.ui.model.canvas.overlays.hint_bubble import HintBubble
from dlstudio.ui.model.canvas.overlays.target_menu import open_target_menu

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.editor import CanvasEditor


class HintBubbles:
    """What a canvas says while one works on it."""

    def __init__(self, canvas: CanvasEditor, bubble: HintBubble) -> None:
        self._canvas = canvas
        self.bubble = bubble

    def show_message(self, text: str, at: QPoint, refused: bool = False) -> None:
        """Show a sentence beside a point of the view, or none."""
        corner = self._canvas.view.geometry().topLeft()
        self.bubble.show_message(text, corner + at, refused)

    def show_message_at(self, id: str, text: str, refused: bool) -> None:
        """Show a sentence beside a node, or none."""
        canvas = self._canvas
        if not text or id not in canvas.context.graph.nodes:
            self.show_message("", QPoint())
            return
        canvas.scroll_to(id)
        self.show_message(text, canvas.card_rect(id).topRight(), refused)

    def choose_target_at(
        self,
        id: str,
        choices: tuple[ConnectionCandidate, ...],
        chosen: Callable[[ConnectionVerdict], object],
    ) -> None:
        """Let one of several nodes be chosen, in a menu under the card of one."""
        canvas = self._canvas
        corner = canvas.card_rect(id).bottomLeft()
        at = canvas.view.viewport().mapToGlobal(corner)
        open_target_menu(canvas, choices, at, chosen)
