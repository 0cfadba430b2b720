"""The base class of fields: each edits one parameter and emits `edited(value)`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Value
from dlstudio.i18n import _
from dlstudio.ui.forms.param_labels import label_text

SPACING = 8


class Field(QWidget):
    """Shows a value and emits user edits; it does not store the value itself.

    Signals:
        edited: Emitted with a new valid value.
        emptied: Emitted when the field is cleared, to restore the default.
        wrong: Emitted with an error message for invalid input; "" once it is valid.
    """

    edited = Signal(object)
    emptied = Signal()
    wrong = Signal(str)

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self.setAccessibleName(label_text(param.name))
        self.setAccessibleDescription(_(param.summary))
        self.setToolTip(_(param.summary))

    # Qt has a metaclass of its own, so that mypy alone sees to it that none is missing.
    @abstractmethod
    def show_value(self, value: Value, is_set: bool) -> None:
        """Show a value without emitting `edited`; defaults are shown greyed."""

    @abstractmethod
    def show_mixed(self) -> None:
        """Show that the selected layers have different values."""

    def set_choices(self, choices: Mapping[str, tuple[str, ...]]) -> None:
        """Set the available choices, by parameter type."""

    def set_widgets(self, *widgets: QWidget) -> None:
        """Lay out the field's widgets side by side; the first one takes the focus."""
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACING)
        for each in widgets:
            line.addWidget(each, 1)
        self.setFocusProxy(widgets[0])

    def add_widget(self, widget: QWidget) -> None:
        """Append a widget at its preferred width."""
        line = self.layout()
        assert isinstance(line, QHBoxLayout), "there is something to lay it beside"
        line.addWidget(widget)


def mark_wrong(widget: QWidget, wrong: bool) -> None:
    """Set the property by which the style sheet draws a red border."""
    _set(widget, "wrong", wrong)


def mark_default(widget: QWidget, is_default: bool) -> None:
    """Set the property by which the style sheet greys default values."""
    _set(widget, "isDefault", is_default)


def mixed_text() -> str:
    """The placeholder of a field if several layers have different values."""
    return _("multiple values")


def _set(widget: QWidget, name: str, value: bool) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
