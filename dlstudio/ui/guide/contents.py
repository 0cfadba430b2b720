"""The guide's table of contents: pages and their sections."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from dlstudio.catalog.guide import PAGES, headings, page_text
from dlstudio.i18n import _

_TOPIC = Qt.ItemDataRole.UserRole
DEEPEST = 3


class Contents(QTreeWidget):
    """The table of contents.

    Signals:
        chosen: Emitted with the topic that the user selects.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setAccessibleName(_("Contents"))
        self.setIndentation(14)
        self.setObjectName("contents")
        self.setStyleSheet("#contents { border: none; padding: 10px 4px; }")
        for page in PAGES:
            self._add(page)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_topic(self, topic: str) -> None:
        """Select a topic, or else its page, without emitting `chosen`."""
        page = topic.partition("#")[0]
        there = {str(each.data(0, _TOPIC)): each for each in self._items()}
        item = there.get(topic) or there.get(page)
        if item is None:
            self.setCurrentIndex(QModelIndex())
            return
        for each in self._items():
            if each.parent() is None:
                each.setExpanded(there.get(page) is each)
        self.setCurrentItem(item)
        self.scrollToItem(item)

    def _add(self, page: str) -> None:
        above: list[QTreeWidgetItem] = []
        for level, anchor, words in headings(page_text(page)):
            if level > DEEPEST:
                continue
            del above[level - 1 :]
            item = QTreeWidgetItem([words.replace("`", "")])
            item.setData(0, _TOPIC, f"{page}#{anchor}" if above else page)
            item.setToolTip(0, item.text(0))
            if above:
                above[-1].addChild(item)
            else:
                self.addTopLevelItem(item)
            above.append(item)

    def _items(self) -> Iterator[QTreeWidgetItem]:
        waiting = [self.topLevelItem(n) for n in range(self.topLevelItemCount())]
        while waiting:
            item = waiting.pop()
            if item is not None:
                yield item
                waiting += [item.child(n) for n in range(item.childCount())]

    def _choose(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(str(item.data(0, _TOPIC)))
