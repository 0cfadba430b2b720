"""Class counts as bars, stacked by training, validation and test split."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.services.dataset.dataset_text import split_name
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme

ROW_HEIGHT = 38
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
BAR_ROLE = Role.UserRole


class ClassCountModel(QAbstractListModel):
    """One row per class; `BAR_ROLE` holds its counts and the overall maximum."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self._counts: list[tuple[int, tuple[int, ...]]] = []
        self._max_count = 1

    def show(self, view: DatasetView | None) -> None:
        """Show another dataset, or updated counts."""
        names = view.classes if view is not None else ()
        counts = _counts(view) if view is not None else []
        if names != self.names:
            self.beginResetModel()
            self.names, self._counts = names, counts
            self.endResetModel()
        elif counts != self._counts:
            self._counts = counts
            last = self.index(len(names) - 1)
            self.dataChanged.emit(self.index(0), last)
        self._max_count = max([total for total, _splits in counts], default=1) or 1

    def rowCount(self, parent: Index | None = None) -> int:
        inside = parent is not None and parent.isValid()
        return 0 if inside else len(self.names)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        row = index.row()
        total, split_counts = self._counts[row]
        if role == Role.DisplayRole:
            return self.names[row]
        if role == BAR_ROLE:
            return total, split_counts, self._max_count
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            texts = [
                f"{split_name(split)} {count:,}"
                for split, count in enumerate(split_counts)
            ]
            return " · ".join([f"{self.names[row]}: {total:,}", *texts])
        return None


def _counts(view: DatasetView) -> list[tuple[int, tuple[int, ...]]]:
    totals = view.counts()
    dataset_split = view.dataset_split
    split_counts: dict[str, tuple[int, ...]] = {}
    if dataset_split is not None and not dataset_split.problem:
        names, counts = dataset_split.classes, dataset_split.counts.tolist()
        for name, row in zip(names, counts[: len(names)], strict=True):
            split_counts[name] = tuple(row)
    return [(totals[name], split_counts.get(name, ())) for name in view.classes]


class ClassBarDelegate(QStyledItemDelegate):
    """Paints name, count and bar."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        c = theme.colors
        self._colors = c
        self._small = text_font(theme, theme.small_size)
        self._splits = split_colors(theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows have the same height."""
        return QSize(80, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        c = self._colors
        box: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(c.accent_soft if chosen else c.hover))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(c.accent))
            painter.drawRoundedRect(box.adjusted(1, 2, -1, -2), 6, 6)
        inner = box.adjusted(8, 5, -8, -7)
        total, split_counts, max_count = index.data(BAR_ROLE)
        painter.setFont(self._small)
        metrics = painter.fontMetrics()
        count = f"{total:,}"
        wide = metrics.horizontalAdvance(count)
        line = QRect(inner.left(), inner.top(), inner.width(), metrics.height())
        painter.setPen(QColor(c.text_muted))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, count)
        name = metrics.elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, inner.width() - wide - 8
        )
        painter.setPen(QColor(c.accent if chosen else c.text))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, name)
        bar = QRect(inner.left(), inner.bottom() - 3, inner.width(), 5)
        self._paint_bar(painter, bar, total, split_counts or (total,), max_count)
        painter.restore()

    def _paint_bar(
        self,
        painter: QPainter,
        bar: QRect,
        total: int,
        split_counts: tuple[int, ...],
        max_count: int,
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colors.line))
        painter.drawRoundedRect(bar, 2.5, 2.5)
        x = float(bar.left())
        for count, color in zip(split_counts, self._splits, strict=False):
            wide = bar.width() * count / max_count
            painter.fillRect(
                round(x),
                bar.top(),
                max(0, round(x + wide) - round(x)),
                5,
                QColor(color),
            )
            x += wide


def split_colors(theme: Theme) -> tuple[str, str, str]:
    """The colours of training, validation and test, as in the training curves."""
    c = theme.colors
    return c.training, c.validation, c.edge


class ClassChart(QListView):
    """Class list that filters the gallery: a click selects a class, or deselects it.

    Signals:
        chosen: Names of the selected classes; empty for all.
    """

    chosen = Signal(frozenset)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ClassCountModel(self)
        self.setModel(self._model)
        self.setItemDelegate(ClassBarDelegate(theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(_("Classes"))
        self._reporting = True
        self.selectionModel().selectionChanged.connect(self._report)

    def show_data(self, view: DatasetView | None) -> None:
        """Update the counts; a new dataset clears the selection."""
        self._model.show(view)

    def names(self) -> tuple[str, ...]:
        """The displayed class names."""
        return self._model.names

    def choose(self, names: frozenset[str]) -> None:
        """Set the selection without emitting `chosen`."""
        if names == self.current():
            return
        self._reporting = False
        self.clearSelection()
        flag = self.selectionModel().SelectionFlag.Select
        for row, name in enumerate(self._model.names):
            if name in names:
                self.selectionModel().select(self._model.index(row), flag)
        self._reporting = True

    def current(self) -> frozenset[str]:
        """The selected classes."""
        rows = [index.row() for index in self.selectedIndexes()]
        return frozenset(self._model.names[row] for row in rows)

    def sizeHint(self) -> QSize:
        """The height of all rows; the layout may shrink it."""
        return QSize(180, ROW_HEIGHT * max(1, len(self._model.names)) + 4)

    def _report(self) -> None:
        if self._reporting:
            self.chosen.emit(self.current())
