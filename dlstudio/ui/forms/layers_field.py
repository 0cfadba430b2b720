"""A field for a list of nested layers, such as the cells of a stack."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Value
from dlstudio.i18n import _
from dlstudio.ui.forms.field import SPACING, Field
from dlstudio.ui.forms.object_field import (
    NestedFormFactory,
    ObjectField,
    choices_of,
    chosen_value,
)
from dlstudio.ui.widgets.small_button import SmallButton


class LayersField(Field):
    """One row per layer with its own form; layers can be added and removed.

    Args:
        param: The parameter, whose value is a list of layers.
        catalog: Describes the available objects.
        nested: Creates the form of a nested object.
    """

    def __init__(
        self,
        param: Param,
        catalog: Catalog,
        nested: NestedFormFactory,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(param, parent)
        self._catalog = catalog
        self._nested = nested
        self._values: list[Value] = []
        self.rows: list[LayerRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACING)
        self.add = QPushButton(_("Add layer"), self)
        self.add.clicked.connect(self._add_layer)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.add)

    def show_value(self, value: Value, is_set: bool) -> None:
        self._values = list(value) if isinstance(value, tuple) else []
        while len(self.rows) > len(self._values):
            row = self.rows.pop()
            row.blockSignals(True)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(self._values):
            self._new_row()
        for row, each in zip(self.rows, self._values, strict=True):
            row.field.show_value(each, is_set)

    def show_mixed(self) -> None:
        self.show_value((), is_set=False)

    def _new_row(self) -> None:
        row = LayerRow(self.param, self._catalog, self._nested, self)
        row.changed.connect(self._row_changed)
        row.removed.connect(self._row_removed)
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)

    def _sender(self) -> int:
        sender = self.sender()
        return next(i for i, row in enumerate(self.rows) if row is sender)

    def _row_changed(self, value: Value) -> None:
        self._values[self._sender()] = value
        self.edited.emit(tuple(self._values))

    def _row_removed(self) -> None:
        del self._values[self._sender()]
        self.edited.emit(tuple(self._values))

    def _add_layer(self) -> None:
        if self._values:  # stacks mostly consist of equal cells
            self.edited.emit((*self._values, self._values[-1]))
            return
        first = next((d for d in choices_of(self.param, self._catalog) if d), None)
        if first is not None:
            self.edited.emit((chosen_value(self.param, first),))


class LayerRow(QWidget):
    """One layer of the list.

    Args:
        param: The parameter whose list contains the layer.
        catalog: Describes the available objects.
        nested: Creates the form of a nested object.

    Signals:
        changed: Emitted with the layer's new value.
        removed: Emitted when its remove button is clicked.
    """

    changed = Signal(object)
    removed = Signal()

    def __init__(
        self, param: Param, catalog: Catalog, nested: NestedFormFactory, parent: QWidget
    ) -> None:
        super().__init__(parent)
        one = replace(param, type="layer", optional=False, required=True)
        self.field = ObjectField(one, catalog, nested, self)
        self.field.edited.connect(self.changed)
        self.remove = SmallButton("×", _("Remove"), self)
        self.remove.clicked.connect(self.removed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self.field, 1)
        line.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
