"""Start, pause and stop buttons; and the splitter of charts and tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from dlstudio.i18n import _
from dlstudio.ui.services.training.view_state import TrainViewState
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.workers.training import IDLE, PAUSED

DEFAULT_HEIGHTS = [540, 460]


class TrainButtons(QWidget):
    """Shows only the buttons that apply in the current state."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = button(theme, _("Start training"), "primary", "mdi6.play")
        self.pause = button(theme, _("Pause"), "", "mdi6.pause")
        self.stop = button(theme, _("Stop"), "danger", "mdi6.stop")
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(8)
        for each in (self.start, self.pause, self.stop):
            self._line.addWidget(each, 1)

    def add(self, beside: QWidget) -> None:
        """Add a smaller button next to them."""
        self._line.addWidget(beside)

    def show_state(self, state: str) -> None:
        """Show the buttons that apply in a state of the training."""
        running = state != IDLE
        buttons = (
            (self.start, not running),
            (self.pause, running),
            (self.stop, running),
        )
        # Hide buttons before showing others; otherwise the layout moves back and forth.
        focused = any(each.hasFocus() for each, shown in buttons if not shown)
        for each, shown in sorted(buttons, key=lambda pair: pair[1]):
            each.setVisible(shown)
        self.pause.setEnabled(state in ("running", PAUSED))
        self.pause.setText(_("Resume") if state == PAUSED else _("Pause"))
        self.stop.setEnabled(running and state != "stopping")
        if focused:  # the focused button was replaced by another one
            coming = self.stop if running else self.start
            coming.setFocus(Qt.FocusReason.OtherFocusReason)


class ChartsSplitter(QSplitter):
    """A splitter of charts and tabs; sizes set by the user are kept.

    Args:
        view_state: View state of the Train room.
        upper: The charts.
        lower: The tabs.
    """

    def __init__(
        self,
        view_state: TrainViewState,
        upper: QWidget,
        lower: QWidget,
        parent: QWidget,
    ) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._view_state = view_state
        self.setChildrenCollapsible(False)
        self.setHandleWidth(10)
        self.setStyleSheet("QSplitter::handle { background: transparent; }")
        for place, half in enumerate((upper, lower)):
            self.addWidget(half)
            self.setStretchFactor(place, DEFAULT_HEIGHTS[place])
        self.setSizes(view_state.heights or DEFAULT_HEIGHTS)
        self.splitterMoved.connect(self._keep)

    def _keep(self, _place: int, _handle: int) -> None:
        self._view_state.heights = self.sizes()
