"""The long-running job shown in the header."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class ActivityControl:
    """A button that controls the running job from any room.

    Attributes:
        text: Button text in English; translated where it is shown.
    """

    text: str
    icon: str
    role: str
    work: Callable[[], None]


class Activity(QObject):
    """The long-running job shown in the header, regardless of the current room.

    Signals:
        changed: Emitted when `text`, `tone`, `room` or `controls` changes.
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
        """Set the job's control buttons; empty once the job has ended."""
        if controls != self.controls:
            self.controls = controls
            self.changed.emit()

    def show(
        self, make_text: Callable[[], str], room: str, tone: str = "accent"
    ) -> None:
        """Show a job in the header; clicking it opens `room`.

        Args:
            make_text: Returns the text; called again when the language changes.
            room: Key of the room.
            tone: "accent" while it runs, "good", "warning" or "bad" when it has ended.
        """
        self._make_text = make_text
        self._set_state(make_text(), room, tone)

    def retranslate(self) -> None:
        """Regenerate the text in the current language."""
        self._set_state(self._make_text(), self.room, self.tone)

    def clear(self) -> None:
        """Remove the job from the header."""
        self.show(str, self.room)

    def _set_state(self, text: str, room: str, tone: str) -> None:
        if (text, room, tone) != (self.text, self.room, self.tone):
            self.text, self.room, self.tone = text, room, tone
            self.changed.emit()
