"""Metrics by generic names; the engine picks the Keras class that fits the labels."""

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
    _metric("accuracy", _("Share of samples whose label is predicted correctly.")),
    _metric(
        "top_k",
        _("Share of samples whose label is among the k most likely classes."),
        Param(
            "k",
            "int",
            default=3,
            minimum=1,
            summary=_("How many of the most likely classes to consider."),
        ),
        metric_name="top_{k}_accuracy",
    ),
    _metric(
        "precision",
        _(
            "Share of the samples predicted as a class that belong to it "
            "(macro average)."
        ),
    ),
    _metric(
        "recall",
        _(
            "Share of the samples of a class that are predicted as that class (macro "
            "average)."
        ),
    ),
    _metric("f1", _("Harmonic mean of precision and recall (macro average).")),
    _metric("auc", _("Area under the ROC curve, each class against the rest.")),
)
