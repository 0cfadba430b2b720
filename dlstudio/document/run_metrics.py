"""Best values of metrics, and the metric that runs are compared by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dlstudio.document.plan_metrics import LOSS, VALIDATION

USUAL = ("val_accuracy", "accuracy", "val_loss", LOSS)
"""Default metrics to compare runs by; the first available one counts."""


@dataclass(frozen=True, slots=True)
class BestValue:
    """The best value of a metric, and its epoch, from 1."""

    value: float
    epoch: int


def should_rise(name: str, falling: Collection[str]) -> bool:
    """Whether a metric is better when it is larger.

    Args:
        falling: Names, without "val_", of the metrics that should decrease.
    """
    return name.removeprefix(VALIDATION) not in falling


def best_of(values: Iterable[BestValue], larger: bool) -> BestValue | None:
    """The best of some values; the first one on ties."""
    found: BestValue | None = None
    for each in values:
        if found is None or is_better(each.value, found.value, larger):
            found = each
    return found


def is_better(value: float, before: float, larger: bool) -> bool:
    """Whether a value is better than another.

    Args:
        value: New value; NaN is never better.
        before: Best value so far; everything is better than NaN.
        larger: Whether larger values are better.
    """
    return value > before if larger else value < before


def metric_to_compare(chosen: str, known: Collection[str]) -> str:
    """The metric that runs are compared by; "" if there is none.

    Args:
        chosen: The user's choice, or "".
        known: Metric names that the runs have.
    """
    if chosen in known:
        return chosen
    return next((name for name in USUAL if name in known), min(known, default=""))
