"""Metrics by plain names; the engine picks the Keras class that fits the labels."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Param
from dlstudio.i18n import marked as _


def _metric(
    name: str, summary: str, *params: Param, metric_name: str = ""
) -> Description:
    return Description(
        kind=f"dlstudio.metrics.{name}",
        family="plain_metrics",
        implementation=f"dlstudio.engine.training.metric_factory:{name}",
        summary=summary,
        params=params,
        extra={"direction": "up", "metric_name": metric_name or name},
    )


METRICS = (
    _metric("accuracy", _("The share of samples whose label is right.")),
    _metric(
        "top_k",
        _("The share of samples whose label is among the k most likely."),
        Param("k", "int", default=3, minimum=1, summary=_("How many guesses count.")),
        metric_name="top_{k}_accuracy",
    ),
    _metric("precision", _("Of what was called a class, how much is it (macro mean).")),
    _metric("recall", _("Of what is a class, how much was found (macro mean).")),
    _metric("f1", _("Harmonic mean of precision and recall (macro mean).")),
    _metric("auc", _("Area under the ROC curve, one class against the rest.")),
)
