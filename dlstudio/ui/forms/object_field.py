"""Fields for values with parameters of their own: regularizers, nested layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import NESTED
from dlstudio.document.kind_text import short_kind
from dlstudio.document.values import Params, Spec, Value, freeze_map
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.forms.field import SPACING, Field, mark_default, mixed_text
from dlstudio.ui.forms.param_labels import label_text
from dlstudio.ui.forms.text_conversion import value_text
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox


class NestedFormProtocol(Protocol):
    """The form of a nested object: a widget that emits all parameters on change."""

    changed: SignalInstance

    def show_params(self, values: Params) -> None:
        """Show the given values."""

    def set_choices(self, choices: Mapping[str, tuple[str, ...]]) -> None: ...

    def widget(self) -> QWidget:
        """The widget placed below the field."""


# Forms contain fields, and these fields contain forms: the form passes in its factory.
NestedFormFactory = Callable[[Description, Catalog, QWidget], NestedFormProtocol]


class ObjectField(Field):
    """An object of a family or a nested layer: a combo box with a form below it.

    The parameters of activations are rarely changed, so their form is behind a small
    button.

    Args:
        param: The parameter to edit.
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
        self._choices = choices_of(param, catalog)
        self._form: NestedFormProtocol | None = None
        self._description: Description | None = None
        self._params: Params = freeze_map({})
        self._available: Mapping[str, tuple[str, ...]] = {}
        self.combo = NoWheelComboBox(self)
        self.combo.setAccessibleName(label_text(param.name))
        for choice in self._choices:
            self.combo.addItem(_("none") if choice is None else _name(choice))
        self.options = QPushButton(_("Options"), self)
        self.options.setProperty("role", "link")
        self.options.setCursor(Qt.CursorShape.PointingHandCursor)
        self.options.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACING)
        self._column.addWidget(self.combo)
        self._column.addWidget(self.options, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self._chosen)
        self.options.clicked.connect(self._open_form)

    @property
    def form(self) -> NestedFormProtocol | None:
        """The form of the selected object, if it is open."""
        return self._form

    def show_value(self, value: Value, is_set: bool) -> None:
        description = self._describe(value)
        if value is not None and description is None:
            self.combo.setCurrentIndex(-1)
            self.combo.setPlaceholderText(value_text(value))
        else:
            self.combo.setCurrentIndex(self._index(description))
        mark_default(self.combo, not is_set)
        params = value.params if isinstance(value, Spec) else freeze_map({})
        self._show_params(description if is_set else None, params)

    def show_mixed(self) -> None:
        self.combo.setPlaceholderText(mixed_text())
        self.combo.setCurrentIndex(-1)
        mark_default(self.combo, is_default=True)
        self._show_params(None, freeze_map({}))

    def set_choices(self, choices: Mapping[str, tuple[str, ...]]) -> None:
        """See `Field.set_choices`; applies to the nested form."""
        self._available = choices
        if self._form is not None:
            self._form.set_choices(choices)

    def _index(self, description: Description | None) -> int:
        """The index in the list; an unusual object is added to it."""
        if description is None and None not in self._choices:
            return -1
        if description not in self._choices:
            assert description is not None
            self._choices.append(description)
            self.combo.addItem(_name(description))
        return self._choices.index(description)

    def _describe(self, value: Value) -> Description | None:
        if isinstance(value, Spec):
            return self._catalog.get(value.kind)
        if isinstance(value, str):
            try:
                return self._catalog.find(self.param.family, value)
            except UserError:
                return None
        return None

    def _show_params(self, description: Description | None, params: Params) -> None:
        if description != self._description:
            self._close_form()
        self._description, self._params = description, params
        has_params = description is not None and bool(description.params)
        waits = self.param.family == "activations" and not params
        if has_params and self._form is None and not waits:
            self._open_form()
        elif self._form is not None:
            self._form.show_params(params)
        self.options.setVisible(has_params and self._form is None)

    def _open_form(self) -> None:
        if self._description is None:
            return
        self._form = self._nested(self._description, self._catalog, self)
        self._form.changed.connect(self._form_changed)
        self._form.set_choices(self._available)
        self._form.show_params(self._params)
        self._column.addWidget(self._form.widget())
        self.options.hide()

    def _close_form(self) -> None:
        if self._form is not None:
            gone = self._form.widget()
            gone.blockSignals(True)  # its pending signals refer to the old object
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
            self._form = None

    def _chosen(self, index: int) -> None:
        description = self._choices[index]
        self.edited.emit(chosen_value(self.param, description))

    def _form_changed(self, params: Params) -> None:
        if self._description is not None:
            self.edited.emit(Spec(self._description.kind, params))


def _name(description: Description) -> str:
    nested = description.kind == NESTED
    return short_kind(NESTED) if nested else description.name


def chosen_value(param: Param, description: Description | None) -> Value:
    """The value for a selected object: its name, as in Keras, where that suffices.

    A nested layer starts with the parameters of its example.
    """
    if description is None:
        return None
    if param.type in ("object", "objects") and not description.example:
        return description.name
    return Spec(description.kind, freeze_map(dict(description.example)))


def choices_of(param: Param, catalog: Catalog) -> list[Description | None]:
    """The available choices of a parameter; None comes first if allowed."""
    if param.choices:
        found = [catalog.get(str(kind)) for kind in param.choices if kind is not None]
    elif param.type in ("layer", "layers"):
        found = [
            each
            for each in catalog.family("layers")
            if not each.extra.get("nested_only") and each.inputs.maximum != 0
        ]
    else:
        found = list(catalog.family(param.family))
    there: list[Description | None] = [each for each in found if each is not None]
    return [None, *there] if param.optional else there
