"""Messages shown to the user without a dialog."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from dlstudio.errors import UserError


class Notices(QObject):
    """Reports messages to the user without a dialog.

    Signals:
        reported: Emitted with text, kind ("info", "good", "warning", "bad"), details.
        resolved: Emitted with a topic whose messages no longer apply.
    """

    reported = Signal(str, str, str)
    resolved = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lasting: set[str] = set()
        self._topics: dict[str, str] = {}

    def lasting(self, text: str) -> bool:
        """Whether a notice is about the application rather than the open project."""
        return text in self._lasting

    def topic(self, text: str) -> str:
        """The topic of a notice, such as "save"; "" if nothing resolves it."""
        return self._topics.get(text, "")

    def resolve(self, topic: str) -> None:
        """Mark a topic as resolved: its notices are removed."""
        self.resolved.emit(topic)

    def system(self, text: str, kind: str, details: str = "") -> None:
        """Report something about the application or this machine, not the project.

        Args:
            text: Translated.
            kind: "info", "good", "warning" or "bad".
            details: Shown by a button; "" for none.
        """
        self._lasting.add(text)
        self.reported.emit(text, kind, details)

    def info(self, text: str) -> None:
        """Report a transient message."""
        self.reported.emit(text, "info", "")

    def good(self, text: str) -> None:
        """Report a success."""
        self.reported.emit(text, "good", "")

    def error(self, error: BaseException, doing: str = "", topic: str = "") -> None:
        """Report an error by its message; the cause is shown by a button.

        Args:
            topic: Topic of the notice; it is removed when the topic is resolved.
        """
        import traceback

        known = isinstance(error, UserError)
        text = str(error) if known else doing or str(error)
        details = "" if known else "".join(traceback.format_exception(error))
        if topic:
            self._topics[text] = topic
        self.reported.emit(text, "bad", details)
