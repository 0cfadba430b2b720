"""Displayed names of runs, shared by all rooms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QObject

from dlstudio.ui.run_text import run_name


class NumberedRun(Protocol):
    """A numbered run in a list."""

    @property
    def id(self) -> str:
        """Unique in the project, and the name of the run's folder."""

    @property
    def number(self) -> int:
        """The number shown to the user."""


class RunNames(QObject):
    """Numbers of runs by id, from all lists read so far."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, int] = {}

    def learn(self, runs: Iterable[NumberedRun]) -> None:
        """Add the runs of a list."""
        self._numbers.update((run.id, run.number) for run in runs)

    def note(self, run: str, number: int) -> None:
        """Add one run; the number 0 is ignored."""
        if number:
            self._numbers[run] = number

    def name(self, run: str) -> str:
        """The run's number; its short id while the number is unknown."""
        return run_name(self._numbers.get(run, 0), run)
