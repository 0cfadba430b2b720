"""Replacing a project's model by one that was made for its data."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.project import SetGraph, SetHead, SetPlan
from dlstudio.document.project import MODEL, Project

FITTED = (
    *("loss", "optimizer", "schedule", "metrics", "epochs", "batch_size"),
    *("early_stopping", "method"),
)
"""What of a plan is made for a model and its data."""
OF_CLASSES = ("class_weights", "class_weight", "head_first")
"""What of a plan means nothing to a model whose target is its input."""


def use_model(made: Project, catalog: Catalog) -> tuple[Edit, ...]:
    """Replace the model, what its output means, and the part of the plan that fits it.

    Args:
        made: A project that a template has made for the data.
        catalog: Describes the heads.
    """
    head = catalog[made.head]
    fields = (*FITTED, *(OF_CLASSES if head.extra.get("of_input") else ()))
    return (
        SetGraph(made.model, MODEL),
        SetHead.of(head),
        *(SetPlan(name, getattr(made.plan, name)) for name in fields),
    )
