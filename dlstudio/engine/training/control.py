"""What may change while a training runs, and what is replayed from a record."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from queue import Empty, SimpleQueue
from typing import Any

from dlstudio.document.events import Event, Intervened
from dlstudio.document.values import FrozenMap

LEARNING_RATE = "learning_rate"
"""Sets the base rate, which the schedule then multiplies."""
FREEZE = "freeze"
"""Layers, by name, are no longer trained; the value is a tuple of names."""
THAW = "thaw"
"""They are trained again."""
DROPOUT = "dropout"
"""Rates of dropout layers, by name."""
CLASS_WEIGHTS = "class_weights"
"""Weights by class name; those that are not named weigh 1, and none at all is off."""
EPOCHS = "epochs"
"""Train up to this many epochs instead, whatever early stopping has said."""

PHASE = "phase"
"""The plan's own phase by its number, with the base rate it begins with."""

STEERING = (LEARNING_RATE, FREEZE, THAW, DROPOUT, CLASS_WEIGHTS, EPOCHS, PHASE)
"""What changes a training, and so is replayed."""

PLATEAU = "reduce_on_plateau"
"""Told when the plan's own rule lowers the rate; never replayed."""
PAUSE = "pause"
RESUME = "resume"
"""Told when it waits and when it goes on; they change nothing else."""
REFUSED = "refused"
"""Told when a wish could not be done; the value says why."""
DAMAGED = "damaged_checkpoint"
"""Told when a checkpoint could not be used; the value is its name."""

TrainingPlace = tuple[int, int]
"""Epoch (from 1) and steps of it that are done."""


class TrainingControl:
    """Interventions: those wished for just now, and those of a record.

    Safe to use from any thread.

    Args:
        replayed: Interventions of an earlier run, each taken at its own place.
    """

    def __init__(self, replayed: Iterable[Intervened] = ()) -> None:
        self._requests: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self._replayed = sorted(replayed, key=_place)
        self._running = threading.Event()
        self._running.set()
        self._gradients = False

    def set_learning_rate(self, rate: float) -> None:
        """Train on with another base rate, from the next call on."""
        self._requests.put((LEARNING_RATE, float(rate)))

    def freeze(self, layers: Iterable[str]) -> None:
        """Leave the weights of these layers as they are, from the next call on."""
        self._requests.put((FREEZE, tuple(layers)))

    def thaw(self, layers: Iterable[str]) -> None:
        """Train the weights of these layers (again), from the next call on."""
        self._requests.put((THAW, tuple(layers)))

    def set_dropout(self, rates: Mapping[str, float]) -> None:
        """Give dropout layers other rates, from 0 to less than 1, by name."""
        self._requests.put((DROPOUT, _numbers(rates)))

    def set_class_weights(self, weights: Mapping[str, float]) -> None:
        """Weigh classes otherwise; see `CLASS_WEIGHTS`."""
        self._requests.put((CLASS_WEIGHTS, _numbers(weights)))

    def set_epochs(self, epochs: int) -> None:
        """Train up to this many epochs; fewer than are done end it after this one."""
        self._requests.put((EPOCHS, int(epochs)))

    def pause(self) -> None:
        """Wait after the call that runs; a wish to stop is still answered."""
        self._running.clear()

    def resume(self) -> None:
        """Go on."""
        self._running.set()

    @property
    def paused(self) -> bool:
        """Whether it is to wait."""
        return not self._running.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep until it is to go on, but no longer than this."""
        self._running.wait(seconds)

    def watch_gradients(self, on: bool) -> None:
        """Tell the gradients' norms with each `StepsDone`, or no more."""
        self._gradients = on

    @property
    def gradients(self) -> bool:
        """Whether somebody looks at the gradients' norms."""
        return self._gradients

    def replay(self, events: Iterable[Event], since: TrainingPlace) -> None:
        """Take the interventions among `events` that came at or after `since`."""
        found = [e for e in interventions(events) if (e.epoch, e.step) >= since]
        self._replayed = sorted([*self._replayed, *found], key=_place)

    def due(self, place: TrainingPlace) -> list[tuple[str, object]]:
        """What is to be done now; each is given once."""
        found: list[tuple[str, Any]] = []
        while self._replayed and _place(self._replayed[0]) <= place:
            event = self._replayed.pop(0)
            found.append((event.what, event.value))
        while True:
            try:
                found.append(self._requests.get_nowait())
            except Empty:
                return found

    def room(self, place: TrainingPlace) -> int | None:
        """Steps of this epoch until the next replayed one, or None for no limit."""
        epoch, step = place
        for event in self._replayed:
            if event.epoch == epoch and event.step > step:
                return event.step - step
        return None


def interventions(events: Iterable[Event]) -> list[Intervened]:
    """The user's interventions in a record; where a run went on twice, the last."""
    found: dict[Any, Intervened] = {}
    for event in events:
        if isinstance(event, Intervened) and event.what in STEERING:
            key = event.epoch, event.step, event.what, _layers(event)
            found.pop(key, None)  # the last of its kind also comes last
            found[key] = event
    return sorted(found.values(), key=_place)


def _layers(event: Intervened) -> tuple[str, ...]:
    """Which layers it is about: others at the same place are another matter."""
    if event.what in (FREEZE, THAW):
        return tuple(event.value)
    return tuple(sorted(event.value)) if event.what == DROPOUT else ()


def _numbers(values: Mapping[str, float]) -> FrozenMap[str, float]:
    return FrozenMap({str(name): float(value) for name, value in values.items()})


def _place(event: Intervened) -> TrainingPlace:
    return event.epoch, event.step
