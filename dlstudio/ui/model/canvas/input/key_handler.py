"""Keyboard handling of the canvas: commands and keyboard connections."""

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
    """Handles the key events of the view.

    Args:
        context: The graph to edit.
        commands: The handler of each canvas action, by action id.
        bubbles: Shows messages while connecting by keyboard.
    """

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
        """Whether a keyboard connection is in progress."""
        return self._connection is not None

    def pressed(self, event: QKeyEvent) -> bool:
        """Handle a key press and return whether it was consumed."""
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
        """Return the command bound to the pressed key, if any."""
        sequence = QKeySequence(event.keyCombination())
        text = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        # Keys of the numeric keypad are equivalent to the others.
        action = BY_KEY.get(text) or BY_KEY.get(text.replace("Num+", ""))
        return self._commands[action.id] if action else None

    def start_connecting(self) -> None:
        """Start a connection from the selected node."""
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
        """End the connection in progress."""
        if self._connection is not None:
            self._connection.end()
            self._connection = None
