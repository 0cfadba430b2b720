"""A card that shows one number."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import label


class MetricCard(Card):
    """A name, a large number, and how it changed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12, spacing=2)
        self._name = label(name, "muted")
        self._value = label("–", "large")
        self._change = label("")
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._value)
        line.addWidget(self._change)
        line.addStretch(1)
        self.body.addWidget(self._name)
        self.body.addLayout(line)

    def show_value(
        self, value: str, change: str = "", tone: str = "muted", name: str = ""
    ) -> None:
        """Show another value; `tone` is "good", "bad" or "muted"."""
        if name:
            self._name.setText(name)
        self._value.setText(value)
        if self._change.property("role") != tone:
            self._change.setProperty("role", tone)
            self._change.style().unpolish(self._change)
            self._change.style().polish(self._change)
        self._change.setText(change)
        self.setAccessibleName(f"{self._name.text()} {value} {change}")

    def text(self) -> str:
        """The value that is shown."""
        return self._value.text()
