"""What is said to the user without a dialog."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from dlstudio.errors import UserError


class Notices(QObject):
    """Where anything may say something to the user without a dialog.

    Signals:
        reported: Text, kind ("info", "good", "warning", "bad"), details for a button.
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
        """Report something about the program or this machine, whatever project is open.

        Args:
            text: Translated.
            kind: "info", "good", "warning" or "bad".
            details: Shown by a button; "" for none.
        """
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
