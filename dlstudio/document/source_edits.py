"""Replacing a project's data source."""

from __future__ import annotations

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.project import SetData, SetHead
from dlstudio.document.values import FrozenMap, Spec, Value


def use_source(source: Spec, has_splits: bool, head: Description | None = None) -> Edit:
    """Begin with other data: what was said of the old samples goes.

    Args:
        has_splits: The source itself says what is for training and what for testing.
        head: Another one that fits the labels; None where the old one does.
    """
    return CompositeEdit(
        (
            *([SetHead.of(head)] if head else []),
            SetData("source", source),
            SetData("leave_out", ()),
            SetData("changed", FrozenMap()),
            SetData("moved", FrozenMap()),
            SetData("checked", ()),
            SetData("split.mode", "folders" if has_splits else "random"),
        )
    )


def reread(
    source: Spec, params: FrozenMap[str, Value], splits: bool | None = None
) -> Edit:
    """Change how the same files are read; edits of samples remain.

    Args:
        source: As it is.
        params: Parameters that change.
        splits: Whether the source then defines splits; None if unchanged.
    """
    edits: list[Edit] = [
        SetData("source", Spec(source.kind, source.params.merge(params)))
    ]
    if splits is not None:
        edits.append(SetData("split.mode", "folders" if splits else "random"))
    return CompositeEdit(tuple(edits))


def fitting_head(
    catalog: Catalog, head: str, has_several_labels: bool
) -> Description | None:
    """A head for labels like these; None where the project's own fits.

    Args:
        catalog: Where the heads are described.
        head: Kind of the project's head.
        has_several_labels: Whether a sample may have several labels.
    """
    own = catalog.get(head)
    if own is not None and own.extra.get("of_input"):
        return None  # it needs no labels
    labels = "multi" if has_several_labels else "single"
    fits = [h for h in catalog.family("heads") if h.extra.get("labels") == labels]
    return None if any(h.kind == head for h in fits) or not fits else fits[0]


def has_several_labels(head: str, catalog: Catalog) -> bool:
    """Whether a head predicts any number of labels; False for an unknown one.

    Args:
        head: Its kind.
        catalog: Where the heads are described.
    """
    described = catalog.get(head)
    return described is not None and described.extra.get("labels") == "multi"
