"""The empty state of rooms that need a trained model."""

from __future__ import annotations

from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.empty_state import EmptyState


class NoModelState(EmptyState):
    """Explains that a model must be trained first, with a button to do so."""

    def __init__(self, studio: Studio, text: str) -> None:
        self.train = button(studio.theme, _("Go to Train"), "primary")
        self.train.clicked.connect(lambda: studio.go("train"))
        super().__init__(
            studio.theme,
            "mdi6.school-outline",
            _("No trained model yet"),
            text,
            (self.train,),
        )
