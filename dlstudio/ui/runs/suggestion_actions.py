"""Doing what a verdict suggests: an edit that can be undone, or a step elsewhere."""

from __future__ import annotations

from dlstudio.document.layout import LayoutEdit
from dlstudio.document.verdict import EDIT, OPEN_DATA, TRAIN_LONGER, Suggestion
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.studio import Studio


def apply_suggestion(studio: Studio, suggestion: Suggestion) -> None:
    """Do what a suggestion says."""
    if suggestion.kind == EDIT:
        _apply_edit(studio, suggestion)
    elif suggestion.kind == TRAIN_LONGER:
        studio.call("train", "train_longer", suggestion.run, suggestion.more)
    elif suggestion.kind == OPEN_DATA:
        studio.call("data", "show_class", suggestion.name)
    else:
        studio.call("start", "begin_with_data", suggestion.name)


def _apply_edit(studio: Studio, suggestion: Suggestion) -> None:
    try:
        studio.session.do(LayoutEdit(suggestion.edits), suggestion.label)
    except UserError as error:
        studio.notices.error(error)
        return
    text = _("Applied: {change}. Train again to see the effect.")
    studio.notices.good(text.format(change=suggestion.label))
