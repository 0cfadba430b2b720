"""A tag for each token."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.i18n import marked as _

TOKEN_CLASSIFICATION = Description(
    kind="dlstudio.heads.token_classification",
    family="heads",
    implementation="",
    title=_("Token classification"),
    summary=_("Each token of a sentence has a tag, as for named entities."),
    extra={
        "features": ("dlstudio.features.tags",),
        "labels": "tags",
    },
    implementations=Implementations(
        engine="dlstudio.engine.heads.token_classification:TOKEN_CLASSIFICATION",
    ),
)
