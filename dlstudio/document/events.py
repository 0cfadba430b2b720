"""Events of a training, as values for curves, records and the terminal."""

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
    """Base class of events; `time` is in seconds since the epoch (UTC)."""

    time: float


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """The run exists on disk and training starts (or resumes, `resumed_from`).

    `smaller_is_better` names the metrics, without "val_", that should decrease.
    `number` is the displayed run number; 0 for runs of older versions.
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
class SamplesExcluded(Event):
    """`count` samples cannot be used; the first of them are named.

    `reasons` has a message for each id in `samples`.
    """

    count: int
    samples: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EpochBegan(Event):
    """An epoch started; `epoch` counts from 1."""

    epoch: int


@dataclass(frozen=True, slots=True)
class FeaturesComputed(Event):
    """Features of `done` of `total` samples are computed, before an epoch's first step.

    It only shows progress, and is not kept in the journal.
    """

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class StepsDone(Event):
    """Steps are done, up to `step` of this epoch; `metrics` are those so far in it.

    `losses` has the loss of each step since the last event, shape (steps,); `gradients`
    the norm of the last step's gradient by layer, if requested; `memory` bytes by
    "process" and "GPU:0", ..., about once a second.
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
    """Metrics of the training and, prefixed with val_, the validation split."""

    epoch: int
    metrics: FrozenMap[str, float]
    learning_rate: float
    seconds: float
    best: bool = False


@dataclass(frozen=True, slots=True)
class CheckpointSaved(Event):
    """A checkpoint was saved; `path` is relative to the run's folder."""

    epoch: int
    step: int
    path: str


@dataclass(frozen=True, slots=True)
class Intervened(Event):
    """The user, or a rule of the plan, intervened in the training."""

    epoch: int
    step: int
    what: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class RunEnded(Event):
    """The last event of every run: outcome "succeeded", "failed" or "cancelled"."""

    run: str
    outcome: str
    metrics: FrozenMap[str, float] = field(default_factory=FrozenMap)
    message: str = ""
    hint: str = ""
    reason: str = ""


# Names in JSON are part of the journal's format: they outlive those of the classes.
EVENTS: dict[str, type[Event]] = {
    "RunStarted": RunStarted,
    "SamplesLeftOut": SamplesExcluded,
    "EpochBegan": EpochBegan,
    "FeaturesComputed": FeaturesComputed,
    "StepsDone": StepsDone,
    "EpochEnded": EpochEnded,
    "CheckpointSaved": CheckpointSaved,
    "Intervened": Intervened,
    "RunEnded": RunEnded,
}
_NAMES = {kind: name for name, kind in EVENTS.items()}


def event_to_json(event: Event) -> JsonObject:
    """A JSON object with the event's name as "event"; NaN and infinity are null."""
    fields = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    return {"event": _NAMES[type(event)], **{k: _plain(v) for k, v in fields.items()}}


def event_from_json(item: Mapping[str, JsonValue]) -> Event:
    """The event of a JSON object; fields added by newer versions are ignored.

    Raises:
        KeyError, TypeError, ValueError: The object is not an event.
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
    """A number, NaN for null; rejects strings and values beyond the float range."""
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
    """An intervention's value, whose type depends on the intervention."""
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
"""Parsers of an event's fields, by declared type."""
