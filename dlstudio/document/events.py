"""What happens in a training, as values for curves, records and the terminal."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio.document.values import FrozenMap
from dlstudio.json_values import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `time` is seconds since the epoch (UTC)."""

    time: float


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """The run exists on disk and training begins (or goes on, `resumed_from`).

    `smaller_is_better` names the metrics, without "val_", that should fall.
    `number` is what people call the run; 0 for one that an older dlstudio made.
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
    number: int = 0


@dataclass(frozen=True, slots=True)
class SamplesLeftOut(Event):
    """Some samples cannot be used: `count` of them, of which the first are named.

    `reasons` has a sentence for each name in `samples`.
    """

    count: int
    samples: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


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
        SamplesLeftOut,
        EpochBegan,
        StepsDone,
        EpochEnded,
        CheckpointSaved,
        Intervened,
        RunEnded,
    )
}


def event_to_json(event: Event) -> JsonObject:
    """A JSON object whose "event" is the class's name; NaN and infinity as null."""
    fields = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    return {"event": type(event).__name__, **{k: _plain(v) for k, v in fields.items()}}


def event_from_json(item: Mapping[str, JsonValue]) -> Event:
    """The event a JSON object stands for; what a newer dlstudio added is left out.

    Raises:
        KeyError, TypeError, ValueError: It is not an event.
    """
    name = _text(item["event"])
    readers = _FIELDS[name]
    values = {k: readers[k](v) for k, v in item.items() if k in readers}
    return EVENTS[name](**values)


def _plain(value: Any) -> JsonValue:
    if isinstance(value, FrozenMap):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    plain: JsonValue = value
    return plain


def _number(value: object) -> float:
    """NaN for null; no text, and nothing that is larger than any number."""
    if value is None:
        return math.nan
    if not isinstance(value, (int, float)) or math.isinf(number := float(value)):
        raise ValueError(value)
    return number if isinstance(value, float) else value


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _numbers(value: object) -> tuple[float, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_number, value))


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_text, value))


def _named_numbers(value: Any) -> FrozenMap[str, float]:
    return FrozenMap({name: _number(each) for name, each in value.items()})


def _anything(value: object) -> object:
    """An intervention's value: what it is depends on the intervention."""
    if isinstance(value, dict):
        return FrozenMap({k: math.nan if v is None else v for k, v in value.items()})
    if isinstance(value, list):
        return tuple(math.nan if v is None else v for v in value)
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "int": _integer,
    "float": _number,
    "str": _text,
    "bool": _flag,
    "tuple[float, ...]": _numbers,
    "tuple[str, ...]": _texts,
    "FrozenMap[str, float]": _named_numbers,
    "Any": _anything,
}


_FIELDS = {
    name: {f.name: _READERS[str(f.type)] for f in dataclasses.fields(kind)}
    for name, kind in EVENTS.items()
}
"""What reads each field of an event, by the type it is declared with."""
