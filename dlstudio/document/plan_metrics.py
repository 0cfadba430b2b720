"""The metrics of a training: their names, and which direction is better.

The single place that names metrics, used by the trainer, the checks, the forms and the
charts. Based on the catalog alone, without Keras.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.project import MODEL, Project
from dlstudio.document.training_method import trains_layers
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
        name = _claim(_own_name(spec, described), taken)
        down = described is not None and described.extra.get("direction") == "down"
        found.append(PlanMetric(name, not down))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OutputMetrics:
    """What is reported of one output for each epoch.

    Attributes:
        loss: Name of its loss; "" where it is the only output and the total its loss.
        metrics: Its metrics, in the order of `Project.metrics_of`.
    """

    loss: str
    metrics: tuple[PlanMetric, ...]


def output_metrics(project: Project, catalog: Catalog) -> tuple[OutputMetrics, ...]:
    """What is reported of each output of the model, with unique names.

    The total loss is not among them. Where there are several outputs, names begin with
    that of the output's feature, as in Keras: "price_loss", "price_accuracy".
    """
    outputs = [output for output in project.outputs if output.graph == MODEL]
    method = _of_method(project, catalog)
    planned = [plan_metrics(project.metrics_of(each), catalog) for each in outputs]
    if len(planned) == 1:
        return (OutputMetrics(str(method.get("output_loss", "")), planned[0]),)
    taken = {LOSS, VALIDATION + LOSS}
    found = []
    for output, metrics in zip(outputs, planned, strict=True):
        loss = _claim(f"{output.feature}_{LOSS}", taken)
        named = tuple(
            replace(each, name=_claim(f"{output.feature}_{each.name}", taken))
            for each in metrics
        )
        found.append(OutputMetrics(loss, named))
    return tuple(found)


def reported_metrics(project: Project, catalog: Catalog) -> tuple[PlanMetric, ...]:
    """Everything that is reported for each epoch; the total loss comes first."""
    if not trains_layers(project, catalog):
        return (PlanMetric(LOSS, False),)
    outputs = output_metrics(project, catalog)
    losses = [PlanMetric(each.loss, False) for each in outputs if each.loss]
    own = _of_method(project, catalog).get("losses", ())
    losses += [PlanMetric(name, False) for name in own]
    metrics = [metric for each in outputs for metric in each.metrics]
    return (PlanMetric(LOSS, False), *losses, *metrics)


def _of_method(project: Project, catalog: Catalog) -> Mapping[str, Any]:
    """What the training method reports: "output_loss" and "losses"."""
    described = catalog.search("methods", project.plan.method.kind)
    return described.extra if described is not None else {}


def monitors(
    project: Project, catalog: Catalog, *, validated: bool = True
) -> tuple[str, ...]:
    """Every name that a plan can monitor, validation metrics first.

    Args:
        project: Project with the metrics of its outputs.
        catalog: Catalog that names the metrics.
        validated: Whether validation metrics ("val_…") exist.
    """
    names = [each.name for each in reported_metrics(project, catalog)]
    return (*(VALIDATION + name for name in names if validated), *names)


def larger_is_better(monitor: str, project: Project, catalog: Catalog) -> bool:
    """Whether the quantity `monitor` should increase; the loss should decrease.

    Args:
        monitor: "loss" or a metric's name, prefixed with "val_" for validation.
        project: Project that has the metric.
        catalog: Catalog with each metric's direction.

    Returns:
        False for losses and for unknown names.
    """
    for metric in reported_metrics(project, catalog):
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


def _claim(name: str, taken: set[str]) -> str:
    """`name`, with a number where it or its "val_" name is already used; now it is."""
    free, number = name, 1
    while free in taken or VALIDATION + free in taken:
        number += 1
        free = f"{name}_{number}"
    taken |= {free, VALIDATION + free}
    return free


def snake_case(name: str) -> str:
    """Keras' name for a class: "TopKCategoricalAccuracy" in snake case."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
