"""What a training of a plan measures: each metric's name, and which way is better.

The one place that names metrics: the trainer, the checks, the forms and the charts
all go by it. Pure data of the catalog, without Keras.
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
"""Before the name of a metric that is measured on the validation split."""


@dataclass(frozen=True, slots=True)
class PlanMetric:
    """One number that each epoch gives.

    Attributes:
        name: Without "val_".
        larger_is_better: Whether it should rise.
    """

    name: str
    larger_is_better: bool


def plan_metrics(metrics: Sequence[Spec], catalog: Catalog) -> tuple[PlanMetric, ...]:
    """The metrics in their order, with names that are all different.

    A name that is taken, also by the loss or as the validation twin of another, gets
    a number: "accuracy", "accuracy_2". Never raises, whatever the metrics are.
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
    """Every name that a plan can monitor, those of validation first.

    Args:
        plan: Its metrics are added to the loss.
        catalog: Names the metrics.
        validated: Whether validation metrics ("val_…") exist.
    """
    names = [LOSS, *(each.name for each in plan_metrics(plan.metrics, catalog))]
    return (*(VALIDATION + name for name in names if validated), *names)


def larger_is_better(monitor: str, plan: TrainingPlan, catalog: Catalog) -> bool:
    """Whether what is called `monitor` should rise; the loss should fall.

    Args:
        monitor: "loss" or a metric's name, with "val_" before it for validation.
        plan: Where the metric is looked up.
        catalog: Knows each metric's direction.

    Returns:
        False for the loss and for names that the plan does not have.
    """
    for metric in plan_metrics(plan.metrics, catalog):
        if monitor in (metric.name, VALIDATION + metric.name):
            return metric.larger_is_better
    return False


def _describe(spec: Spec, catalog: Catalog) -> Description | None:
    return catalog.get(spec.kind) or catalog.search("metrics", spec.kind)


def _own_name(spec: Spec, described: Description | None) -> str:
    """The name that was given, else the catalog's, else Keras' own for the class."""
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
    """`name` or, where it or its twin is taken, the same with a number."""
    free, number = name, 1
    while free in taken or VALIDATION + free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def snake_case(name: str) -> str:
    """Keras' own name for a class: "TopKCategoricalAccuracy" in snake case."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
