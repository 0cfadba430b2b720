"""A table of any number of rows: cells are painted, and edited in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QKeyCombination,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from dlstudio.catalog.features.tags import TAGS
from dlstudio.i18n import _
from dlstudio.ui.actions import TABLE_ACTIONS, Action, CommandHandler, by_key
from dlstudio.ui.data.table.cell_delegate import CellDelegate
from dlstudio.ui.data.table.column_header import ColumnHeader
from dlstudio.ui.data.table.column_menu import ColumnMenu
from dlstudio.ui.data.table.column_widths import ColumnWidths
from dlstudio.ui.data.table.model import TableModel
from dlstudio.ui.data.table.table_actions import TableActions
from dlstudio.ui.features.cell_thumbnails import CellThumbnails
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.features.span_editor import SpanEditor
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import Indices, TableColumn, TableRows
from dlstudio.workers.thumbnails import Thumbnails

ROW_HEIGHT, IMAGE_ROW_HEIGHT = 36, 48
KEYS: Mapping[str, Action] = by_key(TABLE_ACTIONS, "table")


class TableView(QTableView):
    """Shows rows of a source; what the user changes is reported, not changed here.

    Args:
        theme: Colours and sizes.
        views: Show and edit the values of each feature type.

    Signals:
        value_changed: Emitted with a sample's id, the name of a feature, and the text
            to be used instead of its value; "" for a missing value.
        labeled: Emitted with ids of samples, the name of a feature, and the label to be
            used in all of them.
        values_cleared: Emitted with pairs of a sample's id and a feature whose
            corrections are to be dropped.
        kind_changed: Emitted with a column's name and another kind; "" to ignore it.
        role_changed: Emitted with a column's name, and "target" or "input".
        exclusion_changed: Emitted with ids of samples, and whether to exclude them.
        moved: Emitted with ids of samples and an index into `SPLITS`; -1 to split them
            automatically.
        scrolled: Emitted when other rows are shown.
    """

    value_changed = Signal(str, str, str)
    labeled = Signal(object, str, str)
    values_cleared = Signal(object)
    kind_changed = Signal(str, str)
    role_changed = Signal(str, str)
    exclusion_changed = Signal(object, bool)
    moved = Signal(object, int)
    scrolled = Signal()

    def __init__(
        self, theme: Theme, views: FeatureViews, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views = views
        self.span_editor: SpanEditor | None = None
        self.table = TableModel(views, self)
        self.header = ColumnHeader(theme, views, self.table, self)
        self.delegate = CellDelegate(theme, views, self.table, self)
        self.table_actions = TableActions(self, self.table, theme)
        self._set_up()
        self._widths = ColumnWidths(self, self.header, self.delegate, self.table)
        self.table.value_changed.connect(self.value_changed)
        self.table.modelReset.connect(self.scrolled)
        self.header.menu_requested.connect(self.open_column_menu)
        actions = self.table_actions
        actions.labeled.connect(self.labeled)
        actions.values_cleared.connect(self.values_cleared)
        actions.exclusion_changed.connect(self.exclusion_changed)
        actions.moved.connect(self.moved)
        actions.column_requested.connect(self._open_column)
        self.verticalScrollBar().valueChanged.connect(
            lambda _value: self.scrolled.emit()
        )

    def show_table(self, columns: Sequence[TableColumn], rows: TableRows) -> None:
        """Show another table, or this one with other types or corrections.

        Args:
            columns: In the order of the rows' texts.
            rows: Gives the cells.
        """
        names = [each.name for each in self.table.columns]
        self.table.show_table(columns, rows)
        tall = any(self._views.names_files(each.kind) for each in columns)
        height = IMAGE_ROW_HEIGHT if tall else ROW_HEIGHT
        self.verticalHeader().setDefaultSectionSize(height)
        if names != [each.name for each in columns]:
            self._widths.reset()
        self.viewport().update()

    def use_thumbnails(self, thumbnails: Thumbnails) -> CellThumbnails:
        """Show the images that cells name, decoded in the background.

        Args:
            thumbnails: Decodes them.
        """
        found = CellThumbnails(thumbnails, self.viewport())
        self.delegate.thumbnails = found
        return found

    def show_rows(self, rows: Indices | None) -> None:
        """Show only some rows, by their numbers in the table; None for all."""
        self.table.show_rows(rows)

    def go_to(self, id: str) -> None:
        """Select a sample's row, and scroll to it; nothing if it is not shown."""
        row = self.table.place(id)
        if row >= 0:
            self.selectRow(row)
            middle = QAbstractItemView.ScrollHint.PositionAtCenter
            self.scrollTo(self.table.index(row, 0), middle)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def commands(self) -> Mapping[str, CommandHandler]:
        """The handlers of the table's actions by id."""
        return self.table_actions.commands()

    def visible_rows(self) -> range:
        """The rows of the filtered table that can be seen, at least in part."""
        count = self.table.rowCount()
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, count if last < 0 else last + 1)

    def open_column_menu(self, column: int, place: QPoint) -> ColumnMenu:
        """Open the menu of a column at a screen position."""
        described = self.table.columns[column]
        menu = ColumnMenu(self._theme, self._views, described, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.kind_chosen.connect(partial(self.kind_changed.emit, described.name))
        menu.role_chosen.connect(partial(self.role_changed.emit, described.name))
        menu.popup(place)
        return menu

    def edit(  # type: ignore[override]
        self,
        index: QModelIndex,
        trigger: QAbstractItemView.EditTrigger | None = None,
        event: QEvent | None = None,
    ) -> bool | None:
        """Edit a value in its cell; entities in a window of their own."""
        if trigger is None:
            if not self._edit_spans(index):
                super().edit(index)
            return None
        double = trigger == QAbstractItemView.EditTrigger.DoubleClicked
        if double and self._edit_spans(index):
            return True
        return super().edit(index, trigger, event)  # type: ignore[arg-type]

    def _edit_spans(self, index: QModelIndex) -> bool:
        """Open the window that corrects entities, if the cell has some."""
        row, column = index.row(), index.column()
        if not index.isValid() or self.table.columns[column].kind != TAGS.kind:
            return False
        tokens = self.table.tokens_beside(row).split()
        if not tokens:
            return False
        known = self.table.columns[column].statistics.frequent
        tags = (self.table.cell(row, column).text or "").split()
        types = sorted(name for name, _count in known)
        self.span_editor = SpanEditor(self._theme, tokens, tags, types, self)
        made, place = self.span_editor, QPersistentModelIndex(index)
        made.accepted.connect(lambda: self.table.setData(place, made.value))
        made.open()
        return True

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: Qt would look through all rows; there is a search field."""

    def event(self, event: QEvent) -> bool:
        """Claim the table's keys even if the window has shortcuts for them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._action(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run the table's actions; others move as in any table."""
        action = self._action(event)
        if action is None:
            super().keyPressEvent(event)
            return
        handler = self.commands()[action.id]
        if handler.enabled():
            handler.run()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the actions for the selected cells and rows."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            box = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(box.bottomLeft())
        self.table_actions.open_menu(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the whole width until the user has resized a column."""
        super().resizeEvent(event)
        self._widths.fit()
        self.scrolled.emit()

    def _open_column(self, column: int) -> None:
        self.open_column_menu(column, self.header.menu_place(column))

    def _action(self, event: QKeyEvent) -> Action | None:
        if self.state() == QAbstractItemView.State.EditingState:
            return None
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        keys = QKeyCombination(modifiers, Qt.Key(event.key()))
        return KEYS.get(QKeySequence(keys).toString())

    def _set_up(self) -> None:
        self.setModel(self.table)
        self.setItemDelegate(self.delegate)
        self.setHorizontalHeader(self.header)
        self.setAccessibleName(_("Table"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        per_pixel = QAbstractItemView.ScrollMode.ScrollPerPixel
        self.setVerticalScrollMode(per_pixel)
        self.setHorizontalScrollMode(per_pixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        lines = self.verticalHeader()
        lines.hide()
        lines.setSectionResizeMode(lines.ResizeMode.Fixed)
        lines.setDefaultSectionSize(ROW_HEIGHT)
