"""How many pictures of which class, and how large: both filter by a click."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.balance import ClassBars
from dlstudio.ui.data.shown import Shown
from dlstudio.ui.data.sizes import SizeBars
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading

TALL, SMALL = 104, 32


class Charts(Card):
    """The two charts, one below the other."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12)
        self.classes = ClassBars(theme, self)
        self.sizes = SizeBars(theme, self)
        self.sizes.setFixedHeight(SMALL)
        self.body.addWidget(heading(theme, _("Classes")))
        self.body.addWidget(self.classes, 1)
        self.body.addWidget(heading(theme, _("Size, longer side")))
        self.body.addWidget(self.sizes)

    def show_data(self, shown: Shown | None) -> None:
        """Show newer figures."""
        self.classes.show_data(shown)
        self.sizes.show_data(shown.examined if shown is not None else None)
        self.sizes.setFixedHeight(TALL if len(self.sizes.bins.counts) > 1 else SMALL)
