"""Where one is among nested graphs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dlstudio.i18n import _
from dlstudio.ui.widgets.labels import label


class WayBar(QWidget):
    """model › encoder: all but the last are buttons. Hidden at the top.

    Signals:
        chosen: Place in the way that was clicked.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Open models"))
        self.buttons: list[QPushButton] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(12, 6, 12, 6)
        self._line.setSpacing(4)
        self.hide()

    def show_way(self, names: Sequence[str]) -> None:
        """Show the names of the graphs, from the outermost."""
        while (item := self._line.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        for index, name in enumerate(names[:-1]):
            button = QPushButton(name, self)
            button.setProperty("role", "link")
            button.setProperty("index", index)
            button.clicked.connect(self._clicked)
            self.buttons.append(button)
            self._line.addWidget(button)
            self._line.addWidget(label("›", "muted"))
        self._line.addWidget(label(names[-1], "strong"))
        self._line.addStretch(1)
        self.setVisible(len(names) > 1)

    def _clicked(self) -> None:
        self.chosen.emit(self.sender().property("index"))
