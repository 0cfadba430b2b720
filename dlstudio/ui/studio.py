"""What every room is given: the collaborators, in one small value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from dlstudio.errors import UserError
from dlstudio.settings import SettingsStore
from dlstudio.ui.session import Session
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.engine import Engine


class Notices(QObject):
    """Where anything may say something to the user without a dialog.

    Signals:
        told: Text, kind ("info", "good", "warning", "bad"), details for a button.
    """

    told = Signal(str, str, str)

    def info(self, text: str) -> None:
        """A passing remark."""
        self.told.emit(text, "info", "")

    def good(self, text: str) -> None:
        """Something worked."""
        self.told.emit(text, "good", "")

    def error(self, error: BaseException, doing: str = "") -> None:
        """An error as a sentence; what is behind it goes behind a button."""
        import traceback

        if isinstance(error, UserError):
            self.told.emit(str(error), "bad", "")
            return
        details = "".join(traceback.format_exception(error))
        self.told.emit(doing or str(error), "bad", details)


@dataclass(frozen=True, slots=True)
class Studio:
    """Session, engine, theme, settings and the ways to say something or go somewhere.

    Attributes:
        go: Shows a room by its key: "start", "data", "model", ...
    """

    session: Session
    engine: Engine
    theme: Theme
    settings: SettingsStore
    notices: Notices
    go: Callable[[str], None]
