"""A tag for each token of a sentence."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.i18n import marked as _

TAGS = Description(
    kind="dlstudio.features.tags",
    family="features",
    implementation="",
    title=_("Tags"),
    category="tables",
    summary=_(
        "A tag for each token of a sentence, such as “B-person I-person O”, which mark "
        "named entities."
    ),
    implementations=Implementations(
        data="dlstudio.data.features.tags:TAGS",
        engine="dlstudio.engine.features.tags:TAGS",
        view="dlstudio.ui.features.tags:TAGS",
        findings="dlstudio.data.features.tag_findings:unlike_lengths",
    ),
)
