"""What the runs of the open projects are called, wherever one is mentioned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QObject

from dlstudio.ui.run_text import run_name


class NumberedRun(Protocol):
    """A run of a list."""

    @property
    def id(self) -> str:
        """Unique in the project, and the name of the run's folder."""

    @property
    def number(self) -> int:
        """What people call it."""


class RunNames(QObject):
    """Numbers of runs by their ids, from every list that was read."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, int] = {}

    def learn(self, runs: Iterable[NumberedRun]) -> None:
        """Take in a list as it is now."""
        self._numbers.update((run.id, run.number) for run in runs)

    def note(self, run: str, number: int) -> None:
        """Take in one run; 0 tells nothing."""
        if number:
            self._numbers[run] = number

    def name(self, run: str) -> str:
        """The run's number; the end of its id while that is not known."""
        return run_name(self._numbers.get(run, 0), run)
