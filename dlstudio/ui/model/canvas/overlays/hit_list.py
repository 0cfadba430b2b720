"""The list of nodes that a search has found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from dlstudio.i18n import _
from dlstudio.ui.model.canvas.overlays.list_rows import ListRows, show_as_rows
from dlstudio.ui.theme.fonts import mono_font, text_font
from dlstudio.ui.theme.tokens import Theme

ROW = 40
MAX_ROWS = 7
HIT = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class NodeHit:
    """A node that was found.

    Attributes:
        title: Kind and main parameters.
        color: Colour of its category.
        shape: Its output shape, if known.
        count: Its number of parameters as text.
    """

    id: str
    name: str
    title: str
    color: str
    shape: str = ""
    count: str = ""


class HitList(QListWidget):
    """Shows hits, as high as they need up to some rows; the field keeps the focus.

    Signals:
        chosen: Row of a hit that was clicked.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Layers found"))
        show_as_rows(self, _HitRows(theme, ROW, self))
        self.itemClicked.connect(lambda item: self.chosen.emit(self.row(item)))

    def show_hits(self, hits: Sequence[NodeHit]) -> None:
        """Replace the rows; without any, the list is hidden."""
        self.clear()
        for hit in hits:
            item = QListWidgetItem(hit.name)
            item.setData(HIT, hit)
            parts = (hit.name, hit.title, hit.shape, hit.count)
            item.setToolTip("\n".join(part for part in parts if part))
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, ", ".join(p for p in parts if p)
            )
            self.addItem(item)
        self.setFixedHeight(min(len(hits), MAX_ROWS) * ROW + 2)
        self.setVisible(bool(hits))


class _HitRows(ListRows):
    """Writes name and shape, with kind and number of parameters below."""

    def color(self, index: QModelIndex | QPersistentModelIndex) -> str:
        hit: NodeHit = index.data(HIT)
        return hit.color

    def write(
        self,
        painter: QPainter,
        box: QRect,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        hit: NodeHit = index.data(HIT)
        theme, c = self.theme, self.theme.colors
        top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        line = _HitLine(painter, box)
        line.draw(top, hit.name, hit.shape, (c.text, c.text_muted),
                  (text_font(theme, theme.text_size, 500),
                   mono_font(theme, theme.tiny_size)))  # fmt: skip
        small = text_font(theme, theme.tiny_size)
        line.draw(
            bottom, hit.title, hit.count, (c.text_muted, c.text_faint), (small, small)
        )


class _HitLine:
    """Draws a text on the left, elided before another on the right."""

    def __init__(self, painter: QPainter, box: QRect) -> None:
        self._painter = painter
        self._box = box

    def draw(
        self,
        vertical: Qt.AlignmentFlag,
        left: str,
        right: str,
        colors: tuple[str, str],
        fonts: tuple[QFont, QFont],
    ) -> None:
        """Draw both.

        Args:
            vertical: At the top or at the bottom of the box.
            left: The text that is elided.
            right: The text that is always whole.
            colors: Of both texts.
            fonts: Of both texts.
        """
        painter = self._painter
        painter.setPen(QColor(colors[1]))
        painter.setFont(fonts[1])
        painter.drawText(self._box, Qt.AlignmentFlag.AlignRight | vertical, right)
        room = self._box.width() - painter.fontMetrics().horizontalAdvance(right) - 10
        painter.setPen(QColor(colors[0]))
        painter.setFont(fonts[0])
        cut = painter.fontMetrics().elidedText(left, Qt.TextElideMode.ElideRight, room)
        painter.drawText(self._box, Qt.AlignmentFlag.AlignLeft | vertical, cut)
