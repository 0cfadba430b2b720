"""Applies a verdict's suggestion: an undoable edit, or a visit to another room."""

from __future__ import annotations

from dlstudio.document.layout import LayoutEdit
from dlstudio.document.verdict import EDIT, TRAIN_LONGER, Suggestion
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.room_capabilities import DATA, TRAIN
from dlstudio.ui.studio import Studio


def apply_suggestion(studio: Studio, suggestion: Suggestion) -> None:
    """Apply the suggested edit, or show the room where it can be done."""
    if suggestion.kind == EDIT:
        _apply_edit(studio, suggestion)
    elif suggestion.kind == TRAIN_LONGER:
        run, more = suggestion.run, suggestion.more
        studio.visit(TRAIN, lambda room: room.train_longer(run, more))
    else:
        studio.visit(DATA, lambda room: room.show_class(suggestion.name))


def _apply_edit(studio: Studio, suggestion: Suggestion) -> None:
    try:
        studio.session.do(LayoutEdit(suggestion.edits), suggestion.label)
    except UserError as error:
        studio.notices.error(error)
        return
    text = _("Applied: {change}. Train again to see the effect.")
    studio.notices.good(text.format(change=suggestion.label))
    studio.services.pretrained_weights.when_at_hand(_nothing)  # asks for missing ones


def _nothing() -> None:
    """All weights are at hand."""
