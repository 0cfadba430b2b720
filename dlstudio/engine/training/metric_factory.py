"""Creates training metrics: plain names become Keras metrics for head and labels.

The results agree with the evaluation: macro means over all classes, where a class that
was never predicted (or never occurs) counts as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan_metrics import plan_metrics
from dlstudio.document.values import Spec
from dlstudio.engine.model.instantiate import make
from dlstudio.engine.training.bound_metric import BoundMetric
from dlstudio.engine.training.losses import OutputHead
from dlstudio.engine.training.metrics import (
    Accuracy,
    AreaUnderCurve,
    MacroMetric,
    MetricProtocol,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


def accuracy(head: OutputHead) -> MetricProtocol:
    """The fraction of samples (or labels) that are correct."""
    return Accuracy(head, "accuracy")


def top_k(head: OutputHead, k: int = 3) -> MetricProtocol:
    """The fraction of samples whose class is among the `k` most likely.

    Raises:
        UserError: The head does not output a score per class.
    """
    if head.multi_label or head.units == 1:
        raise UserError(
            _("“Top k” requires one score for each of several classes."),
            _("Remove it from the metrics."),
        )
    return Accuracy(head, f"top_{k}_accuracy", k)


def precision(head: OutputHead) -> MetricProtocol:
    """Macro precision."""
    return MacroMetric(head, "precision", lambda hits, calls, _members: (hits, calls))


def recall(head: OutputHead) -> MetricProtocol:
    """Macro recall."""
    return MacroMetric(head, "recall", lambda hits, _calls, members: (hits, members))


def f1(head: OutputHead) -> MetricProtocol:
    """Macro F1."""
    return MacroMetric(
        head, "f1", lambda hits, calls, members: (2.0 * hits, calls + members)
    )


def auc(head: OutputHead) -> MetricProtocol:
    """Area under the ROC curve."""
    return AreaUnderCurve(head, "auc")


@dataclass(frozen=True, slots=True)
class MetricFactory:
    """Creates the metrics of a plan for one head and label form."""

    head: OutputHead
    catalog: Catalog

    def make(self, specs: Sequence[Spec]) -> list[BoundMetric]:
        """Create the metrics, with unique names.

        Raises:
            UserError: A metric does not exist or does not fit.
        """
        made = [self._one(spec) for spec in specs]
        # Keras would number default names per process.
        for bound_metric, planned in zip(
            made, plan_metrics(specs, self.catalog), strict=True
        ):
            bound_metric.metric.name = planned.name
        return made

    def _one(self, spec: Spec) -> BoundMetric:
        plain = self.catalog.get(spec.kind)
        if plain is not None and plain.family == "plain_metrics":
            return BoundMetric(
                _PLAIN[plain.name](self.head, **spec.params), _as_they_are
            )
        metric = make(spec, self.catalog, "metrics")
        sparse = type(metric).__name__.startswith("Sparse")
        return BoundMetric(metric, _as_they_are if sparse else self.head.table)


_PLAIN: dict[str, Callable[..., Any]] = {
    "accuracy": accuracy,
    "top_k": top_k,
    "precision": precision,
    "recall": recall,
    "f1": f1,
    "auc": auc,
}


def _as_they_are(labels: Tensor) -> Tensor:
    return labels
