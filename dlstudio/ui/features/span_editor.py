"""Corrects the entities of a sentence: select words, and choose what they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.entity_spans import entity_spans, with_entity
from dlstudio.i18n import _
from dlstudio.ui.features.span_text import SpanText
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label

WIDTH = 560
PER_ROW = 4


class SpanEditor(QDialog):
    """A sentence, a button for each type, and a field for a new one.

    Args:
        theme: Colours and sizes.
        tokens: Of the sentence.
        tags: Of its tokens; missing ones are outside of all entities.
        types: Known types.
    """

    def __init__(
        self,
        theme: Theme,
        tokens: Sequence[str],
        tags: Sequence[str],
        types: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Entities of the sentence"))
        self.setMinimumWidth(WIDTH)
        own = [span.type for span in entity_spans(tags)]
        self.types = tuple(dict.fromkeys((*types, *own)))
        self.text = SpanText(theme, self.types, self, selectable=True)
        filled = [*tags, *["O"] * (len(tokens) - len(tags))][: len(tokens)]
        self.text.show_sentence(tokens, filled)
        self.hint = label(_("Select words, then choose what they are."), "faint")
        self.choices = [
            self._button(each, partial(self.choose, each)) for each in self.types
        ]
        self.none = self._button(_("No entity"), partial(self.choose, ""))
        self.other = QLineEdit(self)
        self.other.setPlaceholderText(_("New type"))
        self.other.setAccessibleName(_("New type"))
        self.other.returnPressed.connect(self._choose_other)
        self._lay_out()
        self.text.selection_changed.connect(self._show_state)
        self._show_state()
        self.text.setFocus()

    @property
    def value(self) -> str:
        """The tags as they stand in a cell."""
        return " ".join(self.text.tags)

    def choose(self, type: str) -> None:
        """Make the selected words an entity of a type; "" for none."""
        chosen = self.text.selected
        if not chosen:
            return
        tags = with_entity(self.text.tags, chosen.start, chosen.stop, type)
        self.text.show_sentence(self.text.tokens, tags)

    def _choose_other(self) -> None:
        """Choose the type that is typed; a type has no spaces."""
        type = "-".join(self.other.text().split())
        if type:
            self.choose(type)
            self.other.clear()

    def _button(self, text: str, act: object) -> QPushButton:
        made = QPushButton(text, self)
        made.setAutoDefault(False)
        made.clicked.connect(act)
        return made

    def _lay_out(self) -> None:
        lines = QVBoxLayout(self)
        lines.setSpacing(12)
        lines.addWidget(self.text)
        lines.addWidget(self.hint)
        every = [*self.choices, self.none]
        for start in range(0, len(every), PER_ROW):
            row = QHBoxLayout()
            for each in every[start : start + PER_ROW]:
                row.addWidget(each)
            row.addStretch(1)
            lines.addLayout(row)
        lines.addWidget(self.other)
        lines.addStretch(1)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        for made in buttons.buttons():
            if isinstance(made, QPushButton):
                made.setAutoDefault(False)
        lines.addWidget(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def _show_state(self) -> None:
        some = bool(self.text.selected)
        for each in (*self.choices, self.none, self.other):
            each.setEnabled(some)
