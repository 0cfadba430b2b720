"""Texts about runs. No Qt."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

from dlstudio.document.metric_text import NAMES, metric_title
from dlstudio.i18n import _, marked
from dlstudio.value_text import metric_number
from dlstudio.workers.run_list import RunRow

OUTCOMES = {
    "succeeded": marked("finished"),
    "failed": marked("failed"),
    "cancelled": marked("stopped"),
    "interrupted": marked("interrupted"),
    "running": marked("running"),
}


def short_id(run: str) -> str:
    """The last four letters of a run's id, enough to distinguish runs."""
    return run.rpartition("-")[2] or run


def run_name(number: int, run: str) -> str:
    """The displayed name of a run: its number, or its short id if unknown."""
    return str(number) if number else short_id(run)


def outcome_text(outcome: str) -> str:
    """The displayed outcome of a run."""
    return _(OUTCOMES.get(outcome, outcome))


def metric_text(name: str, value: float) -> str:
    """ "validation loss 0.1270"; "" if there is no metric."""
    if not name or math.isnan(value):
        return ""
    return f"{metric_name(name)} {metric_number(value)}"


def metric_name(name: str, outputs: Iterable[str] = ()) -> str:
    """The displayed name of a metric: "val_top_k" is "validation top k".

    Args:
        name: As it is recorded.
        outputs: Names of a model's outputs, with which those of metrics may begin.
    """
    plain = name.removeprefix("val_")
    readable = _readable(plain, outputs)
    if plain == name:
        return readable
    return _("validation {metric}").format(metric=readable)


def _readable(plain: str, outputs: Iterable[str]) -> str:
    text = _(NAMES[plain]) if plain in NAMES else metric_title(plain)
    if text:
        return text[0].lower() + text[1:] if text[1:2].islower() else text
    for output in sorted(outputs, key=len, reverse=True):
        own = plain.removeprefix(f"{output}_")
        if own != plain:
            text = _("{metric} of {output}")
            return text.format(metric=_readable(own, ()), output=output)
    return plain.replace("_", " ")


def when_text(created: float) -> str:
    """A time for display: "14:03" today, otherwise with the date."""
    then, now = time.localtime(created), time.localtime()
    today = then[:3] == now[:3]
    return time.strftime("%H:%M" if today else "%Y-%m-%d %H:%M", then)


def run_title(row: RunRow) -> str:
    """One line: "3 · my name · 14:03 · validation loss 0.0985"."""
    parts = [run_name(row.number, row.id), row.name, when_text(row.created)]
    if row.outcome != "succeeded":
        parts.append(outcome_text(row.outcome))
    parts.append(metric_text(row.metric, row.value))
    if row.checkpoint_epoch is not None:
        parts.append(_("after epoch {epoch}").format(epoch=row.checkpoint_epoch))
    return " · ".join(part for part in parts if part)
