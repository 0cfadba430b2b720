"""What is to be known of a model before and after it is imported, a sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.document.name_lists import list_names
from dlstudio.engine.file_import.model_ends import ModelAnswer, ModelEntry, are_known
from dlstudio.engine.file_import.opened_model import OpenedModel
from dlstudio.i18n import _, ngettext

USUAL_SIZE = (224, 224)
"""Height and width that images are resized to where a model takes any."""


def notes_of(opened: OpenedModel) -> list[str]:
    """What is to be known of a model that was read, a sentence each."""
    notes = [*opened.file.notes, *(each.text for each in opened.imported.notes)]
    if opened.unmatched:
        notes.append(
            ngettext(
                "{count} layer keeps random weights, as the file has none that "
                "fit it: {names}.",
                "{count} layers keep random weights, as the file has none that "
                "fit them: {names}.",
                len(opened.unmatched),
            ).format(count=len(opened.unmatched), names=list_names(opened.unmatched))
        )
    if not opened.has_weights and opened.original is not None:
        notes.append(
            _("The file has no trained weights, so the model must be trained first.")
        )
    return notes


def size_note() -> str:
    """That images are resized, though the model takes any size."""
    return _(
        "The model accepts images of any size. They are resized to {height} × {width}."
    ).format(height=USUAL_SIZE[0], width=USUAL_SIZE[1])


def end_notes(
    entries: Sequence[ModelEntry], answers: Sequence[ModelAnswer]
) -> list[str]:
    """What is to be known of a model's inputs and outputs.

    Args:
        entries: The inputs.
        answers: The outputs.
    """
    if not are_known(entries, answers):
        return [
            _(
                "dlstudio has no feature type for {names}. The model can be viewed, "
                "edited and written as a script, but not trained or used for "
                "predictions."
            ).format(names=list_names(_unknown(entries, answers)))
        ]
    return [
        _(
            "The output {name} has no activation; its values are treated as logits."
        ).format(name=each.node)
        for each in answers
        if each.from_logits
    ]


def _unknown(
    entries: Sequence[ModelEntry], answers: Sequence[ModelAnswer]
) -> list[str]:
    """The inputs and outputs that keep a model from predicting, by name."""
    inputs = [each.node for each in entries if not each.kind]
    outputs = [each.node for each in answers if not each.kind]
    return [
        *(_("the input {name}").format(name=each) for each in inputs),
        *(_("the output {name}").format(name=each) for each in outputs),
    ] or [_("its outputs")]
