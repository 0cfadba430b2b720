"""Replacing a project's data source."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.project import SetData, SetTask
from dlstudio.document.values import FrozenMap, Spec


def use_source(source: Spec, has_splits: bool, task: str = "") -> Edit:
    """Use another source; settings about the old samples are reset.

    Args:
        has_splits: Whether the source itself defines splits.
        task: New task that fits the labels; "" to keep the current one.
    """
    return CompositeEdit(
        (
            *([SetTask(task)] if task else []),
            SetData("source", source),
            SetData("leave_out", ()),
            SetData("relabel", FrozenMap()),
            SetData("moved", FrozenMap()),
            SetData("checked", ()),
            SetData("split.mode", "folders" if has_splits else "random"),
        )
    )


def fitting_task(catalog: Catalog, task: str, multi_label: bool) -> str:
    """A task that fits the labels; "" if the project's task does.

    Args:
        catalog: Catalog with the tasks.
        task: Kind of the project's task.
        multi_label: Whether a sample may have several labels.
    """
    labels = "multi" if multi_label else "single"
    fits = [t.kind for t in catalog.family("tasks") if t.extra["labels"] == labels]
    return "" if task in fits or not fits else fits[0]
