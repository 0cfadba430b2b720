"""Which run's model the rooms ask; the same in all of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from dlstudio.workers.run_list import KnownRows


class RunSelection(QObject):
    """The run that somebody chose; it outlives the rooms' widgets.

    Attributes:
        run: Its id, or "" for the newest.
        known: Rows that were read before; for `list_runs` alone.

    Signals:
        changed: Another run was chosen.
    """

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.run = ""
        self.known: KnownRows = {}

    def choose(self, run: str) -> None:
        """Ask this run's model from now on, in every room."""
        if run != self.run:
            self.run = run
            self.changed.emit(run)
