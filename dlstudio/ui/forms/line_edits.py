"""Line edits: Escape reverts; numbers also step up and down."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.forms.small_buttons import StepButton
from dlstudio.ui.forms.text_conversion import parse, value_text

STEPS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
}
STEP_BUTTON_WIDTH = 16  # pixels reserved for the step buttons


class LineEdit(QLineEdit):
    """Line edit that reports the Escape key.

    Signals:
        escaped: Emitted when Escape is pressed.
    """

    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit `escaped` on Escape; the field decides what to do."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class NumberEdit(LineEdit):
    """A number with step buttons; Up and Down step, Page Up and Page Down by ten."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._param = param
        self._start: Value = None
        self.setProperty("number", True)
        self.setTextMargins(0, 0, STEP_BUTTON_WIDTH, 0)
        self._up = StepButton(True, _("More"), self)
        self._down = StepButton(False, _("Less"), self)
        self._up.clicked.connect(lambda: self.step(1))
        self._down.clicked.connect(lambda: self.step(-1))

    def set_step_start(self, value: Value) -> None:
        """Set the value from which an empty field steps: the default."""
        self._start = value

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the step buttons at the right edge."""
        super().resizeEvent(event)
        half = (self.height() - 6) // 2
        left = self.width() - STEP_BUTTON_WIDTH - 5
        self._up.setGeometry(left, 3, STEP_BUTTON_WIDTH, half)
        self._down.setGeometry(left, 3 + half, STEP_BUTTON_WIDTH, half)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow keys, otherwise edit the text."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        else:
            self.step(step)

    def step(self, count: int) -> None:
        """Change the number by `count` steps, within its bounds, as if typed."""
        number = self._step_value(count)
        if number is None or value_text(number) == self.text():
            return
        self.setText(value_text(number))
        self.setModified(True)
        self.textEdited.emit(self.text())

    def _step_value(self, count: int) -> int | float | None:
        param = self._param
        low, high = param.minimum, param.maximum
        whole = param.type == "int"
        now = self._current_value()
        if now is None:
            changed = float(low if low is not None else 0)
        else:
            changed = now + count * (1.0 if whole else step_size(now))
        if low is not None:
            changed = max(changed, low)
        if high is not None:
            changed = min(changed, high)
        if (param.open_minimum and changed == low) or (
            param.open_maximum and changed == high
        ):
            return None
        return int(changed) if whole else round(changed, 12)

    def _current_value(self) -> float | None:
        """The number to step from; None if there is none."""
        value = self._start
        if self.text().strip():
            try:
                value = parse(self._param, self.text())
            except UserError:
                return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        return float(value)


def step_size(value: float) -> float:
    """A tenth of the number's magnitude: 0.01 for 0.1, 0.0001 for 0.001."""
    if value == 0:
        return 0.1
    return float(10.0 ** (math.floor(math.log10(abs(value))) - 1))
