"""Fields whose value has parameters of its own: regularizers, nested layers, cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Params, Spec, Value, freeze_map
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.forms.fields import Field, StillCombo, _soften


class Nested(Protocol):
    """A form for something nested: a widget that tells all parameters when changed."""

    changed: SignalInstance

    def show_params(self, values: Params) -> None:
        """Show the parameters that are set."""

    def widget(self) -> QWidget:
        """What is put under the field."""


# Forms are made of fields, and these fields of forms: the form hands its maker in.
NestedMaker = Callable[[Description, Catalog, QWidget], Nested]


class ObjectField(Field):
    """An object of a family, or a nested layer: a list, and its form below it."""

    def __init__(
        self,
        param: Param,
        catalog: Catalog,
        nested: NestedMaker,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(param, parent)
        self._catalog = catalog
        self._nested = nested
        self._choices = _choices(param, catalog)
        self._form: Nested | None = None
        self._form_kind = ""
        self.combo = StillCombo(self)
        self.combo.setAccessibleName(param.name)
        for choice in self._choices:
            self.combo.addItem(_("none") if choice is None else choice.name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.combo)
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self._chosen)

    def show_value(self, value: Value, is_set: bool) -> None:
        """See `Field.show_value`."""
        description = self._describe(value)
        if value is not None and description is None:
            self.combo.setCurrentIndex(-1)
            self.combo.setPlaceholderText(str(value))
        elif description in self._choices:
            self.combo.setCurrentIndex(self._choices.index(description))
        _soften(self.combo, not is_set)
        params = value.params if isinstance(value, Spec) else freeze_map({})
        self._show_form(description if is_set else None, params)

    def _describe(self, value: Value) -> Description | None:
        if isinstance(value, Spec):
            return self._catalog.get(value.kind)
        if isinstance(value, str):
            try:
                return self._catalog.find(self.param.family, value)
            except UserError:
                return None
        return None

    def _show_form(self, description: Description | None, params: object) -> None:
        kind = description.kind if description else ""
        if kind != self._form_kind and self._form is not None:
            self._column.removeWidget(self._form.widget())
            self._form.widget().hide()
            self._form.widget().deleteLater()
            self._form = None
        self._form_kind = kind
        if description is None or not description.params:
            return
        if self._form is None:
            self._form = self._nested(description, self._catalog, self)
            self._form.changed.connect(self._form_changed)
            self._column.addWidget(self._form.widget())
        self._form.show_params(freeze_map(params))

    def _chosen(self, index: int) -> None:
        description = self._choices[index]
        if description is None:
            self._show_form(None, {})
            self.edited.emit(None)
        elif self.param.type == "object" and not description.params:
            self._show_form(None, {})
            self.edited.emit(_identifier(description))
        else:
            spec = Spec(description.kind, freeze_map(dict(description.example)))
            self._show_form(description, spec.params)
            self.edited.emit(spec)

    def _form_changed(self, params: object) -> None:
        self.edited.emit(Spec(self._form_kind, freeze_map(params)))


def _identifier(description: Description) -> str:
    """What has no parameters is written by its name, as one does in Keras."""
    return description.name


def _choices(param: Param, catalog: Catalog) -> list[Description | None]:
    if param.choices:
        found = [catalog.get(str(kind)) for kind in param.choices if kind is not None]
    elif param.type in ("layer", "layers"):
        found = [d for d in catalog.family("layers") if not d.extra.get("nested_only")]
    else:
        found = list(catalog.family(param.family))
    there: list[Description | None] = [each for each in found if each is not None]
    return [None, *there] if param.optional else there


class LayersField(Field):
    """Several nested layers in order, such as the cells of a stack."""

    def __init__(
        self,
        param: Param,
        catalog: Catalog,
        nested: NestedMaker,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(param, parent)
        self._catalog = catalog
        self._nested = nested
        self._values: list[Value] = []
        self._rows: list[_LayerRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._add = QPushButton(_("Add"), self)
        self._add.clicked.connect(self._add_one)
        self._column.addWidget(self._add)
        self.setFocusProxy(self._add)

    def show_value(self, value: Value, is_set: bool) -> None:
        """See `Field.show_value`."""
        self._values = list(value) if isinstance(value, tuple) else []
        while len(self._rows) > len(self._values):
            row = self._rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(self._values):
            self._new_row()
        for row, each in zip(self._rows, self._values, strict=True):
            row.field.show_value(each, is_set)

    def _new_row(self) -> None:
        row = _LayerRow(self.param, self._catalog, self._nested, self)
        row.changed.connect(self._row_changed)
        row.removed.connect(self._row_removed)
        self._rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)

    def _row_changed(self, value: Value) -> None:
        sender = self.sender()
        self._values[[row is sender for row in self._rows].index(True)] = value
        self.edited.emit(tuple(self._values))

    def _row_removed(self) -> None:
        sender = self.sender()
        del self._values[[row is sender for row in self._rows].index(True)]
        self.edited.emit(tuple(self._values))

    def _add_one(self) -> None:
        first = next((d for d in _choices(self.param, self._catalog) if d), None)
        if first is not None:
            spec = Spec(first.kind, freeze_map(dict(first.example)))
            self.edited.emit((*self._values, spec))


class _LayerRow(QWidget):
    changed = Signal(object)
    removed = Signal()

    def __init__(
        self, param: Param, catalog: Catalog, nested: NestedMaker, parent: QWidget
    ) -> None:
        super().__init__(parent)
        one = Param(param.name, "layer", choices=param.choices, family=param.family)
        self.field = ObjectField(one, catalog, nested, self)
        self.field.edited.connect(self.changed)
        remove = QToolButton(self)
        remove.setText("×")
        remove.setAccessibleName(_("Remove"))
        remove.setProperty("role", "ghost")
        remove.clicked.connect(self.removed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.field, 1)
        line.addWidget(remove)
