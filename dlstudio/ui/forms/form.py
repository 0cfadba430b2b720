"""A form: a row for each parameter, with its reset button and its mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.document.values import FrozenMap, Params, Value, freeze
from dlstudio.i18n import _
from dlstudio.ui.forms.fields import Field
from dlstudio.ui.forms.make_field import make_field


class Form(QWidget):
    """Shows parameters that are set over defaults, and tells edits one by one.

    Signals:
        edited: Parameter's name and its new value.
        reset: Parameter's name, to be given its default again.
    """

    edited = Signal(str, object)
    reset = Signal(str)

    def __init__(
        self,
        params: Iterable[Param],
        catalog: Catalog,
        without: Iterable[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        hidden = set(without)
        shown = [param for param in params if param.name not in hidden]
        self._rows: dict[str, Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._add_rows([p for p in shown if not p.advanced], self._column, catalog)
        advanced = [p for p in shown if p.advanced]
        if advanced:
            self._add_more(advanced, catalog)

    @classmethod
    def of(
        cls, description: Description, catalog: Catalog, parent: QWidget | None = None
    ) -> Form:
        """A form for something nested: its own name is of no use there."""
        return cls(description.params, catalog, ("name", "dtype", "trainable"), parent)

    def show_params(self, values: Mapping[str, Value]) -> None:
        """Show what is set, and the defaults of the rest."""
        for name, row in self._rows.items():
            row.show_value(values.get(name), name in values)

    def show_mistakes(self, mistakes: Iterable[tuple[str, str]]) -> None:
        """Show sentences under the parameters they are about."""
        by_name: dict[str, str] = {}
        for name, sentence in mistakes:
            by_name.setdefault(name.partition(".")[0], sentence)
        for name, row in self._rows.items():
            row.show_mistake(by_name.get(name, ""))
        if any(name in by_name for name in self._advanced_names()):
            self._more.setChecked(True)

    def row(self, name: str) -> Row | None:
        """The row of a parameter, for tests and for focus."""
        return self._rows.get(name)

    def _advanced_names(self) -> list[str]:
        return [name for name, row in self._rows.items() if row.param.advanced]

    def _add_rows(
        self, params: list[Param], column: QVBoxLayout, catalog: Catalog
    ) -> None:
        for param in params:
            row = Row(param, make_field(param, catalog, NestedForm), self)
            row.edited.connect(self.edited)
            row.reset.connect(self.reset)
            self._rows[param.name] = row
            column.addWidget(row)

    def _add_more(self, advanced: list[Param], catalog: Catalog) -> None:
        self._more = QPushButton(_("More ({count})").format(count=len(advanced)), self)
        self._more.setCheckable(True)
        self._more.setProperty("role", "link")
        self._more.setCursor(Qt.CursorShape.PointingHandCursor)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._add_rows(advanced, column, catalog)
        box.hide()
        self._more.toggled.connect(box.setVisible)
        self._column.addWidget(box)


class Row(QWidget):
    """Label, reset button, field and mistake of one parameter."""

    edited = Signal(str, object)
    reset = Signal(str)

    def __init__(self, param: Param, field: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.param = param
        self.field = field
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._top())
        column.addWidget(field)
        self._mistake = QLabel(self)
        self._mistake.setProperty("role", "bad")
        self._mistake.setWordWrap(True)
        self._mistake.hide()
        column.addWidget(self._mistake)
        field.edited.connect(self._edited)
        field.wrong.connect(self.show_mistake)

    def show_value(self, value: Value, is_set: bool) -> None:
        """Show a value that is set, or the default."""
        shown = value if is_set else freeze(self.param.default)
        self.field.show_value(shown, is_set)
        self._reset.setVisible(is_set and not self.param.required)
        self._mistake.hide()

    def show_mistake(self, sentence: str) -> None:
        """Show a sentence, or nothing."""
        self._mistake.setText(sentence)
        self._mistake.setVisible(bool(sentence))

    def mistake(self) -> str:
        """The sentence that is shown."""
        return self._mistake.text() if self._mistake.isVisibleTo(self) else ""

    def press_reset(self) -> None:
        """As a click on the reset button."""
        self._reset.click()

    def _top(self) -> QHBoxLayout:
        label = QLabel(label_text(self.param.name), self)
        label.setProperty("role", "muted")
        label.setBuddy(self.field)
        label.setToolTip(_(self.param.summary))
        self._reset = QToolButton(self)
        self._reset.setText("↺")
        self._reset.setToolTip(_("Back to the default"))
        self._reset.setAccessibleName(
            _("Reset {name}").format(name=label_text(self.param.name))
        )
        self._reset.setProperty("role", "ghost")
        self._reset.clicked.connect(self._reset_clicked)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label)
        line.addStretch(1)
        line.addWidget(self._reset)
        return line

    def _edited(self, value: Value) -> None:
        self.edited.emit(self.param.name, value)

    def _reset_clicked(self) -> None:
        self.reset.emit(self.param.name)


class NestedForm(QFrame):
    """A form inside a form, set in behind a thin line; tells all its parameters."""

    changed = Signal(object)

    def __init__(
        self, description: Description, catalog: Catalog, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "nested")
        self._values: Params = FrozenMap()
        self._form = Form.of(description, catalog, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 0, 4)
        column.addWidget(self._form)
        self._form.edited.connect(self._edited)
        self._form.reset.connect(self._reset)

    def show_params(self, values: Params) -> None:
        """Show the parameters that are set."""
        self._values = values
        self._form.show_params(values)

    def widget(self) -> QWidget:
        """Itself, as `Nested` wants it."""
        return self

    def _edited(self, name: str, value: Value) -> None:
        self._values = self._values.set(name, value)
        self.changed.emit(self._values)

    def _reset(self, name: str) -> None:
        self._values = self._values.without([name])
        self.show_params(self._values)
        self.changed.emit(self._values)


def label_text(name: str) -> str:
    """A parameter's name as a label: "kernel_size" → "Kernel size"."""
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
