"""Progress of an export and its verification."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from dlstudio.i18n import _, marked
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading, label

STEPS = (
    ("read", marked("Read the model and held-out samples")),
    ("write", marked("Write the export")),
    ("ask", marked("Load the export in a new process without dlstudio and run it")),
    ("compare", marked("Compare its predictions with those of the model in dlstudio")),
    ("place", marked("Move the export to its destination")),
)
DONE, RUNNING, PENDING, FAILED = "done", "now", "not yet", "failed"
ICONS = {
    DONE: "mdi6.check",
    RUNNING: "mdi6.progress-clock",
    PENDING: "mdi6.circle-small",
    FAILED: "mdi6.close",
}


class ExportSteps(Card):
    """One row per step, with an icon for its state."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.states: dict[str, str] = {}
        self._marks: dict[str, QLabel] = {}
        self._labels: dict[str, QLabel] = {}
        self.body.addWidget(heading(theme, _("Verification report")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for row, (key, text) in enumerate(STEPS):
            self._marks[key], self._labels[key] = label(""), label(_(text))
            grid.addWidget(self._marks[key], row, 0)
            grid.addWidget(self._labels[key], row, 1)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)

    def show_step(self, step: str, failed: bool = False) -> None:
        """Show the current or the failed step; "" before the export starts.

        Args:
            step: One of `STEPS`, or "".
        """
        self.setVisible(bool(step))
        keys = [key for key, _text in STEPS]
        here = keys.index(step) if step in keys else 0
        c = self._theme.colors
        colors = {
            DONE: c.good,
            RUNNING: c.accent,
            PENDING: c.line_strong,
            FAILED: c.bad,
        }
        for number, key in enumerate(keys):
            state = DONE if number < here else PENDING
            if number == here:
                state = FAILED if failed else RUNNING
            self.states[key] = state
            drawn = icon(ICONS[state], colors[state])
            self._marks[key].setPixmap(
                drawn.pixmap(QSize(16, 16), self.devicePixelRatioF())
            )
            ink = c.text_faint if state == PENDING else c.text
            self._labels[key].setStyleSheet(f"color: {ink};")
