"""Shown by rooms that need a model, for a run that has none but other results."""

from __future__ import annotations

from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.empty_state import EmptyState


class NothingPredictedState(EmptyState):
    """Explains what the run has instead of a model, with a button that goes there.

    Args:
        studio: The window's services, theme and navigation.
        text: Translated explanation.
    """

    def __init__(self, studio: Studio, text: str) -> None:
        self.evaluate = button(studio.theme, _("Go to Evaluate"), "primary")
        self.evaluate.clicked.connect(lambda: studio.go("evaluate"))
        super().__init__(
            studio.theme,
            "mdi6.format-letter-matches",
            _("Word vectors"),
            text,
            (self.evaluate,),
        )
