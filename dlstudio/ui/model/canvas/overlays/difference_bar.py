"""The legend of a comparison: colours, numbers, and each difference as a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets import ElidedLabel, IconButton, label

WIDTH = 280
MOST_LINES = 5  # the others are scrolled to
MOST_SENTENCES = 60
SWATCH = 10


class DifferenceBar(QFrame):
    """Names what a model is compared with, and lists how it differs.

    Signals:
        closed: Emitted when the comparison should end.
    """

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "raised")
        self.setAccessibleName(_("Comparison"))
        self.setFixedWidth(WIDTH)
        c = theme.colors
        self.title = ElidedLabel("", parent=self)
        close = IconButton(theme, "mdi6.close", _("Stop comparing"), self)
        close.clicked.connect(self.closed.emit)
        self.counts = [label("", "muted", parent=self) for _color in range(3)]
        self.text = label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.text)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(close)
        legend = QHBoxLayout()
        legend.setSpacing(6)
        for color, count in zip(
            (c.good, c.validation, c.bad), self.counts, strict=True
        ):
            swatch = QFrame(self)
            swatch.setFixedSize(SWATCH, SWATCH)
            swatch.setStyleSheet(f"background: {color}; border-radius: 3px;")
            legend.addWidget(swatch)
            legend.addWidget(count)
            legend.addSpacing(6)
        legend.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(legend)
        column.addWidget(self._scroll)
        self.hide()

    def show_difference(
        self, title: str, counts: tuple[int, int, int], sentences: Sequence[str]
    ) -> None:
        """Show a comparison.

        Args:
            title: Says what the model is compared with.
            counts: Numbers of added, changed and removed layers.
            sentences: Each difference.
        """
        self.title.set_text(title)
        texts = (_("Added {count}"), _("Changed {count}"), _("Removed {count}"))
        for shown, text, count in zip(self.counts, texts, counts, strict=True):
            shown.setText(text.format(count=count))
        lines = [f"• {each}" for each in sentences[:MOST_SENTENCES]]
        if len(sentences) > MOST_SENTENCES:
            lines.append("…")
        self.text.setText("\n".join(lines) or _("No differences."))
        height = self.text.heightForWidth(WIDTH - 40)
        most = MOST_LINES * self.text.fontMetrics().lineSpacing()
        self._scroll.setFixedHeight(min(height, most))
        self.adjustSize()
        self.show()
        self.raise_()
