"""The table model of what a layer has learned."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from dlstudio.document.learned_layer import LearnedLayer
from dlstudio.i18n import _
from dlstudio.value_text import value_text, value_texts

Index = QModelIndex | QPersistentModelIndex
ItemRole = Qt.ItemDataRole
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Rows = Sequence[tuple[str, ...]]


class LearnedModel(QAbstractTableModel):
    """Rows of texts, of which a search leaves some; made for long vocabularies."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles: tuple[str, ...] = ()
        self._all: Rows = ()
        self._rows: Rows = ()
        self._numeric: frozenset[int] = frozenset()

    def show_layer(self, found: LearnedLayer) -> None:
        """Show what a layer has learned."""
        self.beginResetModel()
        self._titles, self._all, self._numeric = _table(found)
        self._rows = self._all
        self.endResetModel()

    def search(self, text: str) -> None:
        """Show the rows that contain a text, whatever its case."""
        wanted = text.strip().casefold()
        self.beginResetModel()
        self._rows = [
            row for row in self._all if any(wanted in each.casefold() for each in row)
        ]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: Index, role: int = ItemRole.DisplayRole) -> Any:
        """Text and alignment of a cell."""
        if role in (ItemRole.DisplayRole, ItemRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        if role == ItemRole.TextAlignmentRole:
            return RIGHT if index.column() in self._numeric else LEFT
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = ItemRole.DisplayRole,
    ) -> Any:
        """Titles of the columns."""
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == ItemRole.DisplayRole:
            return self._titles[section]
        if role == ItemRole.TextAlignmentRole:
            return RIGHT if section in self._numeric else LEFT
        return None


def _table(found: LearnedLayer) -> tuple[tuple[str, ...], Rows, frozenset[int]]:
    """Titles, rows, and which columns are numbers."""
    if found.vocabulary:
        return _words(found)
    if found.boundaries:
        return (_("Index"), _("Interval")), _intervals(found), frozenset((0,))
    means, deviations = value_texts(found.means), value_texts(found.deviations)
    return (
        (_("Column"), _("Mean"), _("Std")),
        list(zip(found.names, means, deviations, strict=True)),
        frozenset((1, 2)),
    )


def _words(found: LearnedLayer) -> tuple[tuple[str, ...], Rows, frozenset[int]]:
    """The vocabulary, with count and weight of each word where these are known."""
    numbers = [str(number) for number in range(len(found.vocabulary))]
    columns = [numbers, [_word(each) for each in found.vocabulary]]
    titles = [_("Index"), _("Value")]
    if found.counts:
        columns.append([f"{each:,}" if each else "–" for each in found.counts])
        titles.append(_("Count"))
    if found.weights:
        columns.append(value_texts(found.weights))
        titles.append(_("IDF"))
    numeric = {0, *range(2, len(titles))}
    return tuple(titles), list(zip(*columns, strict=True)), frozenset(numeric)


def _word(text: str) -> str:
    """A word of a vocabulary; the special ones are explained."""
    if text == "":
        return _("(missing)")
    return _("[UNK] – any other value") if text == "[UNK]" else text


def _intervals(found: LearnedLayer) -> Rows:
    """As Keras numbers them: each begins with its lower boundary."""
    texts = [value_text(each) for each in found.boundaries]
    between = _("{low} to below {high}")
    rows = [_("below {high}").format(high=texts[0])]
    rows += [between.format(low=low, high=high) for low, high in pairwise(texts)]
    rows.append(_("{low} and above").format(low=texts[-1]))
    return [(str(number), text) for number, text in enumerate(rows)]
