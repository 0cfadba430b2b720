"""The model card of an export of a model that reconstructs images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.document.export import Certificate
from dlstudio.engine.export.card_sections import (
    certificate_json,
    data_json,
    evaluated_on,
    filled,
    joined,
    metric_table,
    now,
    origin,
    snippet_blocks,
    training_json,
)
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.export.image_submodel import BOTH, ENCODER, ImageSubmodel
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent

SHOWN = ("mse", "mae", "psnr", "ssim")


def image_card(
    part: ImageSubmodel,
    exported: ExportedModel,
    certificate: Certificate,
    format: str,
    report: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The card as plain JSON data.

    Args:
        part: What was exported.
        exported: The export.
        certificate: The verification report.
        format: Kind of the export format.
        report: The run's `report.json`, if it was evaluated.
    """
    model, facts = part.whole, part.whole.facts
    keys = ("split", "samples", "metrics")
    return {
        "kind": "dlstudio model card",
        "version": 1,
        "name": facts.project or exported.path.stem,
        "format": format,
        "created": now(),
        "task": facts.task,
        "part": part.name,
        "input": {
            "argument": part.argument,
            "model_shape": list(part.model.inputs[0].shape),
            "dtype": "float32",
            **(_image_form(part) if part.takes_images else {}),
        },
        "latent_shape": list(model.latent_shape),
        "threshold": model.threshold.to_json() if model.threshold else None,
        "entries": {name: each.takes for name, each in exported.entries.items()},
        "data": data_json(facts),
        "training": training_json(facts),
        "evaluation": {key: report[key] for key in keys} if report else None,
        "certificate": certificate_json(certificate),
    }


def _image_form(part: ImageSubmodel) -> dict[str, Any]:
    """How images are prepared."""
    return {"range": [0, 255], **part.whole.image_spec.to_json()}


def image_markdown(data: dict[str, Any], exported: ExportedModel) -> str:
    """The same card as Markdown.

    Args:
        data: From `image_card`.
        exported: The export, with the code that is shown.
    """
    parts = [
        f"# {data['name']}",
        _what(data),
        *_threshold(data),
        "## " + _("Usage"),
        *snippet_blocks(exported),
        *exported.notes(),
        "## " + _("Evaluation"),
        *_metrics(data),
        "## " + _("Verification report"),
        _verified(data),
        "## " + _("Origin"),
        origin(data["training"], data["data"], data["created"]),
    ]
    return joined(parts)


def _what(data: dict[str, Any]) -> str:
    latent = "×".join(map(str, data["latent_shape"]))
    if not data["input"].get("height"):
        return _(
            "The decoder: takes latent vectors of the shape {latent} as float32, and "
            "returns images with values from 0 to 1."
        ).format(latent=latent)
    taken = _(
        "Takes images of {height}×{width}×{channels} (height, width, channels) as "
        "float32 values from 0 to 255; scaling is included in the model."
    ).format(**{k: data["input"][k] for k in ("height", "width", "channels")})
    if data["part"] == ENCODER:
        given = _("The encoder: returns latent vectors of the shape {latent}.")
        return f"{taken} {given.format(latent=latent)}"
    given = _("Returns the reconstructed images with values from 0 to 1.")
    return f"{taken} {given}"


def _threshold(data: dict[str, Any]) -> list[str]:
    found = data["threshold"]
    if found is None or data["part"] != BOTH:
        return []
    text = _(
        "An image whose mean squared error is above {value} is an anomaly: {share} of "
        "the validation images are at or below it."
    )
    value = f"{found['value']:.4g}"
    if found.get("default") is not None:
        text = _(
            "An image whose mean squared error is above {value} is an anomaly. This "
            "threshold was chosen by hand instead of {default}."
        )
        return [text.format(value=value, default=f"{found['default']:.4g}")]
    return [text.format(value=value, share=percent(found["quantile"]))]


def _metrics(data: dict[str, Any]) -> list[str]:
    found = data["evaluation"]
    if found is None:
        return [_("Not evaluated yet.")]
    metrics = found["metrics"]
    rows = [(key, metrics[key]) for key in SHOWN if metrics.get(key) is not None]
    return [evaluated_on(found["samples"], found["split"]), metric_table(rows)]


def _verified(data: dict[str, Any]) -> str:
    text = ngettext(
        "Loaded in a new process without dlstudio and run on {samples} sample "
        "({splits}): largest difference of a value {difference:.2g}; {size}; latency "
        "{latency:.1f} ms on the CPU ({versions}).",
        "Loaded in a new process without dlstudio and run on {samples} samples "
        "({splits}): largest difference of a value {difference:.2g}; {size}; latency "
        "{latency:.1f} ms on the CPU ({versions}).",
        data["certificate"]["samples"],
    )
    return filled(text, data["certificate"])
