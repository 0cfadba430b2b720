"""What happens in a training, as values for curves, records and the terminal."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any

from dlstudio.document.values import FrozenMap


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `time` is seconds since the epoch (UTC)."""

    time: float


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """The run exists on disk and training begins (or goes on, `resumed_from`).

    `smaller_is_better` names the metrics, without "val_", that should fall.
    """

    run: str
    epochs: int
    steps_per_epoch: int
    batch_size: int
    samples: int
    device: str
    steps_per_execution: int = 1
    resumed_from: str = ""
    smaller_is_better: tuple[str, ...] = ("loss",)


@dataclass(frozen=True, slots=True)
class EpochBegan(Event):
    """`epoch` counts from 1."""

    epoch: int


@dataclass(frozen=True, slots=True)
class StepsDone(Event):
    """Some steps are done: `step` of this epoch is the last; metrics so far in it.

    `losses` has the loss of each single step since the last event, shape (steps,);
    `gradients` the norm of the last step's gradient by layer, if somebody looks;
    `memory` bytes by "process" and "GPU:0", ..., about once a second.
    """

    epoch: int
    step: int
    metrics: FrozenMap[str, float]
    losses: tuple[float, ...]
    learning_rate: float
    samples_per_second: float
    gradients: FrozenMap[str, float] = field(default_factory=FrozenMap)
    memory: FrozenMap[str, float] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class EpochEnded(Event):
    """Metrics of the training part and, prefixed with val_, of validation."""

    epoch: int
    metrics: FrozenMap[str, float]
    learning_rate: float
    seconds: float
    best: bool = False


@dataclass(frozen=True, slots=True)
class CheckpointSaved(Event):
    """`path` is relative to the run's folder."""

    epoch: int
    step: int
    path: str


@dataclass(frozen=True, slots=True)
class Intervened(Event):
    """The user, or a rule of the plan, changed something while training."""

    epoch: int
    step: int
    what: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class RunEnded(Event):
    """Always the last: outcome "succeeded", "failed" or "cancelled"."""

    run: str
    outcome: str
    metrics: FrozenMap[str, float] = field(default_factory=FrozenMap)
    message: str = ""
    hint: str = ""
    reason: str = ""


EVENTS: dict[str, type[Event]] = {
    each.__name__: each
    for each in (
        RunStarted,
        EpochBegan,
        StepsDone,
        EpochEnded,
        CheckpointSaved,
        Intervened,
        RunEnded,
    )
}


def event_to_json(event: Event) -> dict[str, Any]:
    """A JSON object whose "event" is the class's name; NaN and infinity as null."""
    fields = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    return {"event": type(event).__name__, **{k: _plain(v) for k, v in fields.items()}}


def event_from_json(item: dict[str, Any]) -> Event:
    """The event a JSON object stands for.

    Raises:
        KeyError, TypeError: It is not an event.
    """
    values = {k: v for k, v in item.items() if k != "event"}
    for name, value in values.items():
        if isinstance(value, dict):
            values[name] = FrozenMap({k: _number(v) for k, v in value.items()})
        elif isinstance(value, list):
            values[name] = tuple(_number(v) for v in value)
    return EVENTS[item["event"]](**values)


def _plain(value: Any) -> Any:
    if isinstance(value, FrozenMap):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _number(value: Any) -> Any:
    return math.nan if value is None else value
