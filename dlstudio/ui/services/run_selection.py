"""The run whose model is used, shared by all rooms."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from dlstudio.workers.run_list import KnownRows


class RunSelection(QObject):
    """The user's selected run; outlives the rooms.

    Attributes:
        run: Id of the run, or "" for the newest.
        known: Cached rows, used by `list_runs` only.

    Signals:
        changed: Emitted when another run is selected.
    """

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.run = ""
        self.known: KnownRows = {}

    def choose(self, run: str) -> None:
        """Select the run whose model is used in every room."""
        if run != self.run:
            self.run = run
            self.changed.emit(run)
