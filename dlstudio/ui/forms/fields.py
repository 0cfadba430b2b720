"""Fields: each shows one parameter, tells `edited(value)`, and can be wrong."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.forms.text import parse, value_text

TYPING_MS = 500


class Field(QWidget):
    """The base of all fields.

    Signals:
        edited: A new value that the parameter's type allows.
        wrong: A sentence while what is typed is no such value; "" when it is again.
    """

    edited = Signal(object)
    wrong = Signal(str)

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self.setAccessibleName(param.name)
        self.setAccessibleDescription(_(param.summary))
        self.setToolTip(_(param.summary))

    def show_value(self, value: Value, is_set: bool) -> None:
        """Show a value without telling `edited`; defaults are shown greyed."""
        raise NotImplementedError

    def _line(self, widget: QWidget, *more: QWidget) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for each in (widget, *more):
            line.addWidget(each, 1)
        self.setFocusProxy(widget)


class TextField(Field):
    """Anything that is typed: text, numbers, shapes, lists.

    What is typed is told when the field is left, at Enter, or after a short rest.
    """

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.edit = NumberEdit(param, self) if _is_number(param) else QLineEdit(self)
        self.edit.setAccessibleName(param.name)
        self._line(self.edit)
        self._shown: Value = None
        self._rest = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._rest.timeout.connect(self._commit)
        self.edit.textEdited.connect(self._typed)
        self.edit.editingFinished.connect(self._commit)

    def show_value(self, value: Value, is_set: bool) -> None:
        """See `Field.show_value`."""
        self._rest.stop()
        self._shown = value if is_set else None
        text = value_text(value)
        default = _("empty") if not text and self.param.optional else text
        self.edit.setPlaceholderText(default)
        shown = text if is_set else ""
        if self.edit.text() != shown:
            self.edit.setText(shown)
        _mark(self.edit, wrong=False)

    def _typed(self, text: str) -> None:
        try:
            parse(self.param, text)
        except UserError as error:
            self._rest.stop()
            _mark(self.edit, wrong=True)
            self.wrong.emit(error.message)
        else:
            _mark(self.edit, wrong=False)
            self.wrong.emit("")
            self._rest.start()

    def _commit(self) -> None:
        self._rest.stop()
        if not self.edit.isModified():
            return
        try:
            value = parse(self.param, self.edit.text())
        except UserError:
            return  # told while typing; the last good value stays
        self.edit.setModified(False)
        if value != self._shown:
            self._shown = value
            self.edited.emit(value)


class NumberEdit(QLineEdit):
    """A number that the up and down keys change; Page Up and Down by ten steps."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._param = param
        self.setProperty("number", True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrows, else type."""
        steps = {
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_PageUp: 10,
            Qt.Key.Key_PageDown: -10,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._step(step):
            super().keyPressEvent(event)

    def _step(self, count: int) -> bool:
        try:
            value = parse(self._param, self.text() or self.placeholderText())
        except UserError:
            return False
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        whole = self._param.type != "float"
        size = 1 if whole else _step_of(float(value))
        changed = value + count * size
        low, high = self._param.minimum, self._param.maximum
        changed = changed if low is None else max(low, changed)
        changed = changed if high is None else min(high, changed)
        number = int(changed) if whole else round(float(changed), 12)
        self.setText(value_text(number))
        self.setModified(True)
        self.textEdited.emit(self.text())
        return True


def _step_of(value: float) -> float:
    """A tenth of the number's magnitude, as 0.01 for 0.1 and 0.0001 for 0.001."""
    import math

    if value == 0:
        return 0.1
    return float(10.0 ** (math.floor(math.log10(abs(value))) - 1))


class SizeField(Field):
    """A size as one field for each axis: 3 × 3."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        one = Param(
            name=param.name,
            type="int",
            minimum=param.minimum,
            maximum=param.maximum,
            optional=param.optional,
        )
        count = param.rank or 1
        self._parts = [TextField(one, self) for _axis in range(count)]
        self._values: list[Value] = [None] * count
        self._line(*self._parts)
        for index, part in enumerate(self._parts):
            part.setAccessibleName(f"{param.name} {index + 1}")
            part.setProperty("index", index)
            part.edited.connect(self._part_edited)
            part.wrong.connect(self.wrong)

    def show_value(self, value: Value, is_set: bool) -> None:
        """See `Field.show_value`."""
        count = len(self._parts)
        whole = value if isinstance(value, (tuple, list)) else (value,) * count
        if len(whole) != count:
            whole = (whole[0] if whole else None,) * count
        self._values = list(whole)
        for part, each in zip(self._parts, whole, strict=True):
            part.show_value(each, is_set)

    def _part_edited(self, value: Value) -> None:
        index = self.sender().property("index")
        self._values[index] = value
        if all(each is None for each in self._values):
            self.edited.emit(None)
        else:
            filled = [value if each is None else each for each in self._values]
            self.edited.emit(tuple(filled))


class ChoiceField(Field):
    """One of several values; None is shown as "none"."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.combo = StillCombo(self)
        self.combo.setAccessibleName(param.name)
        choices: list[Any] = [None, *param.choices] if param.optional else []
        self._choices = list(dict.fromkeys(choices or param.choices))
        for choice in self._choices:
            text = _("none") if choice is None else str(choice).replace("_", " ")
            self.combo.addItem(text)
        self._line(self.combo)
        self.combo.activated.connect(self._chosen)

    def show_value(self, value: Value, is_set: bool) -> None:
        """See `Field.show_value`."""
        if value not in self._choices:
            self._choices.append(value)
            self.combo.addItem(value_text(value))
        self.combo.setCurrentIndex(self._choices.index(value))
        _soften(self.combo, not is_set)

    def _chosen(self, index: int) -> None:
        self.edited.emit(self._choices[index])


class SwitchField(Field):
    """True or false; with a third state where None is legal."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.box = QCheckBox(self)
        self.box.setAccessibleName(param.name)
        self.box.setTristate(param.optional)
        self._line(self.box)
        self.box.clicked.connect(self._clicked)

    def show_value(self, value: Value, is_set: bool) -> None:
        """See `Field.show_value`."""
        if value is None:
            state, text = Qt.CheckState.PartiallyChecked, _("automatic")
        elif value:
            state, text = Qt.CheckState.Checked, _("yes")
        else:
            state, text = Qt.CheckState.Unchecked, _("no")
        self.box.setCheckState(state)
        self.box.setText(text)
        _soften(self.box, not is_set)

    def _clicked(self) -> None:
        states: dict[Qt.CheckState, Value] = {
            Qt.CheckState.Checked: True,
            Qt.CheckState.Unchecked: False,
        }
        self.edited.emit(states.get(self.box.checkState()))


class StillCombo(QComboBox):
    """A combo box that a scroll over it does not change by accident."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(4)
        self.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel unless the box has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _is_number(param: Param) -> bool:
    return param.type in ("int", "float")


def _mark(widget: QWidget, wrong: bool) -> None:
    """The style sheet shows `wrong` fields with a red border."""
    _property(widget, "wrong", wrong)


def _soften(widget: QWidget, soft: bool) -> None:
    """The style sheet shows defaults greyed."""
    _property(widget, "isDefault", soft)


def _property(widget: QWidget, name: str, value: bool) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


__all__ = [
    "ChoiceField",
    "Field",
    "NumberEdit",
    "SizeField",
    "StillCombo",
    "SwitchField",
    "TextField",
]
