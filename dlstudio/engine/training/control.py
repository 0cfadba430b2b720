"""Interventions in a running training, live or replayed from a record."""

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
"""Freezes layers; the value is a tuple of their names."""
THAW = "thaw"
"""Unfreezes layers; the value is a tuple of their names."""
DROPOUT = "dropout"
"""Sets rates of dropout layers, by name."""
CLASS_WEIGHTS = "class_weights"
"""Sets weights by class name; other classes weigh 1, and no weights is off."""
EPOCHS = "epochs"
"""Sets the total number of epochs, regardless of early stopping."""

PHASE = "phase"
"""Enters a phase of the plan by its number, with its initial base rate."""

STEERING = (LEARNING_RATE, FREEZE, THAW, DROPOUT, CLASS_WEIGHTS, EPOCHS, PHASE)
"""Interventions that change a training, and so are replayed."""

PLATEAU = "reduce_on_plateau"
"""Reported when the plateau schedule lowers the rate; never replayed."""
PAUSE = "pause"
RESUME = "resume"
"""Reported when training is paused and resumed; no other effect."""
REFUSED = "refused"
"""Reported when an intervention could not be applied; the value is the reason."""
DAMAGED = "damaged_checkpoint"
"""Reported when a checkpoint could not be used; the value is its name."""

TrainingPlace = tuple[int, int]
"""Epoch (from 1) and number of its steps done."""


class TrainingControl:
    """Collects interventions: live ones, and those replayed from a record.

    Thread-safe.

    Args:
        replayed: Interventions of an earlier run, each applied at its own place.
    """

    def __init__(self, replayed: Iterable[Intervened] = ()) -> None:
        self._requests: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self._replayed = sorted(replayed, key=_place)
        self._running = threading.Event()
        self._running.set()
        self._gradients = False

    def set_learning_rate(self, rate: float) -> None:
        """Change the base learning rate, from the next call on."""
        self._requests.put((LEARNING_RATE, float(rate)))

    def freeze(self, layers: Iterable[str]) -> None:
        """Freeze these layers, from the next call on."""
        self._requests.put((FREEZE, tuple(layers)))

    def thaw(self, layers: Iterable[str]) -> None:
        """Unfreeze these layers, from the next call on."""
        self._requests.put((THAW, tuple(layers)))

    def set_dropout(self, rates: Mapping[str, float]) -> None:
        """Change dropout rates, 0 to less than 1, by layer name."""
        self._requests.put((DROPOUT, _numbers(rates)))

    def set_class_weights(self, weights: Mapping[str, float]) -> None:
        """Change class weights; see `CLASS_WEIGHTS`."""
        self._requests.put((CLASS_WEIGHTS, _numbers(weights)))

    def set_epochs(self, epochs: int) -> None:
        """Change the number of epochs; if exceeded, training ends after this epoch."""
        self._requests.put((EPOCHS, int(epochs)))

    def pause(self) -> None:
        """Pause after the current call; a stop request is still handled."""
        self._running.clear()

    def resume(self) -> None:
        """Continue after a pause."""
        self._running.set()

    @property
    def paused(self) -> bool:
        """Whether it is paused."""
        return not self._running.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep until resumed, at most this long."""
        self._running.wait(seconds)

    def watch_gradients(self, on: bool) -> None:
        """Report gradient norms with each `StepsDone`, or stop reporting them."""
        self._gradients = on

    @property
    def gradients(self) -> bool:
        """Whether gradient norms are reported."""
        return self._gradients

    def replay(self, events: Iterable[Event], since: TrainingPlace) -> None:
        """Replay the interventions among `events` at or after `since`."""
        found = [e for e in interventions(events) if (e.epoch, e.step) >= since]
        self._replayed = sorted([*self._replayed, *found], key=_place)

    def due(self, place: TrainingPlace) -> list[tuple[str, object]]:
        """Interventions to apply now; each is returned once."""
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
        """Steps of this epoch before the next replayed intervention, or None."""
        epoch, step = place
        for event in self._replayed:
            if event.epoch == epoch and event.step > step:
                return event.step - step
        return None


def interventions(events: Iterable[Event]) -> list[Intervened]:
    """The user's interventions in a record; if resumed twice, the last ones."""
    found: dict[Any, Intervened] = {}
    for event in events:
        if isinstance(event, Intervened) and event.what in STEERING:
            key = event.epoch, event.step, event.what, _layers(event)
            found.pop(key, None)  # keep the position of the last one of a kind
            found[key] = event
    return sorted(found.values(), key=_place)


def _layers(event: Intervened) -> tuple[str, ...]:
    """The layers of an intervention: other layers count as another intervention."""
    if event.what in (FREEZE, THAW):
        return tuple(event.value)
    return tuple(sorted(event.value)) if event.what == DROPOUT else ()


def _numbers(values: Mapping[str, float]) -> FrozenMap[str, float]:
    return FrozenMap({str(name): float(value) for name, value in values.items()})


def _place(event: Intervened) -> TrainingPlace:
    return event.epoch, event.step
