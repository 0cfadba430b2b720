"""The tab that follows the newest checkpoint, as the model's head wants it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.heads.head_view import HeadView, head_view, implementation
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.live_panel import LivePanel


class LiveTab(QWidget):
    """Holds the panel of the project's first head.

    Args:
        studio: The window's services, theme and navigation.

    Attributes:
        panel: The panel; None where the head has none, or it was never shown.

    Signals:
        changed: Emitted when `title` may have changed.
    """

    changed = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._view = HeadView()
        self._history: RunHistory | None = None
        self.panel: LivePanel[object] | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        studio.session.changed.connect(self._refresh)
        self._refresh()

    @property
    def title(self) -> str:
        """Of the tab; "" for no tab."""
        return _(self._view.live_title) if self._view.live else ""

    def show_history(self, history: RunHistory) -> None:
        """Show the newest checkpoint of a run."""
        self._history = history
        if self.panel is None and self._view.live:
            self.panel = implementation(self._view.live)(self._studio, self)
            self._lines.addWidget(self.panel)
            self.panel.show()  # before it asks: what is hidden does not
        if self.panel is not None:
            self.panel.show_history(history)

    def _refresh(self) -> None:
        session = self._studio.session
        view = head_view(session.project.head, session.catalog)
        if view == self._view:
            return
        self._view = view
        if self.panel is not None:
            self._lines.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None
        self.changed.emit()
