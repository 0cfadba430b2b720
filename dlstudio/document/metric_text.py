"""Metrics of evaluation reports: their titles, and which direction is better."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from dlstudio.document.feature_sections import GroupMetrics
from dlstudio.document.report_sections import Direction
from dlstudio.i18n import _, marked
from dlstudio.percent_text import percent
from dlstudio.value_text import value_text

TITLES: Mapping[str, str] = {
    "accuracy": marked("Accuracy"),
    "balanced_accuracy": marked("Balanced accuracy"),
    "top_3_accuracy": marked("Top-3 accuracy"),
    "top_5_accuracy": marked("Top-5 accuracy"),
    "subset_accuracy": marked("Subset accuracy"),
    "label_accuracy": marked("Label accuracy"),
    "hamming_loss": marked("Hamming loss"),
    "log_loss": marked("Log loss"),
    "f1": marked("Macro F1"),
    "macro_f1": marked("Macro F1"),
    "macro_precision": marked("Macro precision"),
    "macro_recall": marked("Macro recall"),
    "weighted_f1": marked("Weighted F1"),
    "weighted_precision": marked("Weighted precision"),
    "weighted_recall": marked("Weighted recall"),
    "micro_f1": marked("Micro F1"),
    "micro_precision": marked("Micro precision"),
    "micro_recall": marked("Micro recall"),
    "roc_auc": marked("Area under the ROC curve"),
    "ece": marked("Calibration error"),
    "mae": marked("Mean absolute error"),
    "rmse": marked("Root mean squared error"),
    "mse": marked("Mean squared error"),
    "r2": marked("R²"),
    "median_absolute_error": marked("Median absolute error"),
    "psnr": marked("Peak signal-to-noise ratio (dB)"),
    "ssim": marked("Structural similarity"),
    "entity_f1": marked("Entity F1"),
    "entity_precision": marked("Entity precision"),
    "entity_recall": marked("Entity recall"),
    "tag_accuracy": marked("Tag accuracy"),
    "within_10_percent": marked("Within 10 %"),
    "largest_error": marked("Largest error"),
    "bits_per_character": marked("Bits per character"),
    "perplexity": marked("Perplexity"),
    "token_accuracy": marked("Token accuracy"),
    "exact_match": marked("Exact match"),
    "bleu": marked("BLEU"),
    "chrf": marked("chrF"),
}
MAIN = "accuracy"
"""The metric that is shown next to the loss if there is one of this name."""
NAMES: Mapping[str, str] = {
    "accuracy": marked("accuracy"),
    "loss": marked("loss"),
    "auc": marked("AUC"),
    "precision": marked("Precision"),
    "recall": marked("recall"),
    "reconstruction_loss": marked("reconstruction loss"),
    "kl_loss": marked("KL divergence"),
}
"""Names of metrics within a sentence."""
TRAINING_TITLES: Mapping[tuple[str, bool], str] = {
    ("accuracy", True): marked("Validation accuracy"),
    ("accuracy", False): marked("Training accuracy"),
    ("loss", True): marked("Validation loss"),
    ("loss", False): marked("Training loss"),
}
"""Titles of metrics of the validation split, or of the training split."""
PLAIN = frozenset(
    {
        *("r2", "log_loss", "roc_auc", "psnr", "ssim"),
        *("perplexity", "bits_per_character", "bleu", "chrf"),
    }
)
"""Metrics that are neither shares nor in the unit of the target; two decimals."""
ERRORS = frozenset({"mae", "rmse", "mse", "median_absolute_error", "largest_error"})
"""Metrics in the unit of the target, or of its square."""
SHARES = (TITLES.keys() - PLAIN - ERRORS) | {"precision", "recall"}
"""Metrics that are shares, and shown as percentages."""
FALLING = ERRORS | {
    *("hamming_loss", "log_loss", "ece"),
    *("perplexity", "bits_per_character"),
}
"""Metrics that are better if they are lower."""


def metric_title(name: str) -> str:
    """The displayed name of a metric, as a title; "" where it has none."""
    return _(TITLES[name]) if name in TITLES else ""


def main_metric(names: Sequence[str]) -> str:
    """The metric that is shown next to the loss: `MAIN`, else one that is no loss."""
    if MAIN in names or not names:
        return MAIN
    return next((name for name in names if not name.endswith("_loss")), names[0])


def metric_value(name: str, value: float | None) -> str:
    """The displayed value of a metric; a dash where it is not defined."""
    if value is None or math.isnan(value):
        return "–"
    if name in SHARES:
        return percent(value)
    if name in PLAIN:
        return f"{round(value, 2) + 0.0:.2f}"  # never "-0.00"
    return value_text(value)


def interval_text(low: str, high: str) -> str:
    """The bounds of a 95 % confidence interval, as they are displayed."""
    return _("{low} – {high} (95 % interval)").format(low=low, high=high)


def signed_value(name: str, value: float) -> str:
    """A difference of two values, with its sign."""
    text = metric_value(name, abs(value))
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text


def direction_of(name: str) -> Direction:
    """In which direction a metric is better."""
    return "down" if name in FALLING else "up"


def comparable(names: Iterable[str]) -> tuple[str, ...]:
    """The metrics by which groups can be compared: one of two values is better."""
    return tuple(name for name in names if name in TITLES)


def gap_text(section: GroupMetrics) -> str:
    """The largest gap as a sentence."""
    gap = section.largest_gap()
    if gap is None:
        return _("There are too few samples to compare two groups.")
    text = _(
        "Largest gap: {difference}, between “{worst}” (worst) and “{best}” (best)."
    )
    return text.format(
        difference=metric_value(section.metric, gap.difference),
        worst=gap.worst or _("no value"),
        best=gap.best or _("no value"),
    )
