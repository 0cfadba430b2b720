"""Sentences beside what they are about, and menus under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from dlstudio.ui.model.canvas.asking import ask_which
from dlstudio.ui.model.canvas.bubble import Bubble
from dlstudio.ui.model.canvas.can_connect import Verdict
from dlstudio.ui.model.canvas.doors import Choice

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.canvas import Canvas


class Telling:
    """What a canvas says while one works on it."""

    def __init__(self, canvas: Canvas, bubble: Bubble) -> None:
        self._canvas = canvas
        self.bubble = bubble

    def say(self, text: str, at: QPoint, refused: bool = False) -> None:
        """Show a sentence beside a point of the view, or none."""
        corner = self._canvas.view.geometry().topLeft()
        self.bubble.say(text, corner + at, refused)

    def say_at(self, id: str, text: str, refused: bool) -> None:
        """Show a sentence beside a node, or none."""
        canvas = self._canvas
        if not text or id not in canvas.board.graph.nodes:
            self.say("", QPoint())
            return
        canvas.bring(id)
        self.say(text, canvas.card(id).topRight(), refused)

    def ask_at(
        self, id: str, choices: tuple[Choice, ...], chosen: Callable[[Verdict], object]
    ) -> None:
        """Let one of several nodes be chosen, in a menu under the card of one."""
        canvas = self._canvas
        corner = canvas.card(id).bottomLeft()
        at = canvas.view.viewport().mapToGlobal(corner)
        ask_which(canvas, choices, at, chosen)
