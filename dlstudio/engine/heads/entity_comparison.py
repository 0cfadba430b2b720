"""Tagged tokens against the most frequent tag of each, and likely causes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.document.entity_sections import EntityTable
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.verdict import ENTITY_F1, Cause
from dlstudio.engine.heads.entity_counts import Numbers, find_entities
from dlstudio.engine.heads.entity_report import types_of
from dlstudio.engine.heads.head_causes import cause, with_causes
from dlstudio.engine.heads.paired_comparison import PairedSums, compare_sums

if TYPE_CHECKING:
    from dlstudio.engine.heads.head_evidence import HeadEvidence

Floats = npt.NDArray[np.float64]
TOKENS = "dlstudio.features.tokens"
MANY_NEW = 0.3
"""Share of the entities with a new word from which on that is reported."""
RARE = 200
"""Entities of a type in the training split below which it is rare."""
POOR = 0.5
"""A rare type is reported if its F1 is below this share of that over all types."""
GOOD = 0.95
"""F1 from which on nothing needs a cause."""
LEAST_SUPPORT = 3
"""A type with fewer evaluated entities may be missed by chance."""


def with_entity_comparison(
    report: HeadReport, predicted: Numbers, guess: Numbers, evidence: HeadEvidence
) -> HeadReport:
    """The report compared with the most frequent tags, and what may be the cause.

    Args:
        report: From `entity_report`.
        predicted: Tags of the model (n, length), -1 behind the last token.
        guess: The most frequent tag of each token, likewise.
        evidence: Of the same sentences, with the training split.
    """
    truth, tags = evidence.truth, evidence.fitted["tags"]
    types = len(types_of(tags))
    model, trivial = (
        entities_by_row(truth, each, types) for each in (predicted, guess)
    )
    if not (model.any() or trivial.any()):
        return report
    sums = PairedSums(model, trivial, _f1)
    found = compare_sums(ENTITY_F1, sums, evidence.split).to_json()
    report = replace(report, baseline={**report.baseline, "comparison": found})
    return with_causes(report, _causes(report, evidence))


def entities_by_row(truth: Numbers, predicted: Numbers, types: int) -> Floats:
    """How many entities of each sentence are right, predicted and actual, (n, 3).

    Args:
        truth: Tags (n, length), -1 behind the last token.
        predicted: Likewise.
        types: Number of types.
    """
    actual, found = find_entities(truth), find_entities(predicted)
    length = truth.shape[1]
    right = np.isin(found.keys(length, types), actual.keys(length, types))
    rows = (found.row[right], found.row, actual.row)
    counts = [np.bincount(each, minlength=len(truth)) for each in rows]
    return np.stack(counts, axis=1).astype(np.float64)


def _f1(sums: Floats) -> Floats:
    right, predicted, actual = np.moveaxis(sums, -1, 0)
    return np.asarray(2 * right / np.maximum(1, predicted + actual))


def _causes(report: HeadReport, evidence: HeadEvidence) -> list[Cause]:
    """Rare types that are hardly found, and entities of new words."""
    if EntityTable.from_json(report.sections[EntityTable.NAME]).all.f1 >= GOOD:
        return []
    rare = _rare_types(report, evidence)
    known = {
        word for text in evidence.known_inputs[TOKENS][:] for word in str(text).split()
    }
    new = _share_of_new(evidence.truth, evidence.inputs[TOKENS][:], known)
    found = [cause("unseen_entities", share=new)] if new >= MANY_NEW else []
    return [*found, cause("rare_types", names=tuple(rare))] if rare else found


def _rare_types(report: HeadReport, evidence: HeadEvidence) -> list[str]:
    """Types with few entities in the training split that are hardly found."""
    types = types_of(evidence.fitted["tags"])
    known = find_entities(np.asarray(evidence.known_truth)).type
    counts = dict(zip(types, np.bincount(known, minlength=len(types)), strict=True))
    table = EntityTable.from_json(report.sections[EntityTable.NAME])
    return [
        name
        for name, each in table.types.items()
        if each.support >= LEAST_SUPPORT
        and counts[name] < RARE
        and each.f1 < POOR * table.all.f1
    ]


def _share_of_new(truth: Numbers, texts: Iterable[object], known: set[str]) -> float:
    """Share of the entities that have a word which the training split lacks."""
    entities = find_entities(truth)
    words = [str(each).split() for each in texts]
    spans = zip(
        entities.row.tolist(),
        entities.start.tolist(),
        entities.end.tolist(),
        strict=True,
    )
    new = [not known.issuperset(words[row][start:end]) for row, start, end in spans]
    return sum(new) / len(new) if new else 0.0
