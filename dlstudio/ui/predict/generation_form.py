"""How a language model is to write: length, temperature, top-k, top-p, seed."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from dlstudio.document.token_choice import Decoding
from dlstudio.i18n import _
from dlstudio.ui.widgets.integer_spin_box import MARGIN, IntegerSpinBox
from dlstudio.ui.widgets.labels import label

MAX_SEED = 2**31 - 1
LONGEST, MOST_TOKENS = 100_000, 100_000
HOTTEST = 5.0


class GenerationForm(QWidget):
    """Fields side by side.

    Signals:
        changed: Emitted when a value changes.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        usual = Decoding()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self.length = self._whole(
            _("Length"), 1, LONGEST, usual.length, _("Characters or words to write")
        )
        self.temperature = self._share(
            _("Temperature"),
            HOTTEST,
            usual.temperature,
            _("How freely to draw: 0 always takes the likeliest, 1 is usual."),
        )
        self.top_k = self._whole(
            _("Top-k"),
            0,
            MOST_TOKENS,
            usual.top_k,
            _("Draw only from the K likeliest; 0 for all."),
        )
        self.top_p = self._share(
            _("Top-p"),
            1.0,
            usual.top_p,
            _("Draw only from the likeliest with this probability in all."),
        )
        self.seed = self._whole(
            _("Seed"), 0, MAX_SEED, usual.seed, _("The same seed gives the same text.")
        )
        self._row.addStretch(1)

    @property
    def decoding(self) -> Decoding:
        """What is chosen."""
        return Decoding(
            self.length.value(),
            self.temperature.value(),
            self.top_k.value(),
            self.top_p.value(),
            self.seed.value(),
        )

    def fields(self) -> tuple[QWidget, ...]:
        """All fields, in their order."""
        return (self.length, self.temperature, self.top_k, self.top_p, self.seed)

    def _whole(
        self, name: str, low: int, high: int, value: int, tip: str
    ) -> IntegerSpinBox:
        made = IntegerSpinBox(self)
        made.setRange(low, high)
        made.setValue(value)
        made.valueChanged.connect(self.changed)
        self._add(name, made, tip)
        return made

    def _share(self, name: str, high: float, value: float, tip: str) -> QDoubleSpinBox:
        made = QDoubleSpinBox(self)
        made.setLocale(QLocale.c())
        made.setRange(0.0, high)
        made.setSingleStep(0.05)
        made.lineEdit().setTextMargins(MARGIN, 0, 0, 0)
        made.setValue(value)
        made.valueChanged.connect(self.changed)
        self._add(name, made, tip)
        return made

    def _add(self, name: str, field: QWidget, tip: str) -> None:
        field.setAccessibleName(name)
        field.setToolTip(tip)
        self._row.addWidget(label(name, "muted"))
        self._row.addWidget(field)
        self._row.addSpacing(6)
