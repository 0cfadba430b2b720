"""What may change while a training runs, and what is replayed from a record."""

from __future__ import annotations

from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import Any

from dlstudio.document.events import Event, Intervened

LEARNING_RATE = "learning_rate"
"""Sets the base rate, which the schedule then multiplies."""
PLATEAU = "reduce_on_plateau"
"""Told when the plan's own rule lowers the rate; never replayed."""

DAMAGED = "damaged_checkpoint"
"""Told when a checkpoint could not be used; the value is its name."""

Place = tuple[int, int]
"""Epoch (from 1) and steps of it that are done."""


class Control:
    """Interventions: those wished for just now, and those of a record.

    Safe to use from any thread.

    Args:
        replayed: Interventions of an earlier run, each taken at its own place.
    """

    def __init__(self, replayed: Iterable[Intervened] = ()) -> None:
        self._wishes: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self._replayed = sorted(replayed, key=lambda each: (each.epoch, each.step))

    def set_learning_rate(self, rate: float) -> None:
        """Train on with another base rate, from the next call on."""
        self._wishes.put((LEARNING_RATE, float(rate)))

    def replay(self, events: Iterable[Event], since: Place) -> None:
        """Take the interventions among `events` that came at or after `since`."""
        found = [e for e in interventions(events) if (e.epoch, e.step) >= since]
        self._replayed = sorted(
            [*self._replayed, *found], key=lambda each: (each.epoch, each.step)
        )

    def due(self, place: Place) -> list[tuple[str, Any]]:
        """What is to be done now; each is given once."""
        found: list[tuple[str, Any]] = []
        while self._replayed and _place(self._replayed[0]) <= place:
            event = self._replayed.pop(0)
            found.append((event.what, event.value))
        while True:
            try:
                found.append(self._wishes.get_nowait())
            except Empty:
                return found

    def room(self, place: Place) -> int | None:
        """Steps of this epoch until the next replayed one, or None for no limit."""
        epoch, step = place
        for event in self._replayed:
            if event.epoch == epoch and event.step > step:
                return event.step - step
        return None


def interventions(events: Iterable[Event]) -> list[Intervened]:
    """The user's interventions in a record; where a run went on twice, the last."""
    found = {
        (event.epoch, event.step, event.what): event
        for event in events
        if isinstance(event, Intervened) and event.what == LEARNING_RATE
    }
    return [found[key] for key in sorted(found)]


def _place(event: Intervened) -> Place:
    return event.epoch, event.step
