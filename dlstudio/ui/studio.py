"""What every room is given: the collaborators, in one small value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from PySide6.QtCore import QObject, Signal

from dlstudio.errors import UserError
from dlstudio.settings import SettingsStore
from dlstudio.ui.room_capabilities import Visit, visit_nothing
from dlstudio.ui.session import Session
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.engine import Engine

T = TypeVar("T", bound=QObject)


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
        """Tell of a job; a click leads to `room`.

        Args:
            say: Makes the sentence; asked again when another language is spoken.
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


class ProjectServices(QObject):
    """What must outlive a room, which is made anew with another language or theme.

    A kept object that has a `close` is closed with the window.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._objects: dict[str, QObject] = {}

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The object called `key`; made the first time it is asked for."""
        if key not in self._objects:
            made = make()
            made.setParent(self)
            self._objects[key] = made
        return cast(T, self._objects[key])

    @property
    def busy(self) -> bool:
        """Whether one of them says, by `needs_quit_confirmation`, that it must not end
        unasked."""
        answers = (
            getattr(each, "needs_quit_confirmation", False)
            for each in self._objects.values()
        )
        return any(answers)

    @property
    def quit_warnings(self) -> tuple[str, ...]:
        """What they say, by `quit_warning`, to somebody who wants to quit."""
        warnings = (
            getattr(each, "quit_warning", "") for each in self._objects.values()
        )
        return tuple(text for text in warnings if text)

    def close(self) -> bool:
        """Close everything; whether all ended in time."""
        in_time = True
        for each in self._objects.values():
            close = getattr(each, "close", None)
            if close is not None and close() is False:
                in_time = False
        return in_time


class Notices(QObject):
    """Where anything may say something to the user without a dialog.

    Signals:
        told: Text, kind ("info", "good", "warning", "bad"), details for a button.
        resolved: A topic of which what was told is no longer so.
    """

    reported = Signal(str, str, str)
    resolved = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lasting: set[str] = set()
        self._topics: dict[str, str] = {}

    def lasting(self, text: str) -> bool:
        """Whether a notice is about the program, and not about the open project."""
        return text in self._lasting

    def topic(self, text: str) -> str:
        """What a notice is about, such as "save"; "" where nothing resolves it."""
        return self._topics.get(text, "")

    def resolve(self, topic: str) -> None:
        """It works now: what was told of it before goes."""
        self.resolved.emit(topic)

    def system(self, text: str, kind: str, details: str = "") -> None:
        """Something about the program or this machine, whatever project is open."""
        self._lasting.add(text)
        self.reported.emit(text, kind, details)

    def info(self, text: str) -> None:
        """A passing remark."""
        self.reported.emit(text, "info", "")

    def good(self, text: str) -> None:
        """Something worked."""
        self.reported.emit(text, "good", "")

    def error(self, error: BaseException, doing: str = "", topic: str = "") -> None:
        """An error as a sentence; what is behind it goes behind a button.

        Args:
            topic: What it is about; it goes when that is resolved.
        """
        import traceback

        known = isinstance(error, UserError)
        text = str(error) if known else doing or str(error)
        details = "" if known else "".join(traceback.format_exception(error))
        if topic:
            self._topics[text] = topic
        self.reported.emit(text, "bad", details)


@dataclass(frozen=True, slots=True)
class Studio:
    """Session, engine, theme, settings and the ways to say something or go somewhere.

    Attributes:
        go: Shows a room by its key: "start", "data", "model", ...
        visit: Shows a room and asks it for something.
        activity: Where a long job tells how it goes, for the header.
        kept: Holds what must go on when the rooms are made anew, such as a training.
    """

    session: Session
    engine: Engine
    theme: Theme
    settings: SettingsStore
    notices: Notices
    go: Callable[[str], None]
    visit: Visit = visit_nothing
    activity: Activity = field(default_factory=Activity)
    services: ProjectServices = field(default_factory=ProjectServices)
