"""Texts: words or sentences in each cell."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

TEXT = Description(
    kind="dlstudio.features.text",
    family="features",
    implementation="",
    title=_("Text"),
    category="tables",
    summary=_("Free text, such as a review or a message."),
    params=(
        Param(
            "missing",
            "enum",
            default="empty",
            choices=("empty", "drop"),
            summary=_(
                "What takes the place of a missing text: an empty one. “drop” excludes "
                "the row."
            ),
        ),
        Param(
            "segmentation",
            "enum",
            default="characters",
            choices=("characters", "words"),
            summary=_(
                "How Chinese is read: as characters, which the model splits itself; or "
                "as words, which are found beforehand, so that an exported model takes "
                "texts with blanks between words."
            ),
        ),
    ),
    implementations=Implementations(
        data="dlstudio.data.features.text:TEXT",
        engine="dlstudio.engine.features.text:TEXT",
        view="dlstudio.ui.features.text:TEXT",
        findings="dlstudio.data.features.text_findings:text_findings",
    ),
    # Predicted only if the user says so, and given by `predict --text`.
    extra={"groups": False, "prose": True},
)
