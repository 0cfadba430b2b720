"""The metrics of a training plan: their names, and which direction is better.

The single place that names metrics, used by the trainer, the checks, the forms and the
charts. Based on the catalog alone, without Keras.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.values import Spec

LOSS = "loss"
VALIDATION = "val_"
"""Prefix of metrics of the validation split."""


@dataclass(frozen=True, slots=True)
class PlanMetric:
    """One value that is reported for each epoch.

    Attributes:
        name: Without "val_".
        larger_is_better: Whether it should increase.
    """

    name: str
    larger_is_better: bool


def plan_metrics(metrics: Sequence[Spec], catalog: Catalog) -> tuple[PlanMetric, ...]:
    """The metrics in order, with unique names.

    A name that is already used, also by the loss or as another's "val_" name, gets a
    number: "accuracy", "accuracy_2". Never raises, whatever the metrics are.
    """
    taken = {LOSS, VALIDATION + LOSS}
    found = []
    for spec in metrics:
        described = _describe(spec, catalog)
        name = _free(_own_name(spec, described), taken)
        taken |= {name, VALIDATION + name}
        down = described is not None and described.extra.get("direction") == "down"
        found.append(PlanMetric(name, not down))
    return tuple(found)


def monitors(
    plan: TrainingPlan, catalog: Catalog, *, validated: bool = True
) -> tuple[str, ...]:
    """Every name that a plan can monitor, validation metrics first.

    Args:
        plan: Plan whose metrics are listed besides the loss.
        catalog: Catalog that names the metrics.
        validated: Whether validation metrics ("val_…") exist.
    """
    names = [LOSS, *(each.name for each in plan_metrics(plan.metrics, catalog))]
    return (*(VALIDATION + name for name in names if validated), *names)


def larger_is_better(monitor: str, plan: TrainingPlan, catalog: Catalog) -> bool:
    """Whether the quantity `monitor` should increase; the loss should decrease.

    Args:
        monitor: "loss" or a metric's name, prefixed with "val_" for validation.
        plan: Plan that has the metric.
        catalog: Catalog with each metric's direction.

    Returns:
        False for the loss and for unknown names.
    """
    for metric in plan_metrics(plan.metrics, catalog):
        if monitor in (metric.name, VALIDATION + metric.name):
            return metric.larger_is_better
    return False


def _describe(spec: Spec, catalog: Catalog) -> Description | None:
    return catalog.get(spec.kind) or catalog.search("metrics", spec.kind)


def _own_name(spec: Spec, described: Description | None) -> str:
    """The given name, else the catalog's, else Keras' name for the class."""
    given = spec.params.get("name")
    if isinstance(given, str) and given:
        return given
    if described is None:
        return snake_case(spec.kind.rpartition(".")[2])
    pattern = described.extra.get("metric_name")
    if pattern:
        return str(pattern).format(**{**described.defaults(), **spec.params})
    param = described.param("name")
    usual = param.default if param else None
    return str(usual or snake_case(described.name))


def _free(name: str, taken: set[str]) -> str:
    """`name`, with a number where it or its "val_" name is already used."""
    free, number = name, 1
    while free in taken or VALIDATION + free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def snake_case(name: str) -> str:
    """Keras' name for a class: "TopKCategoricalAccuracy" in snake case."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
