"""Compares two sides, measured in turns by wall and CPU time."""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

COUNTED = os.name == "posix"
"""Whether the system provides the CPU time of finished child processes."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Wall seconds, and CPU seconds of all cores (user and system)."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Minimum, median and maximum of some values."""

    least: float
    median: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        return cls(min(values), statistics.median(values), max(values))

    def text(self, digits: int = 2) -> str:
        """ "1.26 (1.22–1.31)", or "–" if not measured."""
        if math.isnan(self.median):
            return "–"
        low, middle, high = (
            f"{each:.{digits}f}" for each in (self.least, self.median, self.most)
        )
        return f"{middle} ({low}–{high})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Times of both sides, one value per turn.

    Attributes:
        what: The measured task.
        against: The other side of the comparison.
        ours, theirs: Times in the order of the turns.
    """

    what: str
    against: str
    ours: tuple[Spent, ...]
    theirs: tuple[Spent, ...]

    def ratio(self, clock: str) -> Spread:
        """Their median ÷ ours: above 1 if dlstudio takes less.

        The range is that of the turns, each compared with its neighbour.

        Args:
            clock: "wall" or "cpu".
        """
        ours = [getattr(each, clock) for each in self.ours]
        theirs = [getattr(each, clock) for each in self.theirs]
        turns = [b / max(a, 1e-9) for a, b in zip(ours, theirs, strict=True)]
        medians = statistics.median(theirs) / max(statistics.median(ours), 1e-9)
        return Spread(min(turns), medians, max(turns))

    @property
    def smallest(self) -> float:
        """The smaller of both ratios."""
        found = (self.ratio(clock).median for clock in ("wall", "cpu"))
        return min(each for each in found if not math.isnan(each))

    def to_json(self) -> dict[str, Any]:
        """All measured values."""
        return {
            "what": self.what,
            "against": self.against,
            **{
                f"{side}_{clock}": [
                    getattr(each, clock) for each in getattr(self, side)
                ]
                for side in ("ours", "theirs")
                for clock in ("wall", "cpu")
            },
            **{f"{clock}_ratio": self.ratio(clock).median for clock in ("wall", "cpu")},
        }

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Comparison:
        """The comparison from its JSON form."""
        sides = (
            tuple(map(Spent, item[f"{side}_wall"], item[f"{side}_cpu"]))
            for side in ("ours", "theirs")
        )
        return cls(item["what"], item["against"], *sides)


def smallest_first(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Comparisons in the order of the report."""
    return sorted(comparisons, key=lambda each: each.smallest)


def process(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> tuple[Spent, str]:
    """Run a Python program; returns its time, including children, and its output.

    The CPU time is NaN if the system does not provide it.

    Args:
        command: Arguments for this Python.

    Raises:
        SystemExit: It failed; the message has its stderr.
    """
    begun, before = perf_counter(), _children()
    done = subprocess.run(
        [sys.executable, *command],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    wall, cpu = perf_counter() - begun, _children() - before
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} has failed:\n{done.stderr}")
    return Spent(wall, cpu if COUNTED else math.nan), done.stdout


def import_path(*folders: Path) -> dict[str, str]:
    """This process's environment, with further import folders."""
    path = os.pathsep.join(map(str, folders))
    return {**os.environ, "PYTHONPATH": path}


def reported(output: str) -> Any:
    """The JSON in the last line of a program's output."""
    return json.loads(output.splitlines()[-1])


def in_turns(
    sides: Mapping[str, Callable[[], Any]],
    turns: int,
    see: Callable[[str], None] = lambda _side: None,
) -> dict[str, list[Any]]:
    """Results of each side, alternating, `turns` times (A B A B …).

    Args:
        see: Called with the side that starts.
    """
    found: dict[str, list[Any]] = {name: [] for name in sides}
    for _turn in range(turns):
        for name, work in sides.items():
            see(name)
            found[name].append(work())
    return found


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system
