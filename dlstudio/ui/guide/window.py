"""The guide's window: contents on the left, the page, and a toolbar above."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.guide import HOME
from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _
from dlstudio.ui.guide.contents import Contents
from dlstudio.ui.guide.finder import PageFinder
from dlstudio.ui.guide.view import GuideView
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import IconButton

SIZE = 980, 680
WIDTHS = [250, 730]


class GuideWindow(QDialog):
    """A modeless dialog next to the main window."""

    def __init__(self, theme: Theme, catalog: Catalog, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Guide"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.contents = Contents()
        self.view = GuideView(theme, catalog)
        self.finder = PageFinder(theme, self.view, self)
        self.back = IconButton(theme, "mdi6.arrow-left", _("Back"))
        self.forward = IconButton(theme, "mdi6.arrow-right", _("Forward"))
        self.home = IconButton(theme, "mdi6.home-outline", _("First page"))
        self._build()
        self.contents.chosen.connect(self.view.show_topic)
        self.view.shown.connect(self.contents.show_topic)
        self.view.backwardAvailable.connect(self.back.setEnabled)
        self.view.forwardAvailable.connect(self.forward.setEnabled)
        self.back.clicked.connect(self.view.backward)
        self.forward.clicked.connect(self.view.forward)
        self.home.clicked.connect(lambda: self.view.show_topic(HOME))
        self.back.setEnabled(False)
        self.forward.setEnabled(False)
        for keys, work in (
            (QKeySequence.StandardKey.Find, self.search),
            (QKeySequence.StandardKey.Back, self.view.backward),
            (QKeySequence.StandardKey.Forward, self.view.forward),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(work)
        self.resize(*SIZE)

    def show_topic(self, topic: str) -> None:
        """Show the page of a topic; the first page for an unknown topic."""
        self.view.show_topic(topic)

    def topic(self) -> str:
        """The displayed topic."""
        return self.view.topic()

    def search(self) -> None:
        """Focus the search field."""
        self.finder.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.finder.field.selectAll()

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(10, 8, 12, 8)
        for button in (self.back, self.forward, self.home):
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(self.finder)
        page = QFrame()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.view, 1)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        for half in (self.contents, page):
            halves.addWidget(half)
        halves.setSizes(WIDTHS)
        halves.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(halves)
