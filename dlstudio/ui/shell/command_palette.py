"""The command palette: fuzzy search over all available actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.name_search import match_rank
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.search_field import SearchField

WIDTH, HEIGHT, TOP = 600, 420, 72
MAX_RESULTS = 60
Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """An entry of the palette.

    Attributes:
        hint: Text on the right: a shortcut, or the kind of entry.
        keywords: Additional search terms.
        rare: Whether it ranks below other matches of the same quality.
    """

    text: str
    run: Callable[[], object]
    hint: str = ""
    icon: str = ""
    keywords: str = ""
    enabled: bool = True
    rare: bool = False


class CommandPalette(QFrame):
    """Floats over the window until an entry is chosen or the focus is lost.

    Args:
        theme: Colours and sizes.
        entries: Returns the entries; called every time the palette opens.
    """

    def __init__(
        self,
        theme: Theme,
        entries: Callable[[], Sequence[PaletteEntry]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._theme = theme
        self._get_entries = entries
        self._entries: Sequence[PaletteEntry] = ()
        self._focus_before: QWidget | None = None
        self.setProperty("role", "raised")
        self.setAccessibleName(_("Command palette"))
        self.field = SearchField(theme, _("Type a command, or a layer to add"))
        self.list = QListView()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(QStandardItemModel(self.list))
        self.list.setItemDelegate(_EntryDelegate(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setStyleSheet("background: transparent;")
        self.list.setAccessibleName(_("Results"))
        self.nothing = label(_("No results"), "muted")
        self.nothing.setContentsMargins(10, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.nothing)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list.clicked.connect(self._choose)
        self._add_shadow()
        self.hide()

    def _add_shadow(self) -> None:
        shadow = QGraphicsDropShadowEffect(self)
        color = QColor(self._theme.colors.shadow)
        color.setAlpha(max(color.alpha(), 60))
        shadow.setColor(color)
        shadow.setBlurRadius(3 * self._theme.unit)
        shadow.setOffset(0, self._theme.unit / 2)
        self.setGraphicsEffect(shadow)

    def open(self) -> None:
        """Show the palette with an empty query."""
        self._focus_before = QApplication.focusWidget()
        self._entries = tuple(self._get_entries())
        window = self._window
        width = min(WIDTH, window.width() - 32)
        height = min(HEIGHT, window.height() - TOP - 40)
        self.setGeometry((window.width() - width) // 2, TOP, width, height)
        self.field.clear()
        self._search("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Hide the palette and restore the focus."""
        if self.isHidden():
            return
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
            self._focus_before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows, Enter and Escape work in the field; losing the focus closes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut and not self.field.hasFocus():
            self._focus_before = None
            self.hide()
        return False

    def texts(self) -> list[str]:
        """The listed texts."""
        model = self.list.model()
        rows = range(model.rowCount())
        return [str(model.index(row, 0).data()) for row in rows]

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: 8,
            Qt.Key.Key_PageUp: -8,
        }
        if key in steps:
            self._step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        model = self.list.model()
        row = self.list.currentIndex().row() + by
        row = max(0, min(model.rowCount() - 1, row))
        self.list.setCurrentIndex(model.index(row, 0))

    def _search(self, query: str) -> None:
        found = matching_entries(query, self._entries)
        model = QStandardItemModel(self.list)
        for each in found[:MAX_RESULTS]:
            model.appendRow(self._item(each))
        self.nothing.setVisible(not found)
        old = self.list.model()
        self.list.setModel(model)
        if old is not None:
            old.deleteLater()
        self.list.setCurrentIndex(model.index(0, 0))

    def _item(self, entry: PaletteEntry) -> QStandardItem:
        item = QStandardItem(entry.text)
        item.setEditable(False)
        item.setData(entry, ENTRY_ROLE)
        item.setIcon(
            icon(entry.icon or "mdi6.chevron-right", self._theme.colors.text_muted)
        )
        item.setAccessibleDescription(entry.hint)
        return item

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE)
        if isinstance(entry, PaletteEntry):
            self.dismiss()
            entry.run()


class _EntryDelegate(QStyledItemDelegate):
    """A row with the hint on its right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, 36)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        c, entry = self._theme.colors, index.data(ENTRY_ROLE)
        box = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.selected))
            painter.drawRoundedRect(box, 6, 6)
        icon_box = QRect(box.left() + 10, box.center().y() - 8, 17, 17)
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, icon_box)
        inner = box.adjusted(38, 0, -12, 0)
        painter.setFont(text_font(self._theme, self._theme.small_size))
        painter.setPen(QColor(c.text_muted if selected else c.text_faint))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        hint = painter.fontMetrics().elidedText(
            entry.hint, Qt.TextElideMode.ElideMiddle, inner.width() // 2
        )
        painter.drawText(inner, right, hint)
        room = inner.width() - painter.fontMetrics().horizontalAdvance(hint) - 16
        painter.setFont(text_font(self._theme))
        painter.setPen(QColor(c.text))
        text = painter.fontMetrics().elidedText(
            entry.text, Qt.TextElideMode.ElideRight, room
        )
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, left, text)
        painter.restore()


def matching_entries(query: str, entries: Sequence[PaletteEntry]) -> list[PaletteEntry]:
    """The entries that match the query, best first."""
    there = [each for each in entries if each.enabled]
    if not query.strip():
        return there
    rated = [(match_rank(query, each.text, each.keywords), each) for each in there]
    found = [(each, entry) for each, entry in rated if each is not None]
    found.sort(key=lambda pair: (pair[0], pair[1].rare, len(pair[1].text)))
    return [entry for _fit, entry in found]
