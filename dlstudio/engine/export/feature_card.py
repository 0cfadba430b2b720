"""The model card of an export of a model of features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.features.base import dropped_rows, load_feature_type
from dlstudio.document.export import Certificate, SignatureEntry
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
from dlstudio.engine.export.feature_signature import (
    NUMBER,
    STRING,
    ExportInput,
    ExportOutput,
    feature_signature,
)
from dlstudio.engine.export.signature_entries import argument_entries, result_entries
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.model_origin import ModelFacts
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
        "outputs": [_output(model, each, raw) for each in signature.outputs],
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
        "meaning": tensor_feature.meaning(fitted, each.feature, encoded=not raw),
        "fill": _fill(model, each, raw),
    }


def _fill(model: FeatureModel, each: ExportInput, raw: bool) -> float | str | None:
    """What a missing value becomes, in the form of the argument; see `CardInput`.

    Args:
        model: Has the feature.
        each: The argument.
        raw: Whether the export takes raw values.
    """
    fitted = model.fitted[each.name]
    if each.feature.params.get("missing") == "most_frequent":
        return cast("str | None", fitted.get("most_frequent"))
    if each.dtype == NUMBER or not raw:
        alone = each.shape == () if raw else each.model_shape == (1,)
        return cast("float | None", fitted.get("fill") if alone else None)
    feature_type = load_feature_type(model.catalog[each.feature.kind])
    blank = Cells(pl.Series([None], dtype=pl.String))
    column = feature_type.parse(blank, each.feature).column
    if dropped_rows(column, each.feature, model.catalog[each.feature.kind]).any():
        return None
    row = feature_type.encode(column, fitted, each.feature)
    (value,) = feature_type.decode(row, fitted, each.feature).values
    return value if isinstance(value, str) else None


def _output(model: FeatureModel, each: ExportOutput, raw: bool) -> CardOutput:
    fitted = each.predicted.fitted
    found: CardOutput = {
        "feature": each.name,
        "head": each.predicted.head_type.kind,
        "result": each.value,
        "label": (each.tags or each.label) if raw else "",
        "classes": list(each.classes),
        "threshold": card_threshold(fitted),
    }
    if each.tags:
        length = model.model.outputs[each.predicted.place].shape[1]
        found |= {"tags": list(fitted["tags"]), "length": int(length)}
    if each.tokens:
        found["tokens"] = list(each.tokens)
    if each.dtype == STRING:
        found["dtype"] = STRING
    return found


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


def feature_markdown(
    data: FeatureCardJson, exported: ExportedModel, catalog: Catalog
) -> str:
    """The same card as Markdown.

    Args:
        data: The card.
        exported: The export.
        catalog: Describes the heads.
    """
    parts = [
        f"# {data['name']}",
        "## " + _("Inputs"),
        _inputs(data),
        "## " + _("Outputs"),
        _outputs(data, catalog),
        "## " + _("Usage"),
        *snippet_blocks(exported),
        *exported.notes(),
        "## " + _("Evaluation"),
        *_metrics(data),
        "## " + _("Verification report"),
        _certificate(data["certificate"]),
        "## " + _("Origin"),
        origin(data["training"], data["data"], data["created"]),
    ]
    return joined(parts)


def _inputs(data: FeatureCardJson) -> str:
    return _entries(_("Argument"), argument_entries(data))


def _outputs(data: FeatureCardJson, catalog: Catalog) -> str:
    return _entries(_("Result"), result_entries(data, catalog))


def _entries(name: str, entries: Sequence[SignatureEntry]) -> str:
    """A table of arguments or results.

    Args:
        name: What the first column is called.
        entries: Its rows.
    """
    rows = [
        (f"`{each.name}`", _cell(each.feature), each.form, _cell(each.values))
        for each in entries
    ]
    return _table((name, _("Feature"), _("Type"), _("Values")), rows)


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
