"""Cards that look words up: neighbours, analogies, similarity files."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from dlstudio.i18n import _
from dlstudio.ui.heads.row_table import RowTable
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.workers.word_vectors import PairScore, SimilarWord

MOST_UNKNOWN = 8


class WordsCard(Card):
    """Fields for words, and the words that were found beneath.

    Args:
        theme: Colours and sizes.
        title: Translated heading.
        between: Translated texts between the fields; one less than there are fields.
        fields: Accessible names of the fields, which they also show while empty.

    Signals:
        asked: Emitted with a tuple of what is typed in all fields, once none is empty.
    """

    asked = Signal(object)

    def __init__(
        self,
        theme: Theme,
        title: str,
        fields: tuple[str, ...],
        between: tuple[str, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin=12)
        self.fields = tuple(QLineEdit(self) for _name in fields)
        self.note = label("", "muted", wrap=True)
        titles = (_("Word"), _("Similarity"), _("Occurrences"))
        self.table = RowTable(title, titles, (1, 2), self)
        line = QHBoxLayout()
        line.setSpacing(6)
        for number, (field, name) in enumerate(zip(self.fields, fields, strict=True)):
            field.setAccessibleName(name)
            field.setPlaceholderText(name)
            field.setClearButtonEnabled(len(fields) == 1)
            field.textEdited.connect(self._edited)
            if number:
                line.addWidget(label(between[number - 1], "muted"))
            line.addWidget(field, 1)
        self.body.addWidget(heading(theme, title))
        self.body.addLayout(line)
        self.body.addWidget(self.note)
        self.body.addWidget(self.table)
        self.note.hide()
        self.table.hide()

    @property
    def words(self) -> tuple[str, ...]:
        """What is typed."""
        return tuple(each.text().strip() for each in self.fields)

    def ask(self, *words: str) -> None:
        """Type words and look them up."""
        for field, word in zip(self.fields, words, strict=True):
            field.setText(word)
        self._edited()

    def show_words(self, found: tuple[SimilarWord, ...]) -> None:
        """Show what was found."""
        lines = [
            (each.word, f"{each.similarity:.3f}", f"{each.count:,}") for each in found
        ]
        self.table.show_texts(lines)
        self.table.setVisible(bool(lines))
        self.note.hide()

    def show_note(self, text: str) -> None:
        """Say why nothing was found; "" to show nothing."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self.table.hide()

    def _edited(self) -> None:
        if all(self.words):
            self.asked.emit(self.words)
        else:
            self.show_note("")


class SimilarityCard(Card):
    """How well the vectors agree with a similarity file.

    Args:
        theme: Colours and sizes.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12)
        self.open = button(theme, _("Open file…"), "", "mdi6.file-outline")
        self.result = label("", wrap=True)
        line = QHBoxLayout()
        line.addWidget(heading(theme, _("Similarity file")), 1)
        line.addWidget(self.open)
        self.body.addLayout(line)
        text = _("Drop a file with two words and a score in each line, such as RG-65.")
        self.body.addWidget(label(text, "muted", wrap=True))
        self.body.addWidget(self.result)
        self.result.hide()

    def show_score(self, found: PairScore) -> None:
        """Show the correlation, how many pairs count, and unknown words."""
        value = "–" if math.isnan(found.spearman) else f"{found.spearman:.3f}"
        lines = [
            _("{name}: Spearman correlation {value}").format(
                name=found.name, value=value
            ),
            _("Pairs with vectors: {covered} of {pairs}").format(
                covered=found.covered, pairs=found.pairs
            ),
        ]
        if found.unknown:
            more = "…" if len(found.unknown) > MOST_UNKNOWN else ""
            named = ", ".join(found.unknown[:MOST_UNKNOWN]) + more
            lines.append(_("Without a vector: {names}").format(names=named))
        self.show_text("\n".join(lines))

    def show_text(self, text: str) -> None:
        """Show a text instead; "" for nothing."""
        self.result.setText(text)
        self.result.setVisible(bool(text))
