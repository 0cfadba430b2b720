"""Fields that are typed into: text, numbers, sizes, shapes, lists."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.forms.field import Field, mark_wrong, mixed_text
from dlstudio.ui.forms.labels import label_text, not_set_text
from dlstudio.ui.forms.lines import LineEdit, NumberEdit
from dlstudio.ui.forms.text import read, value_text

TYPING_MS = 500


class TextField(Field):
    """What is typed is told when the field is left, at Enter, or after a short rest.

    What is no value stays, with its sentence, until it is mended or Escape is
    pressed; the last good value holds meanwhile.
    """

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        number = param.type in ("int", "float")
        self.edit = NumberEdit(param, self) if number else LineEdit(self)
        self.edit.setAccessibleName(label_text(param.name))
        self.put(self.edit)
        self._value: Value = None
        self._is_set = False
        self._rest = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._rest.timeout.connect(self._commit)
        self.edit.textEdited.connect(self._typed)
        self.edit.editingFinished.connect(self._left)
        self.edit.escaped.connect(self._take_back)

    def show_value(self, value: Value, is_set: bool) -> None:
        """See `Field.show_value`."""
        self._rest.stop()
        self._value, self._is_set = value, is_set
        if isinstance(self.edit, NumberEdit):
            self.edit.start_at(value)
        default = value_text(value) or self._not_set()
        self.edit.setPlaceholderText(default)
        if not (self.edit.hasFocus() and is_set and self._says(value)):
            self._show_text()
        mark_wrong(self.edit, wrong=False)

    def show_mixed(self) -> None:
        """See `Field.show_mixed`."""
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

    def _says(self, value: Value) -> bool:
        """Whether what is typed is this value, though perhaps in other words."""
        try:
            return read(self.param, self.edit.text()) == value
        except UserError:
            return False

    def _typed(self, text: str) -> None:
        sentence = self._mistake(text)
        mark_wrong(self.edit, wrong=bool(sentence))
        self.wrong.emit(sentence)
        if sentence:
            self._rest.stop()
        else:
            self._rest.start()

    def _mistake(self, text: str) -> str:
        if not text.strip():
            if self.param.required:
                return _("{name} must be set.").format(name=label_text(self.param.name))
            return ""
        try:
            read(self.param, text)
        except UserError as error:
            return error.message
        return ""

    def _left(self) -> None:
        self._commit()
        if not self._mistake(self.edit.text()):
            self._show_text()

    def _commit(self) -> None:
        self._rest.stop()
        text = self.edit.text()
        if not self.edit.isModified() or self._mistake(text):
            return
        self.edit.setModified(False)
        if not text.strip():
            if self._is_set:
                self._is_set = False
                self.emptied.emit()
            return
        value = read(self.param, text)
        if not self._is_set or value != self._value:
            self._value, self._is_set = value, True
            self.edited.emit(value)

    def _take_back(self) -> None:
        self._rest.stop()
        self._show_text()
        mark_wrong(self.edit, wrong=False)
        self.wrong.emit("")


class SizeField(Field):
    """A size as one field for each axis: 3 × 3.

    While it is none there is only one field, which says what that means.
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
        self.parts = [TextField(one, self) for _axis in range(count)]
        self._values: list[Value] = [None] * count
        self.put(*self.parts)
        for index, part in enumerate(self.parts):
            part.edit.setAccessibleName(f"{label_text(param.name)} {index + 1}")
            part.setToolTip(self.toolTip())
            part.setProperty("index", index)
            part.edited.connect(self._part_edited)
            part.emptied.connect(self.emptied)
            part.wrong.connect(self.wrong)

    def show_value(self, value: Value, is_set: bool) -> None:
        """See `Field.show_value`."""
        count = len(self.parts)
        whole = value if isinstance(value, (tuple, list)) else (value,) * count
        if len(whole) != count:
            whole = (whole[0] if whole else None,) * count
        self._values = list(whole)
        for part, each in zip(self.parts, whole, strict=True):
            part.show_value(each, is_set)
            part.setVisible(value is not None or part is self.parts[0])

    def show_mixed(self) -> None:
        """See `Field.show_mixed`."""
        self._values = [None] * len(self.parts)
        for part in self.parts:
            part.show_mixed()
            part.show()
            part.edit.setPlaceholderText("…")

    def _part_edited(self, value: Value) -> None:
        if value is None:  # "none" for one axis means for all
            self.edited.emit(None)
            return
        self._values[self.sender().property("index")] = value
        filled = [value if each is None else each for each in self._values]
        self.edited.emit(tuple(filled))
