"""Text-based fields: text, numbers, sizes, shapes and lists."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.forms.field import Field, mark_wrong, mixed_text
from dlstudio.ui.forms.line_edits import LineEdit, NumberEdit
from dlstudio.ui.forms.param_labels import label_text, not_set_text
from dlstudio.ui.forms.text_conversion import parse_checked, value_text

DEBOUNCE_MS = 500


class TextField(Field):
    """Emits the value on Enter, on focus loss, or after a short delay.

    Invalid input remains with its error message until it is fixed or Escape is pressed;
    meanwhile, the last valid value applies.
    """

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        number = param.type in ("int", "float")
        self.edit = NumberEdit(param, self) if number else LineEdit(self)
        self.edit.setAccessibleName(label_text(param.name))
        self.set_widgets(self.edit)
        self._value: Value = None
        self._is_set = False
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self._commit)
        self.edit.textEdited.connect(self._typed)
        self.edit.editingFinished.connect(self._editing_finished)
        self.edit.escaped.connect(self._revert)

    def show_value(self, value: Value, is_set: bool) -> None:
        self._debounce.stop()
        self._value, self._is_set = value, is_set
        if isinstance(self.edit, NumberEdit):
            self.edit.set_step_start(value)
        default = value_text(value) or self._not_set()
        self.edit.setPlaceholderText(default)
        if not (self.edit.hasFocus() and is_set and self._matches(value)):
            self._show_text()
        mark_wrong(self.edit, wrong=False)

    def show_mixed(self) -> None:
        self.show_value(None, is_set=False)
        self.edit.setPlaceholderText(mixed_text())

    def _not_set(self) -> str:
        return not_set_text(self.param.name) if self.param.optional else ""

    def _show_text(self) -> None:
        text = value_text(self._value) if self._is_set else ""
        if self._is_set and self._value is None and not text:
            text = _("none")
        if self.edit.text() != text:
            self.edit.setText(text)
            self.edit.setCursorPosition(0)
        self.edit.setModified(False)

    def _matches(self, value: Value) -> bool:
        """Whether the input represents this value, possibly written differently."""
        try:
            return parse_checked(self.param, self.edit.text()) == value
        except UserError:
            return False

    def _typed(self, text: str) -> None:
        sentence = self._mistake(text)
        mark_wrong(self.edit, wrong=bool(sentence))
        self.wrong.emit(sentence)
        if sentence:
            self._debounce.stop()
        else:
            self._debounce.start()

    def _mistake(self, text: str) -> str:
        if not text.strip():
            if self.param.required:
                return _("{name} must be set.").format(name=label_text(self.param.name))
            return ""
        try:
            parse_checked(self.param, text)
        except UserError as error:
            return error.message
        return ""

    def _editing_finished(self) -> None:
        self._commit()
        if not self._mistake(self.edit.text()):
            self._show_text()

    def _commit(self) -> None:
        self._debounce.stop()
        text = self.edit.text()
        if not self.edit.isModified() or self._mistake(text):
            return
        self.edit.setModified(False)
        if not text.strip():
            if self._is_set:
                self._is_set = False
                self.emptied.emit()
            return
        value = parse_checked(self.param, text)
        if not self._is_set or value != self._value:
            self._value, self._is_set = value, True
            self.edited.emit(value)

    def _revert(self) -> None:
        self._debounce.stop()
        self._show_text()
        mark_wrong(self.edit, wrong=False)
        self.wrong.emit("")


class SizeField(Field):
    """A size with one field per axis: 3 × 3.

    An unset size is shown as a single field with a placeholder.
    """

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        one = Param(
            name=param.name,
            type="int",
            required=param.required,
            minimum=param.minimum,
            maximum=param.maximum,
            optional=param.optional,
        )
        count = param.rank or 1
        self.axes = [TextField(one, self) for _axis in range(count)]
        self._values: list[Value] = [None] * count
        self.set_widgets(*self.axes)
        for index, axis in enumerate(self.axes):
            axis.edit.setAccessibleName(f"{label_text(param.name)} {index + 1}")
            axis.setToolTip(self.toolTip())
            axis.setProperty("index", index)
            axis.edited.connect(self._axis_edited)
            axis.emptied.connect(self.emptied)
            axis.wrong.connect(self.wrong)

    def show_value(self, value: Value, is_set: bool) -> None:
        count = len(self.axes)
        whole = value if isinstance(value, (tuple, list)) else (value,) * count
        if len(whole) != count:
            whole = (whole[0] if whole else None,) * count
        self._values = list(whole)
        for axis, each in zip(self.axes, whole, strict=True):
            axis.show_value(each, is_set)
            axis.setVisible(value is not None or axis is self.axes[0])

    def show_mixed(self) -> None:
        self._values = [None] * len(self.axes)
        for axis in self.axes:
            axis.show_mixed()
            axis.show()
            axis.edit.setPlaceholderText("…")

    def _axis_edited(self, value: Value) -> None:
        if value is None:  # None for one axis means None for all
            self.edited.emit(None)
            return
        self._values[self.sender().property("index")] = value
        filled = [value if each is None else each for each in self._values]
        self.edited.emit(tuple(filled))
