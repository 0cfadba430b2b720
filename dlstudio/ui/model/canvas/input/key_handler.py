"""The canvas' keys: commands, and connecting by keyboard."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QKeyEvent, QKeySequence

from dlstudio.ui.actions import CommandHandler
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.editing.node_insertion import selected_sources
from dlstudio.ui.model.canvas.input.actions import BY_KEY
from dlstudio.ui.model.canvas.input.keyboard_connection import KeyboardConnection
from dlstudio.ui.model.canvas.overlays.hint_bubbles import HintBubbles


class KeyHandler:
    """Handles the keys that reach the view."""

    def __init__(
        self,
        context: EditContext,
        commands: Mapping[str, CommandHandler],
        bubbles: HintBubbles,
    ) -> None:
        self._context = context
        self._commands = commands
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
        if command.enabled():
            command.run()
        return True

    def command(self, event: QKeyEvent) -> CommandHandler | None:
        """What the pressed key runs on the canvas."""
        sequence = QKeySequence(event.keyCombination())
        text = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        # The number block's keys say so; what they do is the same.
        action = BY_KEY.get(text) or BY_KEY.get(text.replace("Num+", ""))
        return self._commands[action.id] if action else None

    def start_connecting(self) -> None:
        """Let the arrows choose where an edge from the selected node goes."""
        context = self._context
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
