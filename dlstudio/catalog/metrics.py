"""Metrics by generic names; the engine picks the Keras class that fits the labels."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Param
from dlstudio.i18n import marked as _

CLASS_METRICS = "dlstudio.engine.heads.class_metrics"
NUMBER_METRICS = "dlstudio.engine.heads.regression_metrics"
TOKEN_METRICS = "dlstudio.engine.heads.token_metrics"
IMAGE_METRICS = "dlstudio.engine.heads.reconstruction_metrics"
ENTITY_METRICS = "dlstudio.engine.heads.entity_metrics"


def _metric(
    name: str,
    summary: str,
    *params: Param,
    metric_name: str = "",
    module: str = CLASS_METRICS,
    direction: str = "up",
) -> Description:
    return Description(
        kind=f"dlstudio.metrics.{name}",
        family="plain_metrics",
        implementation=f"{module}:{name}",
        summary=summary,
        params=params,
        extra={"direction": direction, "metric_name": metric_name or name},
    )


def _error(name: str, summary: str) -> Description:
    """A metric of numbers that is better if it is lower."""
    return _metric(name, summary, module=NUMBER_METRICS, direction="down")


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
    _error("mae", _("Mean absolute error: how far predicted numbers are off.")),
    _error(
        "rmse",
        _("Root mean squared error: large errors count more than small ones."),
    ),
    _metric(
        "r2",
        _(
            "Coefficient of determination: 1 for exact predictions, 0 for always "
            "predicting the mean."
        ),
        module=NUMBER_METRICS,
    ),
    _metric(
        "mse",
        _("Mean squared error of reconstructed images, with values from 0 to 1."),
        module=IMAGE_METRICS,
        direction="down",
    ),
    _metric(
        "psnr",
        _("Peak signal-to-noise ratio of reconstructed images, in dB."),
        module=IMAGE_METRICS,
    ),
    _metric(
        "ssim",
        _("Structural similarity of images and their reconstructions, at most 1."),
        module=IMAGE_METRICS,
    ),
    _metric(
        "entity_f1",
        _("Harmonic mean of precision and recall of entities."),
        module=ENTITY_METRICS,
    ),
    _metric(
        "entity_precision",
        _("Share of the predicted entities whose tokens and type are right."),
        module=ENTITY_METRICS,
    ),
    _metric(
        "entity_recall",
        _("Share of the entities that are predicted with their tokens and type."),
        module=ENTITY_METRICS,
    ),
    _metric(
        "tag_accuracy",
        _("Share of the tokens whose tag is right, also outside of entities."),
        module=ENTITY_METRICS,
    ),
    _metric(
        "perplexity",
        _("Among how many equally likely tokens a language model chooses on average."),
        module=TOKEN_METRICS,
        direction="down",
    ),
    _metric(
        "bits_per_character",
        _("Bits that a language model needs for each character of a text."),
        module=TOKEN_METRICS,
        direction="down",
    ),
    _metric(
        "token_accuracy",
        _("Share of the tokens that a language model considers the likeliest."),
        module=TOKEN_METRICS,
    ),
)
