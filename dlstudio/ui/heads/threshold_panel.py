"""The decision threshold of an output, and what it predicts."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.catalog.guide_topics import metric_topic
from dlstudio.document.threshold_section import DEFAULT, DecisionThreshold
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.help_button import HelpButton
from dlstudio.ui.widgets.integer_spin_box import IntegerSpinBox
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.ui.widgets.topics import set_topic

DEBOUNCE_MS = 400  # after the last step, before a threshold is kept


class ThresholdPanel(Card):
    """In percent; precision and recall follow at once.

    Args:
        theme: Colours and sizes.
        parent: Parent of the widget.

    Signals:
        chosen: Emitted with a threshold to keep; None for the default.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12)
        self._section: DecisionThreshold | None = None
        self._shown = 0
        self.field = IntegerSpinBox(self)
        self.field.setRange(1, 99)
        self.field.setSuffix(" %")
        self.field.setAccessibleName(_("Decision threshold"))
        self.restore = button(theme, _("Restore default"))
        self.restore.setMinimumHeight(self.field.sizeHint().height())
        self.meaning = ElidedLabel("", "muted")
        self.effect = ElidedLabel("", "strong")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(_("Decision threshold")))
        line.addWidget(self.field)
        line.addWidget(self.restore)
        line.addWidget(self.meaning, 1)
        set_topic(self, metric_topic("threshold"))
        line.addWidget(HelpButton(self))
        self.body.addLayout(line)
        self.body.addWidget(self.effect)
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self._keep)
        self.field.valueChanged.connect(self._change)
        self.restore.clicked.connect(self._restore)
        self.hide()

    def show_threshold(self, section: DecisionThreshold | None) -> None:
        """Show the threshold of a report; None if there is none to choose."""
        self._section = section
        self.setVisible(section is not None)
        if section is None:
            return
        self._shown = round(100 * section.value)
        self.field.blockSignals(True)
        self.field.setValue(self._shown)
        self.field.blockSignals(False)
        self._show_effect()

    def flush(self) -> None:
        """Keep a threshold that was just chosen, before something else is shown."""
        if self._debounce.isActive():
            self._debounce.stop()
            self._keep()

    def _change(self) -> None:
        self._show_effect()
        self._debounce.start()

    def _restore(self) -> None:
        self.field.setValue(round(100 * DEFAULT))

    def _keep(self) -> None:
        value = self.field.value()
        if value != self._shown:
            self._shown = value
            threshold = value / 100
            self.chosen.emit(None if threshold == DEFAULT else threshold)

    def _show_effect(self) -> None:
        section, value = self._section, self.field.value()
        if section is None:
            return
        self.restore.setVisible(value != round(100 * DEFAULT))
        text = _("A label is predicted from this probability on.")
        if section.positive:
            text = _("“{name}” is predicted from this probability on.")
        self.meaning.set_text(text.format(name=section.positive))
        found = section.at(value / 100)
        parts = (
            (_("Precision"), found.precision if found else None),
            (_("Recall"), found.recall if found else None),
            (_("F1"), found.f1 if found else None),
        )
        self.effect.set_text(" · ".join(f"{n} {percent(each)}" for n, each in parts))
