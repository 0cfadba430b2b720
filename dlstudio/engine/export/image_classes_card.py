"""The model card of an export that tells classes of images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dlstudio.data.images.decoders.graph_formats import NOT_IN_GRAPH
from dlstudio.document.export import Certificate
from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.document.threshold_section import threshold_text
from dlstudio.document.verdict import Verdict
from dlstudio.document.verdict_text import paragraph
from dlstudio.engine.export.card_sections import (
    card_threshold,
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
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.engine.export.card_json import CardCertificate
    from dlstudio.engine.export.image_card_json import CardJson


SHOWN = (
    "accuracy", "balanced_accuracy", "top_3_accuracy", "macro_precision",
    "macro_recall", "macro_f1", "roc_auc", "log_loss", "ece",
)  # fmt: skip


def model_card(
    trained: TrainedModel,
    exported: ExportedModel,
    certificate: Certificate,
    format: str,
    report: Mapping[str, object] | None,
) -> CardJson:
    """The card as plain JSON data.

    Args:
        format: Kind of the export format.
        report: The run's `report.json`, if it was evaluated.
    """
    facts = trained.facts
    return {
        "kind": "dlstudio model card",
        "version": 1,
        "name": facts.project or exported.path.stem,
        "format": format,
        "created": now(),
        "task": facts.task,
        "classes": list(trained.classes),
        SEVERAL_LABELS: trained.has_several_labels,
        "threshold": card_threshold(trained.fitted),
        "input": {
            **trained.image_spec.to_json(),
            "model_shape": list(trained.model.inputs[0].shape),
            "dtype": "float32",
            "range": [0, 255],
        },
        "outputs_are_logits": trained.from_logits and not exported.formats,
        "entries": {name: each.takes for name, each in exported.entries.items()},
        "picture_formats": {
            "decoded": list(exported.formats),
            "not_decoded": list(NOT_IN_GRAPH) if exported.formats else [],
        },
        "data": data_json(facts),
        "training": training_json(facts),
        "evaluation": _evaluation(report),
        "certificate": certificate_json(certificate),
    }


def _evaluation(report: Mapping[str, object] | None) -> dict[str, object] | None:
    if report is None:
        return None
    keys = ("split", "samples", "metrics", "per_class", "verdict")
    return {key: report[key] for key in keys if key in report}


def markdown(data: CardJson, exported: ExportedModel) -> str:
    """The same card as Markdown."""
    parts = [
        f"# {data['name']}",
        _what(data),
        "## " + _("Usage"),
        *snippet_blocks(exported),
        *exported.notes(),
        *_formats(data),
        "## " + _("Evaluation"),
        *_metric_lines(data),
        "## " + _("Verification report"),
        certificate_text(data["certificate"]),
        "## " + _("Origin"),
        origin(data["training"], data["data"], data["created"]),
    ]
    return joined(parts)


def _what(data: CardJson) -> str:
    form = data["input"]
    text = _(
        "Takes images of {height}×{width}×{channels} (height, width, channels) "
        "as float32 values from 0 to 255 (scaling is included in the model), "
        "and returns a score for each of {count} classes: {classes}."
    )
    classes = ", ".join(data["classes"][:100])
    if len(data["classes"]) > 100:
        classes += ", …"
    text = text.format(
        height=form["height"],
        width=form["width"],
        channels=form["channels"],
        count=len(data["classes"]),
        classes=classes,
    )
    if data["threshold"] is None:
        return text
    positive = "" if data[SEVERAL_LABELS] else data["classes"][1]
    return f"{text} {threshold_text(positive, data['threshold'])}"


def _formats(data: CardJson) -> list[str]:
    decoded = data["picture_formats"]["decoded"]
    if not decoded:
        return []
    text = _(
        "The entry for encoded images reads {decoded} files as they are stored "
        "and applies their EXIF orientation. Only the first frame of an "
        "animation is used, and transparent pixels of a GIF become black. "
        "TensorFlow cannot decode {others} in a graph: decode these yourself "
        "and use the entry for pixels."
    )
    others = "; ".join(_(each) for each in data["picture_formats"]["not_decoded"])
    return [text.format(decoded=", ".join(decoded), others=others)]


def _metric_lines(data: CardJson) -> list[str]:
    found = data["evaluation"]
    if found is None:
        metrics, text = (
            data["training"]["metrics"],
            _("As recorded at the end of training."),
        )
        rows = list(metrics.items())
    else:
        text = evaluated_on(found["samples"], found["split"])
        rows = [(key, found["metrics"].get(key)) for key in SHOWN]
    verdict = Verdict.from_json((found or {}).get("verdict"))
    if verdict is not None:
        text = f"{paragraph(verdict)}\n\n{text}"
    known = [(key, value) for key, value in rows if isinstance(value, (int, float))]
    return [text, metric_table(known)] if known else [_("Not evaluated yet.")]


def certificate_text(data: CardCertificate) -> str:
    """What was verified of a classifier of images."""
    text = ngettext(
        "Loaded in a new process without dlstudio and run on {samples} sample "
        "({splits}): largest score difference {difference:.2g}, labels agree for "
        "{agreement}; {size}; latency per image {latency:.1f} ms on the CPU "
        "({versions}).",
        "Loaded in a new process without dlstudio and run on {samples} samples "
        "({splits}): largest score difference {difference:.2g}, labels agree for "
        "{agreement}; {size}; latency per image {latency:.1f} ms on the CPU "
        "({versions}).",
        data["samples"],
    )
    return filled(text, data)
