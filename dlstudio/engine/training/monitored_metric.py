"""The monitored metric: the one named by the plan, or its training variant."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan_metrics import VALIDATION, larger_is_better, monitors
from dlstudio.document.project import Project
from dlstudio.engine.training.state import MetricMonitor
from dlstudio.errors import UserError
from dlstudio.i18n import _


def metric_monitor(
    monitor: str, project: Project, catalog: Catalog, *, validated: bool
) -> MetricMonitor:
    """A monitor of a metric, or of its training variant without validation.

    Args:
        monitor: "loss" or a metric's name, prefixed with "val_" for validation.
        project: The project with the metrics of its outputs.
        catalog: Has each metric's direction.
        validated: Whether there is a validation split.

    Raises:
        UserError: There is no such metric; the hint lists the names.
    """
    known = monitors(project, catalog, validated=validated)
    if monitor not in known and not validated:
        monitor = monitor.removeprefix(VALIDATION)
    if monitor not in known:
        raise UserError(
            _("The plan monitors “{name}”, which is not an available metric.").format(
                name=monitor
            ),
            _("Available metrics: {names}.").format(names=", ".join(known)),
        )
    return MetricMonitor(monitor, larger_is_better(monitor, project, catalog))
