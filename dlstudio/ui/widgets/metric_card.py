"""A card that displays a single metric."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.catalog.guide_topics import metric_topic
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.help_button import HelpButton
from dlstudio.ui.widgets.labels import label, set_role
from dlstudio.ui.widgets.topics import set_topic


class MetricCard(Card):
    """A name, a large value, its change, and perhaps a line below.

    Args:
        name: Translated name of the metric.
        metric: Recorded name of the metric, for help from the guide.
    """

    def __init__(
        self, name: str, metric: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, margin=12, spacing=2)
        self._name = label(name, "muted")
        self._value = label("–", "large")
        self._change = label("")
        self._note = label("", "faint")
        self._note.hide()
        self.help_button = HelpButton(self)
        self.help_button.hide()
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(self._name, 1)
        top.addWidget(self.help_button)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._value)
        line.addWidget(self._change)
        line.addStretch(1)
        self.body.addLayout(top)
        self.body.addLayout(line)
        self.body.addWidget(self._note)
        self.body.addStretch(1)  # beside a higher card, the values stay in line
        self.explain(metric)

    def explain(self, metric: str) -> None:
        """Set the metric for help; "" if the guide does not explain it."""
        topic = metric_topic(metric)
        set_topic(self, topic)
        self.help_button.setVisible(bool(topic))

    def show_value(
        self, value: str, change: str = "", tone: str = "muted", name: str = ""
    ) -> None:
        """Show a value.

        Args:
            value: Formatted value.
            change: Formatted change from before; "" for none.
            tone: "good", "bad" or "muted".
            name: Replaces the card's name; "" keeps it.
        """
        if name:
            self._name.setText(name)
        self._value.setText(value)
        set_role(self._change, tone)
        self._change.setText(change)
        self.setAccessibleName(f"{self._name.text()} {value} {change}")

    def show_note(self, note: str) -> None:
        """Show a line below the value, such as its interval; "" for none."""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        words = (self._name.text(), self.text(), self._change.text(), note)
        self.setAccessibleName(" ".join(filter(None, words)))

    def text(self) -> str:
        """The displayed value."""
        return self._value.text()
