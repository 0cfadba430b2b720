"""Kinds of findings about texts."""

from __future__ import annotations

from dlstudio.catalog.finding_kind import FindingKind
from dlstudio.i18n import marked

TEXT_KINDS = {
    "damaged-texts": FindingKind(
        marked("Damaged characters"),
        "warning",
        marked(
            "The file was once saved or read with the wrong encoding. Set the encoding "
            "of the data source, correct these texts, or exclude them."
        ),
    ),
    "conflicting-texts": FindingKind(
        marked("Same text, different classes"),
        "warning",
        marked(
            "At least one of the labels is wrong, or the other columns make the "
            "difference. Correct the labels, or exclude these rows."
        ),
    ),
    "duplicate-texts": FindingKind(
        marked("Duplicate texts"),
        "warning",
        marked(
            "Copies in different splits make results look better than they are. "
            "Exclude them unless their other columns matter."
        ),
    ),
    "mixed-languages": FindingKind(
        marked("Several languages"),
        "plain",
        marked(
            "A model understands only the languages it was trained on. Check the "
            "results of each of them."
        ),
    ),
}
