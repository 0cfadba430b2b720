"""The record of one training, `run.json`, validated when it is read."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject, JsonValue

VERSION = 1
LATEST = 253_402_300_000
"""Latest time in seconds since the epoch that dates support: end of 9999."""
LATER = ("elapsed", "best_values", "number", "smaller_is_better")
"""Fields added later; they are written only if set."""
RUNNING = "running"

USER_FIELDS = ("name", "note", "tags", "archived")
"""Fields that users may change at any time, even while the run is trained."""


class NewerRecord(UserError):
    """A valid record that needs a newer dlstudio."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The content of `run.json`.

    Attributes:
        id: Date, time and four letters; sorts by time.
        created: Seconds since the epoch (UTC).
        project: Snapshot of the project, as JSON.
        seed: The random seed.
        versions: Versions of Python and the libraries.
        platform: "system", "machine", "host", "pid" of the last session.
        device: The device it trained on.
        data: "fingerprint", "classes", `SEVERAL_LABELS` and "splits" (name →
            samples); "left_out" (id → reason) if some samples are unusable.
        outcome: "running", "succeeded", "failed" or "cancelled".
        reason: Why it ended: "epochs", "early_stopping", "diverged", ...
        message: Message for the user, if it failed.
        metrics: Metrics of the weights in `model.keras` (else of the last epoch).
        best: "epoch" and "metrics" of the best epoch.
        epochs: Number of epochs done.
        seconds: Time spent in training steps, over all sessions.
        elapsed: Seconds from the first event to the last, without the time between a
            stop or a kill and resuming; 0 if an older dlstudio wrote it.
        best_values: "value" and "epoch" of the best epoch, by metric.
        smaller_is_better: Names, without "val_", of the metrics to minimize; empty if
            an older dlstudio wrote it.
        number: Number of the run in lists; 0 if an older dlstudio wrote it.
        parameters: Number of parameters of the model.
        steps_per_execution: The last value used.
        reproduces: Id of the run this one repeats.
        name, note: The user's name and note for it.
        tags: The user's tags.
        archived: Whether the user archived it.
    """

    id: str
    created: float
    project: Mapping[str, Any]
    seed: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    platform: Mapping[str, Any] = field(default_factory=dict)
    device: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = RUNNING
    reason: str = ""
    message: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    best: Mapping[str, Any] = field(default_factory=dict)
    epochs: int = 0
    seconds: float = 0.0
    parameters: int = 0
    steps_per_execution: int = 1
    reproduces: str = ""
    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False
    elapsed: float = 0.0
    best_values: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    number: int = 0
    smaller_is_better: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """The content of `run.json`; non-finite numbers become null."""
        fields = dataclasses.fields(self)
        item = {f.name: _plain(getattr(self, f.name)) for f in fields}
        for name in LATER:  # keep the record of an older dlstudio unchanged
            if not item[name]:
                del item[name]
        return {"format": "dlstudio-run", "version": VERSION, **item}

    @classmethod
    def from_json(cls, item: object) -> RunRecord:
        """The record from a JSON object.

        Raises:
            UserError: It is invalid, or was written by a newer dlstudio.
        """
        if not isinstance(item, dict) or item.get("format") != "dlstudio-run":
            raise UserError(_("This is not a run record."))
        version = item.get("version")
        if not isinstance(version, int):
            raise _damaged("version")
        if version > VERSION:
            raise NewerRecord(
                _("The record was created by a newer version of dlstudio.")
            )
        values = {}
        for each in dataclasses.fields(cls):
            if each.name in item:
                values[each.name] = _checked(each.name, item[each.name])
        try:
            return cls(**values)
        except TypeError as error:
            raise UserError(_("The record is incomplete.")) from error


_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("id", "device", "outcome", "reason", "message"), (str,)),
    **dict.fromkeys(("reproduces", "name", "note"), (str,)),
    **dict.fromkeys(("tags", "smaller_is_better"), (list,)),
    "archived": (bool,),
    **dict.fromkeys(("created", "seconds", "elapsed"), (int, float)),
    **dict.fromkeys(("seed", "epochs", "parameters", "steps_per_execution"), (int,)),
    "number": (int,),
    "best_values": (dict,),
    **dict.fromkeys(("project", "versions", "platform", "data", "best"), (dict,)),
    "metrics": (dict,),
}


def _checked(name: str, value: object) -> Any:
    if not isinstance(value, _KINDS[name]):
        raise _damaged(name)
    check = _CHECKS.get(name)
    return value if check is None else check(name, value)


def _metrics(name: str, value: object) -> dict[str, float]:
    if not isinstance(value, dict):
        raise _damaged(name)
    return {str(k): _metric(name, v) for k, v in value.items()}


def _metric(name: str, value: object) -> float:
    if value is None:
        return math.nan
    if not isinstance(value, (int, float)):
        raise _damaged(name)
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _seconds(name: str, value: float) -> float:
    """A displayable time: neither negative nor infinite."""
    if not 0 <= value <= LATEST:  # also false for NaN
        raise _damaged(name)
    return value


def _count(name: str, value: int) -> int:
    if value < 0:
        raise _damaged(name)
    return value


def _best(name: str, value: JsonObject) -> JsonObject:
    """The best epoch: its number, and its metrics."""
    if not isinstance(value.get("epoch", 0), int):
        raise _damaged(name)
    if not value.get("metrics"):
        return value
    return {**value, "metrics": _metrics(name, value["metrics"])}


def _best_values(name: str, value: JsonObject) -> JsonObject:
    for each in value.values():
        if not isinstance(each, dict) or not isinstance(each.get("epoch"), int):
            raise _damaged(name)
        if not math.isfinite(_metric(name, each.get("value"))):
            raise _damaged(name)
    return value


def _data(name: str, value: JsonObject) -> JsonObject:
    """Split sizes and class names of the data, if present."""
    splits, classes = value.get("splits") or {}, value.get("classes") or []
    if not isinstance(splits, dict) or not isinstance(classes, list):
        raise _damaged(name)
    if not all(isinstance(n, int) for n in splits.values()):
        raise _damaged(name)
    return value


def _tags(_name: str, value: list[object]) -> tuple[str, ...]:
    return tuple(str(each) for each in value)


def _damaged(name: str) -> UserError:
    return UserError(_("“{name}” in the record is damaged.").format(name=name))


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("created", "seconds", "elapsed"), _seconds),
    **dict.fromkeys(("epochs", "parameters", "number"), _count),
    "metrics": _metrics,
    "best": _best,
    "best_values": _best_values,
    "data": _data,
    **dict.fromkeys(("tags", "smaller_is_better"), _tags),
}


def _plain(value: Any) -> JsonValue:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    plain: JsonValue = value
    return plain
