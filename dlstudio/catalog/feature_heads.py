"""Heads by what they predict."""

from __future__ import annotations

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog


def heads_of(kind: str, catalog: Catalog) -> tuple[str, ...]:
    """The kinds of the heads that predict features of a type, the usual one first.

    Args:
        kind: Of the feature type.
        catalog: With the heads.
    """
    return tuple(
        head.kind
        for head in catalog.family("heads")
        if kind in head.extra.get("features", ())
    )


def has_classes(head: Description) -> bool:
    """Whether a head predicts classes, and not something else."""
    return head.extra.get("labels") in ("single", "multi")
