"""Sections that the model cards of all models have, as Markdown."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dlstudio.byte_size import size_text
from dlstudio.data.split_names import split_word
from dlstudio.document.export import Certificate
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.heads.decisions import DECISION, decision_threshold
from dlstudio.engine.prediction.model_origin import ModelFacts
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent
from dlstudio.value_text import metric_number

if TYPE_CHECKING:
    from dlstudio.engine.export.card_json import (
        CardCertificate,
        CardData,
        CardTraining,
    )


def now() -> str:
    """The time as cards have it, UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def data_json(facts: ModelFacts) -> CardData:
    """The data a model was trained on."""
    return {"source": facts.source, "fingerprint": facts.fingerprint}


def training_json(facts: ModelFacts) -> CardTraining:
    """The run of a model."""
    return {
        "run": facts.run,
        "metrics": dict(facts.metrics),
        "versions": dict(facts.versions),
    }


def card_threshold(fitted: Mapping[str, Any]) -> float | None:
    """The threshold that was chosen for an output; None for the default.

    Args:
        fitted: What the output's target has learned.
    """
    return decision_threshold(fitted) if DECISION in fitted else None


def certificate_json(certificate: Certificate) -> CardCertificate:
    """What a card says of the verification."""
    return {
        "passed": certificate.passed,
        "samples": certificate.samples,
        "drawn_from": dict(certificate.drawn_from),
        "max_abs_difference": certificate.max_abs_difference,
        "label_agreement": certificate.label_agreement,
        "size_bytes": certificate.size_bytes,
        "latency_ms": certificate.latency_ms,
        "versions": dict(certificate.versions),
    }


def snippet_blocks(exported: ExportedModel) -> Iterator[str]:
    """The code that calls an export."""
    for each in exported.snippets:
        code = each.filled(exported.path.name)
        yield f"### {_(each.title)}\n\n```{each.language}\n{code}```"


def evaluated_on(samples: int, split: str) -> str:
    """Which samples metrics are of.

    Args:
        samples: Their number.
        split: Their split.
    """
    return ngettext(
        "On {samples} sample of the {split} split.",
        "On {samples} samples of the {split} split.",
        samples,
    ).format(samples=samples, split=split_word(split))


def metric_table(rows: Sequence[tuple[str, float]]) -> str:
    """A table of metrics and their values."""
    head = ["| " + _("Metric") + " | " + _("Value") + " |", "|---|---|"]
    return "\n".join(
        [*head, *(f"| {key} | {metric_number(value)} |" for key, value in rows)]
    )


def filled(text: str, data: CardCertificate) -> str:
    """A text about a verification with its numbers.

    Args:
        text: With fields for the numbers.
        data: The verification.
    """
    drawn_from = data["drawn_from"].items()
    splits = ", ".join(f"{split_word(name)}: {count}" for name, count in drawn_from)
    return text.format(
        samples=data["samples"],
        splits=splits,
        difference=data["max_abs_difference"],
        agreement=percent(data["label_agreement"], 0),
        size=size_text(data["size_bytes"]),
        latency=data["latency_ms"],
        versions=versions_text(data["versions"]),
    )


def origin(training: CardTraining, data: CardData, created: str) -> str:
    """Where a model comes from.

    Args:
        training: Its run.
        data: Its data.
        created: When it was exported.
    """
    lines = {
        _("Run"): training["run"],
        _("Data"): data["source"],
        _("Data fingerprint"): data["fingerprint"],
        _("Trained with"): versions_text(training["versions"]),
        _("Exported"): created,
    }
    return "\n".join(f"- {key}: {value or '–'}" for key, value in lines.items())


def versions_text(versions: Mapping[str, str]) -> str:
    """Names and versions of libraries."""
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def joined(parts: Sequence[str]) -> str:
    """Sections as one text."""
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"
