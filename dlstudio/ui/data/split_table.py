"""Number of samples per split: a coloured bar, and a table per class."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.data.class_chart import split_colors
from dlstudio.ui.services.dataset.dataset_text import SPLIT_NAMES
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.dataset import DatasetSplit

MAX_CLASSES = 300
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SplitBar(QWidget):
    """Three coloured segments, proportional to the sizes of the splits."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = split_colors(theme)
        self._counts = (1, 0, 0)
        self.setFixedHeight(10)
        self.setAccessibleName(_("Splits"))

    def show_counts(self, counts: tuple[int, ...]) -> None:
        """Show the number of samples in each split."""
        self._counts = (counts[0], counts[1], counts[2])
        texts = [f"{_(w)} {n:,}" for w, n in zip(SPLIT_NAMES, counts, strict=True)]
        self.setAccessibleDescription(", ".join(texts))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        total = sum(self._counts) or 1
        x = 0.0
        for count, color in zip(self._counts, self._colors, strict=True):
            wide = self.width() * count / total
            right = round(x + wide)
            painter.fillRect(round(x), 0, right - round(x), 10, QColor(color))
            x += wide


class SplitTable(QTableWidget):
    """A total, and one row per class if there are any; zeros are highlighted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self._theme = theme
        self.setAccessibleName(_("Images per class and split"))
        words = [_("Class"), *(_(word) for word in SPLIT_NAMES)]
        for column, text in enumerate(words):
            title = QTableWidgetItem(text)
            title.setTextAlignment(RIGHT if column else LEFT)
            self.setHorizontalHeaderItem(column, title)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")  # as headings
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)

    def show_split_counts(self, dataset_split: DatasetSplit) -> None:
        """Show how many samples of each class are in each split."""
        totals = dataset_split.counts.sum(axis=0).tolist()
        counts = dataset_split.counts.tolist()
        classes = dataset_split.classes  # perhaps none
        lines = [(_("All"), totals)]
        lines += zip(classes, counts[: len(classes)], strict=True)
        lines = lines[:MAX_CLASSES]
        if classes and len(counts) > len(classes):
            lines.append((_("no label"), counts[-1]))
        title = self.horizontalHeaderItem(0)
        assert title is not None
        title.setText(_("Class") if classes else "")
        self.setRowCount(len(lines))
        for row, (name, numbers) in enumerate(lines):
            for column, text in enumerate([name, *(f"{n:,}" for n in numbers)]):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(RIGHT)
                if row and column and text == "0":
                    item.setForeground(QColor(self._theme.colors.warning))
                self.setItem(row, column, item)
