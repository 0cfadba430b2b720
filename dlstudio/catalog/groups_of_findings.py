"""Kinds of findings that belong together."""

from __future__ import annotations

from dlstudio.catalog.findings import UNLABELED

EXCLUDED = ("flat-image", "placeholder", "unlike-others")
"""Kinds whose fix is to exclude the affected images."""

ABOUT_CLASSES = frozenset(
    {
        "other-task",
        "conflicting-labels",
        UNLABELED,
        "one-class",
        "similar-classes",
        "few-samples",
        "imbalance",
        "class-not-in-split",
        "mirrored-classes",
    }
)
"""Kinds that matter to models that predict classes only."""
