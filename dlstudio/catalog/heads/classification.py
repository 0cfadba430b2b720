"""One class out of several."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.i18n import marked as _

CLASSIFICATION = Description(
    kind="dlstudio.heads.classification",
    family="heads",
    implementation="",
    title=_("Single-label classification"),
    summary=_("Each sample belongs to exactly one class."),
    extra={
        "features": ("dlstudio.features.category",),
        "labels": "single",
        "aliases": ("image_classification",),
        "task": "dlstudio.tasks.image_classification",
    },
    implementations=Implementations(
        engine="dlstudio.engine.heads.classification:CLASSIFICATION",
        view="dlstudio.ui.heads.class_view:CLASSES",
    ),
)
