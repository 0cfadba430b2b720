"""The long job that runs, as the header tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class ActivityControl:
    """A button by which the job that runs is controlled from any room.

    Attributes:
        text: What it says, in English; translated where it is shown.
    """

    text: str
    icon: str
    role: str
    work: Callable[[], None]


class Activity(QObject):
    """The long job that the header tells of, whatever room is shown.

    Signals:
        changed: `text`, `tone`, `room` or `controls` differ.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_text: Callable[[], str] = str
        self.text = ""
        self.tone = "accent"
        self.room = ""
        self.controls: tuple[ActivityControl, ...] = ()

    def offer(self, controls: tuple[ActivityControl, ...]) -> None:
        """Let the header control the job; nothing for a job that has ended."""
        if controls != self.controls:
            self.controls = controls
            self.changed.emit()

    def show(
        self, make_text: Callable[[], str], room: str, tone: str = "accent"
    ) -> None:
        """Show a job in the status bar; a click leads to `room`.

        Args:
            make_text: Makes the text; called again when the language changes.
            room: Key of the room.
            tone: "accent" while it runs, "good", "warning" or "bad" when it has ended.
        """
        self._make_text = make_text
        self._set_state(make_text(), room, tone)

    def retranslate(self) -> None:
        """Say it in the language of now."""
        self._set_state(self._make_text(), self.room, self.tone)

    def clear(self) -> None:
        """There is nothing to tell."""
        self.show(str, self.room)

    def _set_state(self, text: str, room: str, tone: str) -> None:
        if (text, room, tone) != (self.text, self.room, self.tone):
            self.text, self.room, self.tone = text, room, tone
            self.changed.emit()
