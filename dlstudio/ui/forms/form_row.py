"""One row of a form: label, reset button, field and error message."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.document.values import Value
from dlstudio.i18n import _
from dlstudio.ui.forms.field import Field
from dlstudio.ui.forms.param_labels import label_text
from dlstudio.ui.widgets.help_button import HelpButton
from dlstudio.ui.widgets.small_button import SmallButton
from dlstudio.ui.widgets.topics import set_topic


class FormRow(QWidget):
    """Emits `edited` and `reset` with the parameter's name; see `Form`.

    Args:
        param: The parameter.
        field: The field that edits it.
        topic: Guide topic of the parameter; "" for none.
    """

    edited = Signal(str, object)
    reset = Signal(str)

    def __init__(
        self, param: Param, field: Field, parent: QWidget, topic: str = ""
    ) -> None:
        super().__init__(parent)
        set_topic(self, topic)
        self.param = param
        self.field = field
        self._typed_mistake = ""
        self._last_mistake = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._top(bool(topic)))
        column.addWidget(field)
        self._mistake = QLabel(self)
        self._mistake.setProperty("role", "bad")
        self._mistake.setWordWrap(True)
        self._mistake.hide()
        column.addWidget(self._mistake)
        field.edited.connect(self._edited)
        field.emptied.connect(self._request_reset)
        field.wrong.connect(self._wrong)

    def show_value(self, value: Value, is_set: bool) -> None:
        """Show a value, or a default, greyed."""
        self._typed_mistake = ""
        self.field.show_value(value, is_set)
        self.reset_button.setVisible(is_set and not self.param.required)
        self.show_mistake("")

    def show_mixed(self) -> None:
        """Show that the selected layers have different values."""
        self._typed_mistake = ""
        self.field.show_mixed()
        self.reset_button.setVisible(not self.param.required)
        self.show_mistake("")

    def show_mistake(self, sentence: str) -> None:
        """Show an error message, or none; that of invalid input takes precedence."""
        self._last_mistake = sentence
        shown = self._typed_mistake or sentence
        self._mistake.setText(shown)
        self._mistake.setVisible(bool(shown))

    def mistake(self) -> str:
        """The displayed error message."""
        return self._mistake.text() if self._mistake.isVisibleTo(self) else ""

    def _top(self, explained: bool) -> QHBoxLayout:
        label = QLabel(label_text(self.param.name), self)
        label.setProperty("role", "muted")
        label.setWordWrap(True)  # otherwise a long one widens the form
        label.setBuddy(self.field)
        label.setToolTip(_(self.param.summary))
        text = _("Reset {name}").format(name=label_text(self.param.name))
        self.reset_button = SmallButton("↺", text, self)
        self.reset_button.clicked.connect(self._request_reset)
        self.reset_button.hide()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label, 1)
        line.addWidget(self.reset_button)
        if explained:
            self.help_button = HelpButton(self)
            line.addWidget(self.help_button)
        return line

    def _edited(self, value: Value) -> None:
        self.edited.emit(self.param.name, value)

    def _request_reset(self) -> None:
        self.reset.emit(self.param.name)

    def _wrong(self, sentence: str) -> None:
        self._typed_mistake = sentence
        self.show_mistake("" if sentence == "" else self._last_mistake)
