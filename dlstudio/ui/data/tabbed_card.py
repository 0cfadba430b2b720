"""A card whose pages are chosen by tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from dlstudio.i18n import _
from dlstudio.ui.widgets.cards import Card


class TabbedCard(Card):
    """The right side of the Data room.

    Args:
        parent: Parent of the card.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=14, spacing=0)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName(_("Panels"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.pages = QStackedWidget(self)
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.pages, 1)

    def add_pages(self, pages: Sequence[tuple[str, QWidget]]) -> None:
        """Add pages with their translated titles."""
        for title, page in pages:
            self.pages.addWidget(page)
            self.tabs.addTab(title)

    def show_count(self, tab: int, title: str, count: int) -> None:
        """Show a number in a tab, such as "Findings 3".

        Args:
            tab: Its place.
            title: Translated.
            count: What is counted; 0 is not shown.
        """
        self.tabs.setTabText(tab, f"{title} {count:,}" if count else title)
