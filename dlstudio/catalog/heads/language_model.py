"""The next token of a text, at every position."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.i18n import marked as _

LANGUAGE_MODEL = Description(
    kind="dlstudio.heads.language_model",
    family="heads",
    implementation="",
    title=_("Language model"),
    summary=_("The model continues a text: at each position it predicts what follows."),
    extra={
        "features": ("dlstudio.features.continuous_text",),
        "labels": "next_token",
        "of_input": True,
        "generates": "text",
    },
    implementations=Implementations(
        engine="dlstudio.engine.heads.language_model:LANGUAGE_MODEL",
        view="dlstudio.ui.heads.language_view:LANGUAGE",
    ),
)
