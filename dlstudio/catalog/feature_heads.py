"""Which heads predict a type of feature."""

from __future__ import annotations

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
