"""The preferences dialog: a form generated from the settings model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QWidget,
)

from dlstudio.i18n import LANGUAGES, _, marked
from dlstudio.settings import Settings
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.dialogs import ModelessDialog
from dlstudio.ui.shell.file_types_box import FileTypesBox
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.integer_spin_box import IntegerSpinBox
from dlstudio.ui.widgets.labels import label

ChangeSetting = Callable[..., object]
FILE_TYPES = marked("Open Keras models (.keras) with dlstudio")
OFFERED = marked("The file manager offers it; another default program is kept.")
# Displayed names of choices.
VALUE_NAMES = {
    "": marked("Match system"),
    "system": marked("Match system"),
    "light": marked("Light"),
    "dark": marked("Dark"),
    **LANGUAGES,
}


def shown_settings() -> dict[str, FieldInfo]:
    """All settings that are a choice, a number or a boolean, by name."""
    return {
        name: info
        for name, info in Settings.model_fields.items()
        if get_origin(info.annotation) is Literal or info.annotation in (bool, int)
    }


class PreferencesDialog(ModelessDialog):
    """All settings that are a choice, a number or a boolean; applied immediately.

    Args:
        theme: Colours and sizes.
        core: The window's services, with the current settings.
        change: Called with the setting's name as keyword and its new value.
        parent: The window.
    """

    def __init__(
        self,
        theme: Theme,
        core: Core,
        change: ChangeSetting,
        parent: QWidget,
    ) -> None:
        super().__init__(theme, _("Preferences"), parent)
        self._change = change
        self.fields: dict[str, QWidget] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for name, info in shown_settings().items():
            field = self._field(name, info, getattr(core.settings.value, name))
            title, description = info.title or name, info.description or ""
            self._add(grid, name, (_(title), _(description)), field)
        box = FileTypesBox(core.files, core.notices.error)
        self._add(grid, "file_types", (_(FILE_TYPES), _(OFFERED)), box)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        defaults = button(theme, _("Restore defaults"))
        defaults.clicked.connect(self._reset)
        self.add_button(defaults)
        self.setMinimumWidth(640)  # descriptions need no wrapping

    def focused(self) -> str:
        """The setting whose field has the focus, or ""."""
        within = self.focusWidget()
        return next((name for name, w in self.fields.items() if w is within), "")

    def focus(self, name: str) -> None:
        """Focus the field of a setting."""
        if name in self.fields:
            self.fields[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(
        self, grid: QGridLayout, name: str, texts: tuple[str, str], field: QWidget
    ) -> None:
        row = grid.rowCount()
        title, description = texts
        words = label(title, "strong")
        words.setBuddy(field)
        field.setAccessibleName(title)
        field.setAccessibleDescription(description)
        grid.addWidget(words, row, 0)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(field, row, 1, 2, 1, top)
        grid.addWidget(label(description, "faint", wrap=True), row + 1, 0)
        grid.setRowMinimumHeight(row + 2, 8)
        self.fields[name] = field

    def _field(self, name: str, info: FieldInfo, value: Any) -> QWidget:
        if get_origin(info.annotation) is Literal:
            return self._choice(name, get_args(info.annotation), value)
        if info.annotation is bool:
            box = QCheckBox()
            box.setChecked(value)
            box.toggled.connect(lambda on: self._change(**{name: on}))
            return box
        return self._number(name, info, value)

    def _choice(self, name: str, values: tuple[Any, ...], value: Any) -> QComboBox:
        box = QComboBox()
        for each in values:
            box.addItem(_(VALUE_NAMES.get(each, str(each))), each)
        box.setCurrentIndex(values.index(value))
        box.setMinimumWidth(180)
        box.activated.connect(lambda row: self._change(**{name: box.itemData(row)}))
        return box

    def _number(self, name: str, info: FieldInfo, value: int) -> IntegerSpinBox:
        box = IntegerSpinBox()
        for limit in info.metadata:
            if hasattr(limit, "ge"):
                box.setMinimum(limit.ge)
            if hasattr(limit, "le"):
                box.setMaximum(limit.le)
        box.setValue(value)
        box.setMinimumWidth(180)
        box.valueChanged.connect(lambda number: self._change(**{name: number}))
        return box

    def _reset(self) -> None:
        names = (name for name in Settings.model_fields if name in self.fields)
        self._change(**{name: Settings.model_fields[name].default for name in names})
        self.close()
