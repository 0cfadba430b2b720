"""The worst predictions, as rows that can be opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.report_sections import WorstRow, WorstRows
from dlstudio.i18n import _
from dlstudio.ui.heads.row_table import RowTable
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.images import png_image
from dlstudio.value_text import value_texts

MAX_VALUES = 4
"""So many other features are shown beside a prediction."""


class WorstSection(ReportSection):
    """A double click or Enter chooses a row.

    Args:
        theme: Colours and sizes.
        section: The rows.
    """

    def __init__(
        self, theme: Theme, section: WorstRows, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ids = tuple(each.id for each in section.rows)
        others = shown_values(section.rows)
        title = _("Worst predictions")
        card = titled_card(theme, title, _("Double-click to open a row"), self)
        numeric = any(each.error is not None for each in section.rows)
        error = (_("Residual"),) if numeric else ()
        titles = (_("Row"), _("Actual"), _("Predicted"), *error, *others)
        self.table = RowTable(title, titles, (1, 2, 3) if numeric else (), card)
        self.table.show_texts(_texts(section.rows, others, numeric))
        for row in range(len(section.rows)):
            self.table.color_cell(row, 2, theme.colors.bad)
        self.table.show_images([_images(each) for each in section.rows])
        self.table.cellActivated.connect(self._choose)
        self.table.itemSelectionChanged.connect(self._select)
        card.body.addWidget(self.table)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)

    def _choose(self, row: int, _column: int) -> None:
        self.row_chosen.emit(self._ids[row])

    def _select(self) -> None:
        row = self.table.currentRow()
        if row >= 0 and self.table.selectedItems():
            self.row_selected.emit(self._ids[row])


def shown_values(rows: Sequence[WorstRow]) -> tuple[str, ...]:
    """The inputs whose values are shown: the first ones."""
    first = rows[0].values if rows else None
    return tuple(first or ())[:MAX_VALUES]


def _images(row: WorstRow) -> list[QImage]:
    return [png_image(each) for each in (row.thumbnails or {}).values()]


def _texts(
    rows: Sequence[WorstRow], others: tuple[str, ...], numeric: bool
) -> list[list[str]]:
    """The texts of each row; all numbers have the same decimals."""
    columns: list[list[float | str]] = [
        [each.actual for each in rows],
        [each.predicted for each in rows],
    ]
    if numeric:
        columns.append(["" if each.error is None else each.error for each in rows])
    values = [value for column in columns for value in column]
    numbers = [each for each in values if not isinstance(each, str)]
    texts = iter(each.replace("-", "−") for each in value_texts(numbers))
    shown = [each if isinstance(each, str) else next(texts) for each in values]
    parts = [shown[start :: len(rows)] for start in range(len(rows))]
    return [
        [row.id, *part, *((row.values or {}).get(name, "") for name in others)]
        for row, part in zip(rows, parts, strict=True)
    ]
