"""Any number of labels."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.i18n import marked as _

MULTI_LABEL = Description(
    kind="dlstudio.heads.multi_label",
    family="heads",
    implementation="",
    title=_("Multi-label classification"),
    summary=_("Each sample can have any number of labels."),
    extra={
        "features": ("dlstudio.features.categories",),
        "labels": "multi",
        "aliases": ("image_tagging",),
        "task": "dlstudio.tasks.image_tagging",
    },
    implementations=Implementations(
        engine="dlstudio.engine.heads.multi_label:MULTI_LABEL",
        view="dlstudio.ui.heads.class_view:LABELS",
    ),
)
