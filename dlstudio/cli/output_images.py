"""Printing how well images are reconstructed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dlstudio.cli.output import Output
from dlstudio.document.image_sections import better_text
from dlstudio.i18n import _
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.document.evaluation import HeadReport

WORST = 5


def show_images(output: Output, report: HeadReport) -> None:
    """Print metrics beside the mean image, the threshold and the largest errors.

    Args:
        output: Output to print to.
        report: Of an output that reconstructs images.
    """
    baseline: dict[str, Any] = dict(report.baseline)
    always = baseline["mean_image"]
    rows = [
        (title, _number(report.metrics.get(name)), _number(always.get(name)))
        for name, title in (
            ("mse", _("Mean squared error")),
            ("mae", _("Mean absolute error")),
            ("psnr", _("Peak signal-to-noise ratio (dB)")),
            ("ssim", _("Structural similarity")),
        )
    ]
    heads = (_("Metric"), _("Model"), _("Always the mean image"))
    output.table(heads, rows, numbers=(1, 2))
    show_better(output, baseline.get("better") or {})
    _show_threshold(output, report.sections.get("anomaly"))
    worst = report.sections.get("worst_images") or {}
    if worst.get("rows"):
        output.text(_("Largest errors:"))
    for row in worst.get("rows", ())[:WORST]:
        output.text(f"  {row['id']}: {_number(row['error'])}")


def show_better(output: Output, better: Mapping[str, Any]) -> None:
    """Print whether the mean image, which knows nothing of single images, is worse.

    Args:
        output: Output to print to.
        better: By which share the error of the model is lower, by metric.
    """
    share = better.get("mse")
    if share is None:
        return
    output.text(better_text(share), "green" if share > 0 else "red")


def _show_threshold(output: Output, section: Mapping[str, Any] | None) -> None:
    if not section:
        return
    text = _(
        "Images with an error above {value} are anomalies: {share} of the "
        "validation images are at or below it."
    )
    if section.get("default") is not None:
        text = _(
            "Images with an error above {value} are anomalies; by default those above "
            "{default} are."
        )
    output.text(
        text.format(
            value=_number(section["value"]),
            share=percent(section["quantile"]),
            default=_number(section.get("default")),
        )
    )
    if section.get("share") is not None:
        output.text(
            _("Anomalies among the evaluated images: {share}").format(
                share=percent(section["share"])
            )
        )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}"
