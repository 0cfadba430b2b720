"""The table's card: filters, the table, and which rows are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.table.filter_bar import TableFilterBar
from dlstudio.ui.data.table.row_details import RowDetails
from dlstudio.ui.data.table.table_view import TableView
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.services.dataset.dataset_text import rows_text
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.table import Indices, TableColumn, TableFilter, TableRows

DETAILS_HEIGHT = 136
"""Height of the details, until the user changes it."""


class TablePanel(Card):
    """The owner finds the rows that match a filter, as that may take a while.

    Args:
        theme: Colours and sizes.
        views: Show and edit the values of each feature type.

    Signals:
        filter_changed: Emitted with a `TableFilter`; `show_rows` takes the answer.
        details_changed: Emitted with the height of the details, once the user has
            opened, closed or resized them; 0 if they are closed.
    """

    filter_changed = Signal(object)
    details_changed = Signal(int)

    def __init__(
        self, theme: Theme, views: FeatureViews, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, margin=12)
        self.bar = TableFilterBar(theme, self)
        self.view = TableView(theme, views, self)
        self.details = RowDetails(theme, views, self.view, self)
        self.details.hide()
        self.toggle = button(theme, _("Details"), "ghost", "mdi6.dock-bottom")
        self.toggle.setCheckable(True)
        self.toggle.setToolTip(_("Show the selected row in full."))
        self._height = DETAILS_HEIGHT
        self.split = QSplitter(Qt.Orientation.Vertical, self)
        self.split.setHandleWidth(10)
        self.split.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.split.setChildrenCollapsible(False)
        for each in (self.view, self.details):
            self.split.addWidget(each)
        self.split.setStretchFactor(0, 1)
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
        top = QHBoxLayout()
        top.addWidget(self.bar, 1)
        top.addWidget(self.toggle)
        self.body.addLayout(top)
        self.body.addWidget(self.split, 1)
        self.body.addLayout(bottom)
        self.bar.filter_changed.connect(self._filter)
        self.clear.clicked.connect(self.show_all)
        self.toggle.clicked.connect(self._toggle_details)
        self.split.splitterMoved.connect(self._resize_details)
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

    def show_details(self, height: int) -> None:
        """Open the details with a height in pixels, or close them with 0."""
        self._height = height or self._height
        self.toggle.setChecked(height > 0)
        self.details.setVisible(height > 0)
        if height:
            self.split.setSizes([max(self.split.height() - height, 1), height])

    def focus_search(self) -> None:
        """Focus the search field."""
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    def _toggle_details(self, on: bool) -> None:
        self.show_details(self._height if on else 0)
        self.details_changed.emit(self._height if on else 0)

    def _resize_details(self, *_place: int) -> None:
        self._height = self.details.height()
        self.details_changed.emit(self._height)

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
