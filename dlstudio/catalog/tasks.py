"""Tasks: which data, heads, losses and metrics fit together."""

from __future__ import annotations

from dlstudio.catalog.schema import Description
from dlstudio.i18n import marked as _

TASKS = (
    Description(
        kind="dlstudio.tasks.image_classification",
        family="tasks",
        implementation="dlstudio.engine.tasks.image_classification:TASK",
        title=_("Single-label classification"),
        category="images",
        summary=_("Each image belongs to exactly one class."),
        extra={"labels": "single"},
    ),
    Description(
        kind="dlstudio.tasks.image_tagging",
        family="tasks",
        implementation="dlstudio.engine.tasks.image_tagging:TASK",
        title=_("Multi-label classification"),
        category="images",
        summary=_("Each image can have any number of labels."),
        extra={"labels": "multi"},
    ),
)
