"""The base of all fields: each shows one parameter and tells `edited(value)`."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Value
from dlstudio.i18n import _
from dlstudio.ui.forms.param_labels import label_text

SPACING = 8


class Field(QWidget):
    """Shows a value; what the user makes of it is told, never kept.

    Signals:
        edited: A new value that the parameter allows.
        emptied: The field was emptied: the default is wanted again.
        wrong: A sentence while what is typed is no such value; "" when it is again.
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

    def show_value(self, value: Value, is_set: bool) -> None:
        """Show a value without telling `edited`; defaults are shown greyed."""
        raise NotImplementedError

    def show_mixed(self) -> None:
        """Show that the layers edited at once have different values."""
        raise NotImplementedError

    def set_choices(self, choices: Mapping[str, tuple[str, ...]]) -> None:
        """Take what can be chosen just now, by the parameter's type."""

    def set_widgets(self, *widgets: QWidget) -> None:
        """Lay the field's parts side by side; the first takes the focus."""
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACING)
        for each in widgets:
            line.addWidget(each, 1)
        self.setFocusProxy(widgets[0])

    def add_widget(self, widget: QWidget) -> None:
        """Lay one more part at the end, as wide as it needs to be."""
        line = self.layout()
        assert isinstance(line, QHBoxLayout), "there is something to lay it beside"
        line.addWidget(widget)


def mark_wrong(widget: QWidget, wrong: bool) -> None:
    """The style sheet shows `wrong` fields with a red border."""
    _set(widget, "wrong", wrong)


def mark_default(widget: QWidget, is_default: bool) -> None:
    """The style sheet shows defaults greyed."""
    _set(widget, "isDefault", is_default)


def mixed_text() -> str:
    """What stands in a field when several layers differ."""
    return _("multiple values")


def _set(widget: QWidget, name: str, value: bool) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
