"""Summarizes the events of a run: epochs, best values and time."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.document.events import EpochEnded, Event, RunStarted, event_from_json
from dlstudio.document.run_metrics import BestValue, best_of, should_rise
from dlstudio.engine.runs.journal import DAMAGE, read_lines

_REPORTED = (b'{"event": "RunStarted"', b'{"event": "EpochEnded"')


@dataclass
class RunSummary:
    """Aggregates the events of a run, in order.

    If an epoch was trained twice, because the run was resumed from an earlier
    checkpoint, the last time counts.

    Attributes:
        epochs: The `EpochEnded` event of each epoch, by number.
    """

    epochs: dict[int, EpochEnded] = field(default_factory=dict)
    _earlier: float = 0.0
    _began: float = math.nan
    _last: float = math.nan

    @property
    def elapsed(self) -> float:
        """Seconds from the first event to the last, without interruptions."""
        return self._earlier + self._current()

    def add(self, event: Event) -> None:
        """Add one event."""
        if isinstance(event, RunStarted):
            self._earlier += self._current()
            self._began = self._last = event.time
            if event.resumed_from:
                self.forget_after(_epochs_of(event.resumed_from))
        elif isinstance(event, EpochEnded):
            self.forget_after(event.epoch - 1)
            self.epochs[event.epoch] = event
        self.add_time(event.time)

    def add_time(self, time: float) -> None:
        """Add the time of an event; a clock that was set back counts as no time."""
        if not math.isnan(self._began):
            self._last = max(self._last, time)

    def best_values(self, falling: Collection[str]) -> dict[str, BestValue]:
        """The best value of each metric.

        Args:
            falling: Names, without "val_", of metrics to minimize.
        """
        found: dict[str, BestValue] = {}
        for number in sorted(self.epochs):
            for name, value in self.epochs[number].metrics.items():
                if math.isfinite(value):
                    new, before = BestValue(value, number), found.get(name)
                    both = [new] if before is None else [before, new]
                    found[name] = best_of(both, should_rise(name, falling)) or new
        return found

    def _current(self) -> float:
        return 0.0 if math.isnan(self._began) else self._last - self._began

    def forget_after(self, epoch: int) -> None:
        """Drop later epochs, which are trained again."""
        self.epochs = {n: each for n, each in self.epochs.items() if n <= epoch}


def summarize(path: Path) -> RunSummary:
    """The summary of a journal; of events between epochs only the time is read.

    Raises:
        UserError: It exists but cannot be read.
    """
    summary, last = RunSummary(), b""
    for line in read_lines(path):
        if line.startswith(_REPORTED):
            _add_line(summary, last, whole=False)
            _add_line(summary, line)
        last = line
    _add_line(summary, last, whole=False)
    return summary


def _add_line(summary: RunSummary, line: bytes, whole: bool = True) -> None:
    if not line:
        return
    with suppress(*DAMAGE):
        event = event_from_json(json.loads(line))
        if whole:
            summary.add(event)
        else:
            summary.add_time(event.time)


def _epochs_of(checkpoint: str) -> int:
    """Epochs at a checkpoint: 3 for "epoch-00003-step-00000000", 0 for "start"."""
    numbers = [int(part) for part in checkpoint.split("-") if part.isdigit()]
    return numbers[0] if numbers else 0
