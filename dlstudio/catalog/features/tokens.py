"""Sentences that are split into tokens already."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.i18n import marked as _

TOKENS = Description(
    kind="dlstudio.features.tokens",
    family="features",
    implementation="",
    title=_("Tokens"),
    category="tables",
    summary=_("The words of a sentence with spaces between them, each a token."),
    implementations=Implementations(
        data="dlstudio.data.features.tokens:TOKENS",
        engine="dlstudio.engine.features.tokens:TOKENS",
        view="dlstudio.ui.features.tokens:TOKENS",
    ),
    extra={"typed": True},
)
