"""The model card of an export of a model of features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

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
from dlstudio.engine.export.feature_signature import (
    NUMBER,
    STRING,
    ExportInput,
    ExportOutput,
    feature_signature,
)
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.features.names_text import listed
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.trained_model import ModelFacts
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.engine.export.card_json import (
        CardCertificate,
        CardInput,
        CardOutput,
        FeatureCardJson,
    )

Ranges = Mapping[str, tuple[float, float]]
"""Smallest and largest number of features in the training split."""


def feature_card(
    model: FeatureModel,
    exported: ExportedModel,
    certificate: Certificate,
    format: str,
    facts: ModelFacts,
    *,
    ranges: Ranges,
    report: Mapping[str, Any] | None = None,
) -> FeatureCardJson:
    """The card as plain JSON data.

    Args:
        model: The run's model.
        exported: The export.
        certificate: The verification report.
        format: Kind of the export format.
        facts: Where the model comes from.
        ranges: Of features that are numbers.
        report: The run's `report.json`, if it was evaluated.
    """
    signature = feature_signature(model)
    raw = any(entry.takes == "rows" for entry in exported.entries.values())
    return {
        "kind": "dlstudio model card",
        "version": 1,
        "name": facts.project or exported.path.stem,
        "format": format,
        "created": now(),
        "task": facts.task,
        "inputs": [_input(model, each, ranges, raw) for each in signature.inputs],
        "outputs": [_output(each, raw) for each in signature.outputs],
        "entries": {name: each.takes for name, each in exported.entries.items()},
        "data": data_json(facts),
        "training": training_json(facts),
        "evaluation": _evaluation(model, report),
        "certificate": certificate_json(certificate),
    }


def _input(
    model: FeatureModel, each: ExportInput, ranges: Ranges, raw: bool
) -> CardInput:
    fitted = model.fitted[each.name]
    tensor_feature = load_tensor_feature(model.catalog[each.feature.kind])
    fill = fitted.get("fill") if each.shape == () else None
    if each.feature.params.get("missing") == "most_frequent":
        fill = fitted.get("most_frequent")
    found = ranges.get(each.name)
    names = fitted.get("names")
    return {
        "feature": each.name,
        "argument": each.argument,
        "type": each.feature.kind,
        "dtype": each.dtype if raw else each.model_dtype,
        "shape": list(each.shape if raw else each.model_shape),
        "range": list(found) if found else None,
        "names": None if names is None else list(names),
        "meaning": tensor_feature.meaning(fitted, each.feature),
        "fill": fill,
    }


def _output(each: ExportOutput, raw: bool) -> CardOutput:
    return {
        "feature": each.name,
        "head": each.predicted.head_type.kind,
        "result": each.value,
        "label": each.label if raw else "",
        "classes": list(each.classes),
    }


def _evaluation(
    model: FeatureModel, report: Mapping[str, Any] | None
) -> dict[str, object] | None:
    """The metrics of each output."""
    if report is None:
        return None
    single = {model.outputs[0].name: report}
    outputs = report.get("outputs") or single
    return {
        "split": report["split"],
        "samples": report["samples"],
        "outputs": {
            name: {"metrics": dict(each["metrics"])} for name, each in outputs.items()
        },
    }


def feature_markdown(data: FeatureCardJson, exported: ExportedModel) -> str:
    """The same card as Markdown."""
    parts = [
        f"# {data['name']}",
        "## " + _("Inputs"),
        _inputs(data),
        "## " + _("Outputs"),
        _outputs(data["outputs"]),
        "## " + _("Usage"),
        *snippet_blocks(exported),
        *exported.notes,
        "## " + _("Evaluation"),
        *_metrics(data),
        "## " + _("Verification report"),
        _certificate(data["certificate"]),
        "## " + _("Origin"),
        origin(data["training"], data["data"], data["created"]),
    ]
    return joined(parts)


def _inputs(data: FeatureCardJson) -> str:
    raw = "rows" in data["entries"].values()
    rows = [
        (
            f"`{each['argument']}`",
            _cell(each["feature"]),
            _shaped(each["dtype"], each["shape"]),
            _cell(" ".join(_values(each, raw))),
        )
        for each in data["inputs"]
    ]
    return _table((_("Argument"), _("Feature"), _("Type"), _("Values")), rows)


def _shaped(dtype: str, shape: Sequence[int | None]) -> str:
    sides = ", ".join("?" if side is None else str(side) for side in shape)
    return f"{dtype} (n, {sides})" if sides else f"{dtype} (n,)"


def _values(each: CardInput, raw: bool) -> Iterator[str]:
    """What is known of the values of an input, in sentences."""
    if each["range"]:
        low, high = each["range"]
        text = _("From {low} to {high} in the training split.")
        yield text.format(low=f"{low:.6g}", high=f"{high:.6g}")
    if each["meaning"]:
        yield each["meaning"]
    if each["fill"] not in (None, ""):
        fill = each["fill"]
        shown = f"{fill:.6g}" if isinstance(fill, float) else str(fill)
        if raw:
            yield _("A missing value becomes {fill}.").format(fill=shown)
        else:
            yield _("Give {fill} for a missing value.").format(fill=shown)


def _outputs(outputs: Sequence[CardOutput]) -> str:
    rows = []
    for each in outputs:
        classes = each["classes"]
        if not classes:
            rows.append((f"`{each['result']}`", each["feature"], "float32 (n,)", ""))
            continue
        text = _("A score for each class, in this order: {classes}.")
        rows.append(
            (
                f"`{each['result']}`",
                each["feature"],
                _shaped(NUMBER, [len(classes)]),
                text.format(classes=listed(classes)),
            )
        )
        if each["label"]:
            several = each["head"].endswith("multi_label")
            shape = _shaped(STRING, [len(classes)] if several else [])
            rows.append((f"`{each['label']}`", each["feature"], shape, ""))
    head = (_("Result"), _("Feature"), _("Type"), _("Values"))
    return _table(head, [tuple(map(_cell, row)) for row in rows])


def _cell(text: str) -> str:
    """A text as a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _metrics(data: FeatureCardJson) -> Iterator[str]:
    found = data["evaluation"]
    if found is None:
        known = list(data["training"]["metrics"].items())
        text = _("As recorded at the end of training.")
        yield f"{text}\n\n{metric_table(known)}" if known else _("Not evaluated yet.")
        return
    yield evaluated_on(found["samples"], found["split"])
    for name, each in found["outputs"].items():
        known = [
            (key, float(value))
            for key, value in each["metrics"].items()
            if isinstance(value, (int, float))
        ]
        yield f"### {name}\n\n{metric_table(known)}"


def _certificate(data: CardCertificate) -> str:
    text = ngettext(
        "Loaded in a new process without dlstudio and run on {samples} row ({splits}; "
        "the others are copies with missing, unknown or extreme values): largest "
        "difference {difference:.2g} (of scores, or of numbers in standard "
        "deviations), answers agree for {agreement}; {size}; latency per row "
        "{latency:.1f} ms on the CPU ({versions}).",
        "Loaded in a new process without dlstudio and run on {samples} rows ({splits}; "
        "the others are copies with missing, unknown or extreme values): largest "
        "difference {difference:.2g} (of scores, or of numbers in standard "
        "deviations), answers agree for {agreement}; {size}; latency per row "
        "{latency:.1f} ms on the CPU ({versions}).",
        data["samples"],
    )
    return filled(text, data)
