"""Sections about tagged tokens: each type, pairs of types, and the worst sentences."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dlstudio.document.entity_sections import (
    EntityTable,
    TaggedSentence,
    TypeMatrix,
    WorstTaggedRows,
)
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent
from dlstudio.ui.features.span_text import SpanText
from dlstudio.ui.heads.row_table import RowTable
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label

MAX_SHOWN = 10


class EntitySection(ReportSection):
    """Precision, recall and F1 of each type.

    Args:
        theme: Colours and sizes.
        section: The types.
    """

    def __init__(
        self, theme: Theme, section: EntityTable, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = _("Entities by type")
        card = titled_card(theme, title, "", self)
        shares = (_("Precision"), _("Recall"), "F1")
        titles = (_("Type"), *shares, _("Entities"), _("Predicted"))
        self.table = RowTable(title, titles, (1, 2, 3, 4, 5), card)
        rows = [(_("all types"), section.all), *section.types.items()]
        self.table.show_texts(
            [
                [
                    name,
                    *map(percent, (each.precision, each.recall, each.f1)),
                    f"{each.support:,}",
                    f"{each.predicted:,}",
                ]
                for name, each in rows
            ]
        )
        card.body.addWidget(self.table)
        _alone(self, card)


class TypeMatrixSection(ReportSection):
    """How many tokens of each type are taken for which.

    Args:
        theme: Colours and sizes.
        section: The counts.
    """

    def __init__(
        self, theme: Theme, section: TypeMatrix, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = _("Tokens by actual and predicted type")
        card = titled_card(theme, title, _("Rows: actual; columns: predicted"), self)
        names = [_("none") if each == "O" else each for each in section.types]
        columns = range(1, len(names) + 1)
        self.table = RowTable(title, (_("Type"), *names), tuple(columns), card)
        self.table.show_texts(
            [
                [name, *(f"{count:,}" for count in row)]
                for name, row in zip(names, section.counts, strict=True)
            ]
        )
        for row, counts in enumerate(section.counts):
            for column, count in enumerate(counts):
                if count and row != column:
                    self.table.color_cell(row, column + 1, theme.colors.bad)
        card.body.addWidget(self.table)
        _alone(self, card)


class WorstTaggedSection(ReportSection):
    """Sentences with their actual and their predicted entities.

    Args:
        theme: Colours and sizes.
        section: The sentences.
    """

    def __init__(
        self, theme: Theme, section: WorstTaggedRows, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = _("Sentences with the most wrong entities")
        card = titled_card(theme, title, "", self)
        types: list[str] = []
        for row in section.rows:
            types += [tag[2:] for tag in (*row.actual, *row.predicted) if tag != "O"]
        self._types = tuple(sorted(set(types)))
        self.texts: list[tuple[SpanText, SpanText]] = []
        for row in section.rows[:MAX_SHOWN]:
            card.body.addLayout(self._row(theme, row))
        if not section.rows:
            card.body.addWidget(label(_("All entities are right."), "muted"))
        _alone(self, card)

    def _row(self, theme: Theme, row: TaggedSentence) -> QVBoxLayout:
        lines = QVBoxLayout()
        lines.setSpacing(2)
        top = QHBoxLayout()
        number = QPushButton(_("Row {id}").format(id=row.id), self)
        number.setProperty("role", "link")
        number.clicked.connect(partial(self.row_chosen.emit, row.id))
        wrong = ngettext(
            "{count} entity is wrong", "{count} entities are wrong", row.wrong
        )
        top.addWidget(number)
        top.addWidget(label(wrong.format(count=row.wrong), "faint"))
        top.addStretch(1)
        lines.addLayout(top)
        shown = []
        for name, tags in (
            (_("Actual"), row.actual),
            (_("Predicted"), row.predicted),
        ):
            line = QHBoxLayout()
            head = label(name, "muted")
            head.setFixedWidth(9 * theme.unit)
            text = SpanText(theme, self._types, self)
            text.show_sentence(row.tokens, tags)
            line.addWidget(head)
            line.addWidget(text, 1)
            lines.addLayout(line)
            shown.append(text)
        self.texts.append((shown[0], shown[1]))
        return lines


def _alone(section: QWidget, card: QWidget) -> None:
    lines = QVBoxLayout(section)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.addWidget(card)
