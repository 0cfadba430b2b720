"""What `run.json` says of one training, checked when it is read."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio.errors import UserError
from dlstudio.i18n import _

VERSION = 1
RUNNING = "running"

PEOPLES = ("name", "note", "tags", "archived")
"""Fields that people change at any time, whoever trains the run meanwhile."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What `run.json` says.

    Attributes:
        id: Sorts by time: date, time and four letters.
        created: Seconds since the epoch (UTC).
        project: The project as it was, as JSON.
        seed: Of everything random.
        versions: Of Python and the libraries.
        platform: "system", "machine", "host", "pid" of the last sitting.
        device: Where it trained.
        data: "fingerprint", "classes", "multi_label" and "splits" (name → samples).
        outcome: "running", "succeeded", "failed" or "cancelled".
        reason: Why it ended so: "epochs", "early_stopping", "diverged", ...
        message: For people, if it failed.
        metrics: Figures of the weights in `model.keras` (else of the last epoch).
        best: "epoch" and "metrics" of the best epoch.
        epochs: Epochs done.
        seconds: Time spent training, over all sittings.
        parameters: Numbers in the model.
        steps_per_execution: The last that was used.
        reproduces: Id of the run this one repeats.
        name, note: What somebody wrote about it.
        tags: Words somebody gave it.
        archived: Somebody put it aside.
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

    def to_json(self) -> dict[str, Any]:
        """The content of `run.json`; figures that are not finite become null."""
        fields = dataclasses.fields(self)
        item = {f.name: _plain(getattr(self, f.name)) for f in fields}
        return {"format": "dlstudio-run", "version": VERSION, **item}

    @classmethod
    def from_json(cls, item: Any) -> RunRecord:
        """The record of a JSON object.

        Raises:
            UserError: It is not one, or was made by a newer dlstudio.
        """
        if not isinstance(item, dict) or item.get("format") != "dlstudio-run":
            raise UserError(_("This is not the record of a run."))
        version = item.get("version")
        if not isinstance(version, int) or version > VERSION:
            raise UserError(_("The record was made by a newer dlstudio."))
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
    "tags": (list,),
    "archived": (bool,),
    **dict.fromkeys(("created", "seconds"), (int, float)),
    **dict.fromkeys(("seed", "epochs", "parameters", "steps_per_execution"), (int,)),
    **dict.fromkeys(("project", "versions", "platform", "data", "best"), (dict,)),
    "metrics": (dict,),
}


def _checked(name: str, value: Any) -> Any:
    if not isinstance(value, _KINDS[name]):
        raise UserError(_("“{name}” of the record is damaged.").format(name=name))
    if name == "metrics" and isinstance(value, dict):
        return {str(k): _figure(v) for k, v in value.items()}
    if name == "tags" and isinstance(value, list):
        return tuple(str(each) for each in value)
    return value


def _figure(value: Any) -> float:
    if value is None:
        return math.nan
    if not isinstance(value, (int, float)):
        raise UserError(_("“{name}” of the record is damaged.").format(name="metrics"))
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
