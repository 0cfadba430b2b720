"""The canvas' keys: commands, and connecting by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent, QKeySequence

from dlstudio.ui.model.canvas.adding import feeding
from dlstudio.ui.model.canvas.commands import BY_KEY, Command
from dlstudio.ui.model.canvas.connecting import Connecting

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.canvas import Canvas


class Keys:
    """Handles the keys that reach the view."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._connecting: Connecting | None = None

    @property
    def connecting(self) -> bool:
        """Whether the arrows choose the target of a wire now."""
        return self._connecting is not None

    def pressed(self, event: QKeyEvent) -> bool:
        """Handle a key; whether it was one of the canvas'."""
        if self._connecting is not None:
            if not self._connecting.key(event.key()):
                self._connecting = None
            return True
        command = self.command(event)
        if command is None:
            return False
        if command.when(self._canvas):
            command.run(self._canvas)
        return True

    def command(self, event: QKeyEvent) -> Command | None:
        """The command of a key."""
        sequence = QKeySequence(event.keyCombination())
        text = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        # The number block's keys say so; what they do is the same.
        return BY_KEY.get(text) or BY_KEY.get(text.replace("Num+", ""))

    def begin_connecting(self) -> None:
        """Let the arrows choose where a wire from the selected node goes."""
        board = self._canvas.board
        sources = feeding(board)
        if not sources:
            return
        self.stop()
        told = self._canvas.telling
        self._connecting = Connecting(board, sources[-1], told.say_at, told.ask_at)

    def stop(self) -> None:
        """Leave connecting."""
        if self._connecting is not None:
            self._connecting.end()
            self._connecting = None
