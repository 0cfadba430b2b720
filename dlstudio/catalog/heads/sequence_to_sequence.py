"""A text that follows from other inputs, token by token."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations, Param
from dlstudio.i18n import marked as _

SEQUENCE_TO_SEQUENCE = Description(
    kind="dlstudio.heads.sequence_to_sequence",
    family="heads",
    implementation="",
    title=_("Sequence to sequence"),
    summary=_("Each sample has a text, such as a translation or a reply."),
    params=(
        Param(
            "beam_width",
            "int",
            default=1,
            minimum=1,
            maximum=32,
            summary=_(
                "Texts that are continued at the same time when the model predicts; 1 "
                "for greedy search."
            ),
        ),
        Param(
            "length_penalty",
            "float",
            default=0.6,
            minimum=0,
            maximum=2,
            summary=_(
                "How much beam search makes up for the lower probability of longer "
                "texts; 0 for not at all."
            ),
        ),
    ),
    extra={
        "features": ("dlstudio.features.text",),
        "labels": "text",
        "written": True,
    },
    implementations=Implementations(
        engine="dlstudio.engine.heads.sequence_to_sequence:SEQUENCE_TO_SEQUENCE",
        view="dlstudio.ui.heads.text_view:TEXTS",
    ),
)
