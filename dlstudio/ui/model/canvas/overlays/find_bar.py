"""The find bar of the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.items.node_item import NodeItem
from dlstudio.ui.model.canvas.overlays.hit_list import HitList, NodeHit
from dlstudio.ui.model.node_search import NodeQuery, NodeText
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets import IconButton, SearchField, label

FIELD_WIDTH = 220


class FindBar(QFrame):
    """Finds layers by name, kind, shape and number of parameters, and lists them.

    Signals:
        found: Id of the layer to show.
        closed: Emitted when the bar is closed.
    """

    found = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, context: EditContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "raised")
        self.setAccessibleName(_("Find on the canvas"))
        self._context = context
        self._hits: list[str] = []
        self._at = -1
        self.field = SearchField(theme, _("Find layer…"), self)
        self.field.setFixedWidth(FIELD_WIDTH)
        self.count = label("", "faint", parent=self)
        self.count.setMinimumWidth(64)
        self.example = label(_("Try conv, 64, (None, 32 or >1M."), "faint", parent=self)
        self.list = HitList(theme, self)
        before = IconButton(theme, "mdi6.chevron-up", _("Previous"), self)
        after = IconButton(theme, "mdi6.chevron-down", _("Next"), self)
        close = IconButton(theme, "mdi6.close", _("Close"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 6, 6)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(4)
        for each in (self.field, self.count, before, after, close):
            row.addWidget(each)
        column.addLayout(row)
        column.addWidget(self.example)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._search)
        before.clicked.connect(lambda: self.step(-1))
        after.clicked.connect(lambda: self.step(1))
        close.clicked.connect(self.close_bar)
        self.list.chosen.connect(self._go)
        self.hide()

    def open_bar(self) -> None:
        """Show the bar and focus the search field."""
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search(self.field.text())

    def close_bar(self) -> None:
        """Hide the bar and clear the results."""
        self._mark([])
        self.hide()
        self.closed.emit()

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) result."""
        if self._hits:
            self._go((self._at + by) % len(self._hits))

    def _go(self, row: int) -> None:
        self._at = row
        self.list.setCurrentRow(row)
        self._update_count()
        self.found.emit(self._hits[row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the next result, Shift+Enter the previous, Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Up:
            self.step(-1)
        else:
            super().keyPressEvent(event)

    def _search(self, text: str) -> None:
        query, reports = NodeQuery.parse(text), self._context.scene.reports.nodes
        hits = [
            item
            for item in self._context.scene.nodes.values()
            if query.matches(NodeText(_text(item), reports.get(item.id)))
        ]
        hits.sort(key=lambda item: (item.y_at, item.x_at))
        self._mark([item.id for item in hits])
        self.list.show_hits([self._hit(item) for item in hits])
        self.example.setVisible(not text.strip())
        self._at = -1
        self.step(1)
        self._update_count()

    def _hit(self, item: NodeItem) -> NodeHit:
        card, scene = item.card, self._context.scene
        shape = scene.reports.shape(item.id, 0)
        return NodeHit(item.id, card.name, card.title, card.color, shape, card.count)

    def _mark(self, ids: list[str]) -> None:
        nodes = self._context.scene.nodes
        for id in self._hits:
            if id in nodes:
                nodes[id].mark(found=False)
        self._hits = ids
        for id in ids:
            nodes[id].mark(found=True)

    def _update_count(self) -> None:
        if not self.field.text().strip():
            text = ""
        elif not self._hits:
            text = _("No results")
        else:
            text = _("{place} of {count}").format(
                place=self._at + 1, count=len(self._hits)
            )
        self.count.setText(text)
        self._fit()

    def _fit(self) -> None:
        """Resize to the contents; the right edge stays where it is."""
        right = self.geometry().right()
        self.adjustSize()
        self.move(right - self.width() + 1, self.y())


def _text(item: NodeItem) -> str:
    return f"{item.card.name} {item.card.title}"
