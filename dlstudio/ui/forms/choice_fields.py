"""Fields for choices: one of several values, or a boolean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QWidget,
)

from dlstudio.catalog.choice_labels import choice_text
from dlstudio.catalog.schema import Param
from dlstudio.document.values import Value
from dlstudio.i18n import _
from dlstudio.ui.forms.field import Field, mark_default, mixed_text
from dlstudio.ui.forms.param_labels import label_text
from dlstudio.ui.forms.text_conversion import value_text
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox


class ChoiceField(Field):
    """One of several values; None, if allowed, is shown as "automatic"."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.combo = NoWheelComboBox(self)
        self.combo.setAccessibleName(label_text(param.name))
        choices: list[Any] = [None, *param.choices] if param.optional else []
        self._choices = list(dict.fromkeys(choices or param.choices))
        for choice in self._choices:
            unset = choice is None or choice == ""
            self.combo.addItem(
                _("automatic") if unset else choice_text(param.name, choice)
            )
            if not unset:
                last = self.combo.count() - 1
                code = Qt.ItemDataRole.ToolTipRole
                self.combo.setItemData(last, str(choice), code)
        self.set_widgets(self.combo)
        self.combo.activated.connect(self._chosen)

    def show_value(self, value: Value, is_set: bool) -> None:
        if value not in self._choices:
            self._choices.append(value)
            self.combo.addItem(value_text(value))
        self.combo.setCurrentIndex(self._choices.index(value))
        mark_default(self.combo, not is_set)

    def show_mixed(self) -> None:
        self.combo.setPlaceholderText(mixed_text())
        self.combo.setCurrentIndex(-1)
        mark_default(self.combo, is_default=True)

    def _chosen(self, index: int) -> None:
        self.edited.emit(self._choices[index])


class MonitorField(ChoiceField):
    """A metric to monitor, by the name under which it is recorded."""

    def set_choices(self, choices: Mapping[str, tuple[str, ...]]) -> None:
        """Set the available choices; the current value stays even if not among them."""
        available = choices.get(self.param.type, ())
        place = self.combo.currentIndex()
        chosen = self._choices[place] if 0 <= place < len(self._choices) else None
        self._choices = list(available)
        self.combo.clear()
        self.combo.addItems(self._choices)
        if isinstance(chosen, str):
            if chosen not in self._choices:
                self._choices.append(chosen)
                self.combo.addItem(chosen)
            self.combo.setCurrentIndex(self._choices.index(chosen))


class SwitchField(Field):
    """A boolean; tristate if None is allowed."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.box = QCheckBox(self)
        self.box.setAccessibleName(label_text(param.name))
        self.set_widgets(self.box)
        self.box.clicked.connect(self._clicked)

    def show_value(self, value: Value, is_set: bool) -> None:
        self.box.setTristate(self.param.optional)
        if value is None:
            state, text = Qt.CheckState.PartiallyChecked, _("automatic")
        elif value:
            state, text = Qt.CheckState.Checked, _("yes")
        else:
            state, text = Qt.CheckState.Unchecked, _("no")
        self.box.setCheckState(state)
        self.box.setText(text)
        mark_default(self.box, not is_set)

    def show_mixed(self) -> None:
        self.box.setTristate(True)
        self.box.setCheckState(Qt.CheckState.PartiallyChecked)
        self.box.setText(mixed_text())
        mark_default(self.box, is_default=True)

    def _clicked(self) -> None:
        state = self.box.checkState()
        if state == Qt.CheckState.PartiallyChecked and not self.param.optional:
            state = Qt.CheckState.Checked  # a click on "different values" sets true
        states: dict[Qt.CheckState, Value] = {
            Qt.CheckState.Checked: True,
            Qt.CheckState.Unchecked: False,
        }
        self.edited.emit(states.get(state))
