"""A form: one row per parameter of a description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from dlstudio.catalog.guide_topics import parameter_topic
from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import NESTED
from dlstudio.document.repetition import REPEAT, SHARED_WEIGHTS
from dlstudio.document.values import FrozenMap, Params, Value, freeze
from dlstudio.i18n import _
from dlstudio.ui.forms.field_factory import make_field
from dlstudio.ui.forms.form_row import FormRow
from dlstudio.ui.forms.param_labels import label_text

ROW_SPACING = 12
# Rarely needed details in nested objects.
NOT_NESTED = ("name", "dtype", "trainable")
ONLY_OF_NODES = {NESTED: (REPEAT, SHARED_WEIGHTS)}
"""Parameters that the same kind does not have inside a layer."""
NO_DEFAULTS: Mapping[str, Value] = {}

__all__ = ["Form", "FormRow", "NestedForm", "label_text"]


class Form(QWidget):
    """Shows parameters with their defaults and emits each edit.

    Advanced parameters are behind "More", which opens automatically when one of them is
    set or invalid; their fields are created then.

    Args:
        params: Parameters, one row each, in this order.
        catalog: Describes the available objects.
        without: Names of parameters to omit.
        description: The description that owns the parameters; enables help from the
            guide.

    Signals:
        edited: Emitted with a parameter's name and its new value.
        reset: Emitted with the name of a parameter to reset to its default.
        opened: Emitted when the user shows or hides the advanced parameters.
    """

    edited = Signal(str, object)
    reset = Signal(str)
    opened = Signal(bool)

    def __init__(
        self,
        params: Iterable[Param],
        catalog: Catalog,
        without: Iterable[str] = (),
        parent: QWidget | None = None,
        description: Description | None = None,
    ) -> None:
        super().__init__(parent)
        hidden = set(without)
        self._description = description
        shown = [param for param in params if param.name not in hidden]
        self._catalog = catalog
        self._rows: dict[str, FormRow] = {}
        self._values: Mapping[str, Value] = {}
        self._mixed: frozenset[str] = frozenset()
        self._defaults = NO_DEFAULTS
        self._mistakes: dict[str, str] = {}
        self._available: Mapping[str, tuple[str, ...]] = {}
        self._column = _column(self)
        self._advanced = [param for param in shown if param.advanced]
        self._add_rows([p for p in shown if not p.advanced], self._column)
        self._more: QPushButton | None = None
        self._box: QWidget | None = None
        if self._advanced:
            self._add_more()

    @classmethod
    def of(
        cls, description: Description, catalog: Catalog, parent: QWidget | None = None
    ) -> Form:
        """Create a form nested in another form.

        Args:
            description: Its parameters become fields.
            catalog: Describes the available objects.
            parent: Owns the form.
        """
        hidden = (*NOT_NESTED, *ONLY_OF_NODES.get(description.kind, ()))
        return cls(description.params, catalog, hidden, parent, description)

    def show_params(
        self,
        values: Mapping[str, Value],
        mixed: Iterable[str] = (),
        defaults: Mapping[str, Value] = NO_DEFAULTS,
    ) -> None:
        """Show the given values, and the defaults of all other parameters.

        Args:
            mixed: Parameters for which the selected layers have different values.
            defaults: Defaults that differ from the parameters' own, such as a name.
        """
        self._values, self._mixed = values, frozenset(mixed)
        self._defaults = defaults
        for row in self._rows.values():
            self._show(row)
        if any(p.name in values or p.name in self._mixed for p in self._advanced):
            self.open_more()

    def set_choices(self, choices: Mapping[str, tuple[str, ...]]) -> None:
        """Set the available choices of all fields, by parameter type."""
        if choices == self._available:
            return
        self._available = choices
        for row in self._rows.values():
            row.field.set_choices(choices)

    def show_mistakes(self, mistakes: Iterable[tuple[str, str]]) -> None:
        """Show error messages below the parameters they refer to."""
        self._mistakes = {}
        for name, sentence in mistakes:
            self._mistakes.setdefault(name, sentence)
        for name, row in self._rows.items():
            row.show_mistake(self._mistakes.get(name, ""))
        if any(param.name in self._mistakes for param in self._advanced):
            self.open_more()

    def row(self, name: str) -> FormRow | None:
        """The row of a parameter; creates an advanced one if necessary."""
        if name not in self._rows and any(p.name == name for p in self._advanced):
            self._fill_more()
        return self._rows.get(name)

    def focus_first(self) -> None:
        """Focus the first parameter other than the name."""
        rows = [row for name, row in self._rows.items() if name != "name"]
        for row in rows or list(self._rows.values()):
            row.field.setFocus(Qt.FocusReason.ShortcutFocusReason)  # selects all
            return

    def open_more(self) -> None:
        """Show the advanced parameters."""
        if self._more is not None:
            self._more.setChecked(True)

    def _show(self, row: FormRow) -> None:
        name = row.param.name
        if name in self._mixed:
            row.show_mixed()
        else:
            is_set = name in self._values
            default = self._defaults.get(name, row.param.default)
            row.show_value(self._values[name] if is_set else freeze(default), is_set)
        row.show_mistake(self._mistakes.get(name, ""))

    def _add_rows(self, params: list[Param], column: QVBoxLayout) -> None:
        for param in params:
            field = make_field(param, self._catalog, NestedForm)
            row = FormRow(param, field, self, self._topic(param))
            row.edited.connect(self.edited)
            row.reset.connect(self.reset)
            row.field.set_choices(self._available)
            self._rows[param.name] = row
            column.addWidget(row)

    def _topic(self, param: Param) -> str:
        if self._description is None:
            return ""
        return parameter_topic(self._description, param.name)

    def _add_more(self) -> None:
        text = _("More ({count})").format(count=len(self._advanced))
        self._more = QPushButton(text, self)
        self._more.setCheckable(True)
        self._more.setProperty("role", "link")
        self._more.setCursor(Qt.CursorShape.PointingHandCursor)
        self._more.toggled.connect(self._toggled)
        self._more.clicked.connect(self.opened)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def _toggled(self, opened: bool) -> None:
        assert self._more is not None
        if opened:
            self._fill_more()
        assert self._box is not None
        self._box.setVisible(opened)
        text = _("Less") if opened else _("More ({count})")
        self._more.setText(text.format(count=len(self._advanced)))

    def _fill_more(self) -> None:
        if self._box is not None:
            return
        self._box = QWidget(self)
        self._add_rows(self._advanced, _column(self._box))
        for param in self._advanced:
            self._show(self._rows[param.name])
        self._box.setVisible(self._more is not None and self._more.isChecked())
        self._column.addWidget(self._box)


class NestedForm(QFrame):
    """A form inside a form, indented behind a thin line; emits all its parameters."""

    changed = Signal(object)

    def __init__(
        self, description: Description, catalog: Catalog, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "nested")
        self._values: Params = FrozenMap()
        self.form = Form.of(description, catalog, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 0, 4)
        column.addWidget(self.form)
        self.form.edited.connect(self._edited)
        self.form.reset.connect(self._reset)

    def show_params(self, values: Params) -> None:
        """Show the given values."""
        self._values = values
        self.form.show_params(values)

    def set_choices(self, choices: Mapping[str, tuple[str, ...]]) -> None:
        self.form.set_choices(choices)

    def widget(self) -> QWidget:
        """The form itself, as required by `NestedFormProtocol`."""
        return self

    def _edited(self, name: str, value: Value) -> None:
        self._values = self._values.set(name, value)
        self.changed.emit(self._values)

    def _reset(self, name: str) -> None:
        self._values = self._values.without([name])
        self.changed.emit(self._values)


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(ROW_SPACING)
    return column
