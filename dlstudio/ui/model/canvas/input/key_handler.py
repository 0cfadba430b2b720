"""The canvas' keys: commands, and connecting by keyboard."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent, QKeySequence

from dlstudio.ui.model.canvas.editing.node_insertion import selected_sources
from dlstudio.ui.model.canvas.input.command_target import CommandTarget
from dlstudio.ui.model.canvas.input.commands import BY_KEY, Command
from dlstudio.ui.model.canvas.input.keyboard_connection import KeyboardConnection
from dlstudio.ui.model.canvas.overlays.hint_bubbles import HintBubbles


class KeyHandler:
    """Handles the keys that reach the view."""

    def __init__(self, canvas: CommandTarget, bubbles: HintBubbles) -> None:
        self._canvas = canvas
        self._bubbles = bubbles
        self._connection: KeyboardConnection | None = None

    @property
    def connecting(self) -> bool:
        """Whether the arrows choose the target of an edge now."""
        return self._connection is not None

    def pressed(self, event: QKeyEvent) -> bool:
        """Handle a key; whether it was one of the canvas'."""
        if self._connection is not None:
            if not self._connection.key(event.key()):
                self._connection = None
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

    def start_connecting(self) -> None:
        """Let the arrows choose where an edge from the selected node goes."""
        context = self._canvas.context
        sources = selected_sources(context)
        if not sources:
            return
        self.stop()
        self._connection = KeyboardConnection(
            context,
            sources[-1],
            self._bubbles.show_message_at,
            self._bubbles.choose_target_at,
        )

    def stop(self) -> None:
        """Leave connecting."""
        if self._connection is not None:
            self._connection.end()
            self._connection = None
