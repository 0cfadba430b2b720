"""Actions for the selected cells and rows of a table, and their menu."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QItemSelectionRange, QObject, QPoint, QRect, Signal
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QKeySequence
from PySide6.QtWidgets import QMenu, QTableView, QToolTip

from dlstudio.catalog.features.category import CATEGORY
from dlstudio.i18n import _
from dlstudio.ui.actions import TABLE_ACTIONS, CommandHandler
from dlstudio.ui.data.table.model import TableModel
from dlstudio.ui.services.dataset.dataset_text import split_name
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.label_chooser import LabelChooser
from dlstudio.workers.dataset import EXCLUDED, SPLITS

AUTOMATIC = -1
MOST_ROWS = 50_000
"""So many rows are copied, or searched for corrections, at once."""
BY_ID = {action.id: action for action in TABLE_ACTIONS}


class TableActions(QObject):
    """What can be done with the selection of a table.

    Args:
        view: The table's widget.
        table: Its model.
        theme: Colours and sizes.

    Signals:
        labeled, values_cleared, exclusion_changed, moved: As those of `TableView`.
        column_requested: Emitted with the column whose menu is to be opened.
    """

    labeled = Signal(object, str, str)
    values_cleared = Signal(object)
    exclusion_changed = Signal(object, bool)
    moved = Signal(object, int)
    column_requested = Signal(int)

    def __init__(self, view: QTableView, table: TableModel, theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        self._table = table
        self._theme = theme
        moves = {f"table.move_{split}": split for split in range(len(SPLITS))}
        moves["table.move_automatic"] = AUTOMATIC
        self._handlers = {
            "table.edit": CommandHandler(self.edit, self._is_editable),
            "table.label": CommandHandler(self.label, self._has_labels),
            "table.clear": CommandHandler(self.clear, self._any),
            "table.copy": CommandHandler(self.copy, self._any),
            "table.column": CommandHandler(self.open_column, self._has_current),
            "table.exclude": CommandHandler(
                self.toggle_excluded, self._any, text=self._exclude_text
            ),
            **{
                id: CommandHandler(partial(self.move, split), self._any)
                for id, split in moves.items()
            },
        }

    def commands(self) -> Mapping[str, CommandHandler]:
        """The handlers by the ids of their actions."""
        return self._handlers

    def open_menu(self, place: QPoint) -> QMenu | None:
        """Open the menu of the selection; None if nothing is selected."""
        if not self._any():
            return None
        menu = QMenu(self._view)
        for id in ("table.edit", "table.label", "table.clear", "table.copy"):
            self._add(menu, id)
        menu.actions()[2].setEnabled(bool(self._corrected()))
        menu.addSeparator()
        self._add(menu, "table.exclude")
        inner = menu.addMenu(self._icon("mdi6.call-split"), _("Move to"))
        for split in range(len(SPLITS)):
            self._add(inner, f"table.move_{split}", split_name(split))
        inner.addSeparator()
        self._add(inner, "table.move_automatic")
        menu.addSeparator()
        self._add(menu, "table.column")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
        return menu

    def edit(self) -> None:
        """Edit the current cell."""
        self._view.edit(self._view.currentIndex())

    def label(self) -> None:
        """Choose a label of the current column for all selected rows."""
        column = self._table.columns[self._view.currentIndex().column()]
        ids = self._ids()
        chooser = LabelChooser(
            self._theme, column.names, self._shared_label(), False, self._view
        )
        chooser.chosen.connect(partial(self.labeled.emit, ids, column.name))
        box = self._view.visualRect(self._view.currentIndex())
        chooser.open_at(self._view.viewport().mapToGlobal(box.bottomLeft()))

    def clear(self) -> None:
        """Drop the corrections of the selected cells."""
        corrected = self._corrected()
        if corrected:
            self.values_cleared.emit(corrected)

    def copy(self) -> None:
        """Copy the selected cells, as spreadsheets do."""
        box = QRect()
        for each in selected_ranges(self._view):
            box = box.united(
                QRect(each.left(), each.top(), each.width(), each.height())
            )
        if box.isEmpty():
            return
        rows = range(box.top(), min(box.bottom(), box.top() + MOST_ROWS - 1) + 1)
        columns = range(box.left(), box.right() + 1)
        table = self._table
        lines = (
            "\t".join(_one_line(table.cell(row, column).text) for column in columns)
            for row in rows
        )
        QGuiApplication.clipboard().setText("\n".join(lines))
        if len(rows) < box.height():
            text = _("Copied up to row {row}; copy the others separately.").format(
                row=f"{rows.stop:,}"
            )
            place = self._view.viewport().mapToGlobal(QPoint(0, 0))
            QToolTip.showText(place, text, self._view)

    def open_column(self) -> None:
        """Open the menu of the current cell's column."""
        self.column_requested.emit(self._view.currentIndex().column())

    def toggle_excluded(self) -> None:
        """Exclude the selected rows; include them if all are excluded."""
        include = self._all_excluded()
        self.exclusion_changed.emit(self._ids(), not include)

    def move(self, split: int) -> None:
        """Move the selected rows to a split."""
        self.moved.emit(self._ids(), split)

    def _ids(self) -> tuple[str, ...]:
        return self._table.ids(selected_rows(self._view))

    def _any(self) -> bool:
        return self._view.selectionModel().hasSelection()

    def _has_current(self) -> bool:
        return self._view.currentIndex().isValid()

    def _is_editable(self) -> bool:
        index = self._view.currentIndex()
        column = index.column()
        return index.isValid() and bool(self._table.columns[column].kind)

    def _has_labels(self) -> bool:
        column = self._view.currentIndex().column()
        return self._is_editable() and self._table.columns[column].kind == CATEGORY.kind

    def _shared_label(self) -> frozenset[str]:
        """The label of the selected rows in the current column, if it is the same."""
        column = self._view.currentIndex().column()
        rows = selected_rows(self._view)[:MOST_ROWS]
        found = {self._table.cell(row, column).text or "" for row in rows}
        return frozenset(found if len(found) == 1 else ())

    def _all_excluded(self) -> bool:
        table, rows = self._table, selected_rows(self._view)[:MOST_ROWS]
        return bool(rows) and all(table.cell(row, 0).split == EXCLUDED for row in rows)

    def _exclude_text(self) -> str:
        return _("Include") if self._all_excluded() else _("Exclude")

    def _corrected(self) -> tuple[tuple[str, str], ...]:
        """Ids and features of the selected cells that the user has changed."""
        table = self._table
        found: list[tuple[str, str]] = []
        for each in selected_ranges(self._view):
            for row in range(each.top(), min(each.bottom() + 1, MOST_ROWS)):
                for column in range(each.left(), each.right() + 1):
                    if table.cell(row, column).corrected:
                        (id,) = table.ids([row])
                        found.append((id, table.columns[column].name))
        return tuple(found)

    def _add(self, menu: QMenu, id: str, text: str = "") -> None:
        action, handler = BY_ID[id], self._handlers[id]
        made = QAction(text or handler.text_of(action), menu)
        if action.icon:
            made.setIcon(self._icon(action.icon))
        if action.shortcuts:  # shown only: the view itself handles its keys
            keys = QKeySequence(action.shortcuts[0])
            native = keys.toString(QKeySequence.SequenceFormat.NativeText)
            made.setText(f"{made.text()}\t{native}")
        made.setEnabled(handler.enabled())
        made.triggered.connect(lambda: handler.run())
        menu.addAction(made)

    def _icon(self, name: str) -> QIcon:
        return icon(name, self._theme.colors.text_muted)


def selected_ranges(view: QTableView) -> list[QItemSelectionRange]:
    """The selected cells of a table, as rectangles."""
    selection = view.selectionModel().selection()
    return [selection.at(number) for number in range(selection.count())]


def selected_rows(view: QTableView) -> list[int]:
    """The rows with a selected cell, in order."""
    rows: set[int] = set()
    for each in selected_ranges(view):
        rows.update(range(each.top(), each.bottom() + 1))
    return sorted(rows)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
