"""Creates the guide's window on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from dlstudio.catalog.store import Catalog
from dlstudio.ui.theme.tokens import Theme

if TYPE_CHECKING:
    from dlstudio.ui.guide.window import GuideWindow


class GuideOpener:
    """Opens the guide next to a window.

    Attributes:
        shown: The guide's window while it is open.
    """

    def __init__(self, catalog: Catalog, window: QWidget) -> None:
        self._catalog = catalog
        self._window = window
        self.shown: GuideWindow | None = None

    def show(self, theme: Theme, topic: str) -> None:
        """Show a topic in the existing window or in a new one."""
        # The pages are rendered by a library that nothing else here needs.
        from dlstudio.ui.guide.window import GuideWindow

        if self.shown is None:
            self.shown = GuideWindow(theme, self._catalog, self._window)
            self.shown.finished.connect(self._closed)
        self.shown.show_topic(topic)
        self.shown.show()
        self.shown.raise_()
        self.shown.activateWindow()

    def rebuild(self, theme: Theme) -> None:
        """Recreate an open window in the current language and theme."""
        old = self.shown
        if old is None:
            return
        topic, place = old.topic(), old.geometry()
        old.close()
        self.show(theme, topic)
        assert self.shown is not None
        self.shown.setGeometry(place)

    def _closed(self) -> None:
        self.shown = None
