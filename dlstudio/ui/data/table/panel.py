"""The table's card: filters, the table, and which rows are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.table.filter_bar import TableFilterBar
from dlstudio.ui.data.table.table_view import TableView
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.services.dataset.dataset_text import rows_text
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.table import Indices, TableColumn, TableFilter, TableRows


class TablePanel(Card):
    """The owner finds the rows that match a filter, as that may take a while.

    Args:
        theme: Colours and sizes.
        views: Show and edit the values of each feature type.

    Signals:
        filter_changed: Emitted with a `TableFilter`; `show_rows` takes the answer.
    """

    filter_changed = Signal(object)

    def __init__(
        self, theme: Theme, views: FeatureViews, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, margin=12)
        self.bar = TableFilterBar(theme, self)
        self.view = TableView(theme, views, self)
        self.empty_label = label(_("No rows match."), "muted")
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_label.hide()
        over = QVBoxLayout(self.view.viewport())
        over.addWidget(self.empty_label, 0, Qt.AlignmentFlag.AlignCenter)
        self.footer = ElidedLabel("", "faint")
        self.clear = button(theme, _("Show all"), "link")
        keeps = self.clear.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # so that the layout stays stable
        self.clear.setSizePolicy(keeps)
        bottom = QHBoxLayout()
        bottom.addWidget(self.footer, 1)
        bottom.addWidget(self.clear)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.view, 1)
        self.body.addLayout(bottom)
        self.bar.filter_changed.connect(self._filter)
        self.clear.clicked.connect(self.show_all)
        self.view.scrolled.connect(self._update_footer)
        self._update_footer()

    @property
    def filter(self) -> TableFilter:
        """The current filter."""
        return self.bar.filter

    def show_table(
        self,
        columns: Sequence[TableColumn],
        rows: TableRows,
        findings: Mapping[str, int] | None = None,
    ) -> None:
        """Show another table, or this one with other types or corrections.

        Args:
            columns: In the order of the rows' texts.
            rows: Gives the cells.
            findings: Number of findings about rows by kind.
        """
        self.view.show_table(columns, rows)
        self.bar.show_findings(findings or {})
        self._update_footer()

    def show_rows(self, rows: Indices | None) -> None:
        """Show the rows that match the filter; None for all."""
        self.view.show_rows(rows)
        self.empty_label.setVisible(rows is not None and not len(rows))
        self._update_footer()

    def show_all(self) -> None:
        """Reset all filters."""
        self.bar.put(TableFilter())

    def focus_search(self) -> None:
        """Focus the search field."""
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    def _filter(self, wanted: TableFilter) -> None:
        self.clear.setVisible(bool(wanted))
        if not wanted:
            self.show_rows(None)
        self.filter_changed.emit(wanted)

    def _update_footer(self) -> None:
        self.clear.setVisible(bool(self.filter))
        table, rows = self.view.table, self.view.visible_rows()
        total = table.total()
        count = table.rowCount()
        text = rows_text(total)
        if count != total:
            text = _("{shown} of {total}").format(shown=f"{count:,}", total=text)
        if count and len(rows) < count:
            text = _("{first}–{last} of {count}").format(
                first=f"{rows.start + 1:,}", last=f"{rows.stop:,}", count=text
            )
        if count:
            hint = _("Double-click a cell to correct it; files stay unchanged.")
            text = f"{text} · {hint}"
        self.footer.set_text(text)
