"""A searchable popup list of layers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.schema import Description
from dlstudio.document.canvas.layer_summary import kind_name
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.connections.layer_suggestions import Rank
from dlstudio.ui.model.canvas.overlays.list_rows import ListRows, show_as_rows
from dlstudio.ui.model.palette.layer_search import LayerSearch
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets import SearchField, label

WIDTH, HEIGHT, ROW = 320, 372, 44
STEPS: dict[int, int] = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 7,
    Qt.Key.Key_PageUp: -7,
}
KIND = Qt.ItemDataRole.UserRole + 1
SUMMARY = Qt.ItemDataRole.UserRole + 2
COLOR = Qt.ItemDataRole.UserRole + 3


class LayerPopup(QFrame):
    """Lists the layers that fit a place; typing searches all layers.

    Args:
        theme: Colours and fonts.
        title: Where the layer goes, such as "After “conv_1”".
        fitting: The layers that fit.
        others: The layers that seem not to fit; found only by search.
        rank: Sort key of the suggestions.
        parent: Parent widget.

    Signals:
        chosen: Kind of the chosen layer.
        closed: Emitted when the popup is closed, with or without a choice.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        title: str,
        fitting: Sequence[Description],
        others: Sequence[Description],
        rank: Rank,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "raised")
        self.setAccessibleName(title)
        self.setFixedSize(WIDTH, HEIGHT)
        self._fitting = sorted(fitting, key=rank)
        self._layer_search = LayerSearch([*self._fitting, *others])
        self._owner = parent
        self.search = SearchField(theme, _("Search layers…"), self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Layers that fit here"))
        show_as_rows(self.list, _LayerRows(theme, ROW, self.list))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 8, 8)
        column.setSpacing(8)
        column.addWidget(label(title, "muted"))
        column.addWidget(self.search)
        column.addWidget(self.list)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(self._choose)
        self._fill("")

    def open_at(self, point: QPoint) -> None:
        """Show the popup with its top left corner at a global point, on the screen."""
        screen = self._owner.screen().availableGeometry()
        x = min(point.x(), screen.right() - WIDTH)
        y = min(point.y(), screen.bottom() - HEIGHT)
        self.move(max(x, screen.left()), max(y, screen.top()))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Forward arrow keys and Enter from the search field to the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = STEPS.get(event.key(), 0)
            if step:
                last = self.list.count() - 1
                row = min(max(self.list.currentRow() + step, 0), last)
                self.list.setCurrentRow(row)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _fill(self, query: str) -> None:
        self.list.clear()
        shown = self._fitting
        fitting = {each.kind for each in self._fitting}
        if query.strip():
            shown = self._layer_search.find(query, fitting)
        for each in shown:
            item = QListWidgetItem(kind_name(each.kind))
            item.setData(KIND, each.kind)
            item.setData(COLOR, each.color)
            note = "" if each.kind in fitting else _("May not fit here.") + " "
            item.setData(SUMMARY, note + _(each.summary))
            item.setToolTip(_(each.summary))
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                f"{kind_name(each.kind)}. {_(each.summary)}",
            )
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        kind = str(item.data(KIND))
        self.close()
        self.chosen.emit(kind)


class _LayerRows(ListRows):
    """Writes the name, with the layer's summary below."""

    def color(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data(COLOR) or "")

    def write(
        self,
        painter: QPainter,
        box: QRect,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, c = self.theme, self.theme.colors
        flags = Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(c.text))
        painter.setFont(text_font(theme, theme.text_size, 500))
        painter.drawText(box, flags | Qt.AlignmentFlag.AlignTop, str(index.data()))
        painter.setPen(QColor(c.text_muted))
        painter.setFont(text_font(theme, theme.tiny_size))
        summary = painter.fontMetrics().elidedText(
            str(index.data(SUMMARY)), Qt.TextElideMode.ElideRight, box.width()
        )
        painter.drawText(box, flags | Qt.AlignmentFlag.AlignBottom, summary)
