"""A row of widgets that wraps like text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class FlowRow(QWidget):
    """Arranges widgets from left to right, then from top to bottom.

    It positions the widgets itself: a layout written in Python outlives the items that
    Qt keeps for it, and accesses deleted ones.

    Args:
        widgets: Widgets in the row.
        gap: Space between neighbours and between rows, in pixels.
        left: Left margin in pixels.
    """

    def __init__(
        self,
        widgets: Sequence[QWidget],
        gap: int,
        left: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._widgets = tuple(widgets)
        self._gap, self._left = gap, left
        for each in widgets:
            each.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the rows at a given width."""
        return self._arrange(width, move=False)

    def sizeHint(self) -> QSize:
        """All widgets in one row."""
        sizes = [_wanted(each) for each in self._widgets]
        width = sum(size.width() for size in sizes) + self._gap * (len(sizes) - 1)
        height = max((size.height() for size in sizes), default=0)
        return QSize(self._left + max(width, 0), height)

    def minimumSizeHint(self) -> QSize:
        """Each widget in its own row."""
        sizes = [_wanted(each) for each in self._widgets]
        width = max((size.width() for size in sizes), default=0)
        height = max((size.height() for size in sizes), default=0)
        return QSize(self._left + width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width(), move=True)

    def event(self, event: QEvent) -> bool:
        """Rearrange when a widget's size hint changes."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange(self.width(), move=True)
            self.updateGeometry()
        return super().event(event)

    def _arrange(self, width: int, move: bool) -> int:
        """Lay out the rows; returns their height."""
        x, y, line = self._left, 0, 0
        for each in self._widgets:
            size = _wanted(each)
            if line and x + size.width() > width:
                x, y, line = self._left, y + line + self._gap, 0
            if move:
                each.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line


def _wanted(widget: QWidget) -> QSize:
    wanted = widget.sizeHint().expandedTo(widget.minimumSize())
    return wanted.boundedTo(widget.maximumSize())
