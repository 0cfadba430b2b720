"""The model card of an export: description, metrics, and how to call it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from dlstudio.byte_size import size_text
from dlstudio.data.graph_formats import NOT_IN_GRAPH
from dlstudio.data.split_names import split_word
from dlstudio.document.export import Certificate
from dlstudio.document.verdict import Verdict
from dlstudio.document.verdict_text import paragraph
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.prediction.trained_model import TrainedModel
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.engine.export.card_json import CardCertificate, CardJson


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
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "task": facts.task,
        "classes": list(trained.classes),
        "multi_label": trained.multi_label,
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
        "data": {"source": facts.source, "fingerprint": facts.fingerprint},
        "training": {
            "run": facts.run,
            "metrics": dict(facts.metrics),
            "versions": dict(facts.versions),
        },
        "evaluation": _evaluation(report),
        "certificate": {
            "passed": certificate.passed,
            "samples": certificate.samples,
            "drawn_from": dict(certificate.drawn_from),
            "max_abs_difference": certificate.max_abs_difference,
            "label_agreement": certificate.label_agreement,
            "size_bytes": certificate.size_bytes,
            "latency_ms": certificate.latency_ms,
            "versions": dict(certificate.versions),
        },
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
        *_snippets(exported),
        *exported.notes,
        *_formats(data),
        "## " + _("Evaluation"),
        *_metric_lines(data),
        "## " + _("Verification report"),
        _certificate(data["certificate"]),
        "## " + _("Origin"),
        _origin(data),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


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
    return text.format(
        height=form["height"],
        width=form["width"],
        channels=form["channels"],
        count=len(data["classes"]),
        classes=classes,
    )


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


def _snippets(exported: ExportedModel) -> Iterator[str]:
    for each in exported.snippets:
        code = each.filled(exported.path.name)
        yield f"### {_(each.title)}\n\n```{each.language}\n{code}```"


def _metric_lines(data: CardJson) -> list[str]:
    found = data["evaluation"]
    if found is None:
        metrics, text = (
            data["training"]["metrics"],
            _("As recorded at the end of training."),
        )
        rows = list(metrics.items())
    else:
        text = ngettext(
            "On {samples} sample of the {split} split.",
            "On {samples} samples of the {split} split.",
            found["samples"],
        ).format(samples=found["samples"], split=split_word(found["split"]))
        rows = [(key, found["metrics"].get(key)) for key in SHOWN]
    verdict = Verdict.from_json((found or {}).get("verdict"))
    if verdict is not None:
        text = f"{paragraph(verdict)}\n\n{text}"
    known = [(key, value) for key, value in rows if isinstance(value, (int, float))]
    return [text, _table(known)] if known else [_("Not evaluated yet.")]


def _table(rows: Sequence[tuple[str, float]]) -> str:
    head = ["| " + _("Metric") + " | " + _("Value") + " |", "|---|---|"]
    return "\n".join([*head, *(f"| {key} | {value:.4f} |" for key, value in rows)])


def _certificate(data: CardCertificate) -> str:
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
    drawn_from = data["drawn_from"].items()
    splits = ", ".join(f"{split_word(name)}: {count}" for name, count in drawn_from)
    return text.format(
        samples=data["samples"],
        splits=splits,
        difference=data["max_abs_difference"],
        agreement=percent(data["label_agreement"], 0),
        size=size_text(data["size_bytes"]),
        latency=data["latency_ms"],
        versions=_versions(data["versions"]),
    )


def _origin(data: CardJson) -> str:
    lines = {
        _("Run"): data["training"]["run"],
        _("Data"): data["data"]["source"],
        _("Data fingerprint"): data["data"]["fingerprint"],
        _("Trained with"): _versions(data["training"]["versions"]),
        _("Exported"): data["created"],
    }
    return "\n".join(f"- {key}: {value or '–'}" for key, value in lines.items())


def _versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())
