"""Running text: windows of a long text, for language models."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

UNITS = ("characters", "words")

CONTINUOUS_TEXT = Description(
    kind="dlstudio.features.continuous_text",
    family="features",
    implementation="",
    title=_("Running text"),
    category="tables",
    summary=_("A window of a long text, with all blanks and line breaks."),
    params=(
        Param(
            "unit",
            "enum",
            default="characters",
            choices=UNITS,
            summary=_("What a text is counted in: characters or words."),
        ),
        Param(
            "window",
            "int",
            default=0,
            minimum=0,
            summary=_(
                "How much of a text enters the model, of a longer one the end; 0 for "
                "all of it."
            ),
        ),
    ),
    implementations=Implementations(
        data="dlstudio.data.features.continuous_text:CONTINUOUS_TEXT",
        engine="dlstudio.engine.features.continuous_text:CONTINUOUS_TEXT",
        view="dlstudio.ui.features.continuous_text:CONTINUOUS_TEXT",
    ),
)
