"""The notices that are shown now, over the window's lower right corner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.ui.studio import Notices
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.notice import NoticeBar
from dlstudio.ui.widgets.shadow import add_shadow

MOST = 4
WIDTH = 460
MARGIN = 16
BOTTOM = 44  # above the status bar


class NoticeStack(QWidget):
    """Shows up to `MOST` notices, the newest below; none twice."""

    def __init__(self, notices: Notices, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._theme = theme
        self._notices = notices
        self.bars: list[NoticeBar] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        notices.told.connect(self.add)
        parent.installEventFilter(self)
        self.hide()

    def add(self, text: str, kind: str, details: str) -> None:
        """Show a notice."""
        for bar in self.bars:
            if (bar.text, bar.kind) == (text, kind):
                self._drop(bar)
                break
        if len(self.bars) >= MOST:
            self._drop(self.bars[0])
        bar = NoticeBar(self._theme, text, kind, details, parent=self)
        add_shadow(self._theme, bar)
        bar.closed.connect(self._closed)
        self.bars.append(bar)
        self._column.addWidget(bar)
        self._place()

    def forget_project(self) -> None:
        """Another project is open: what was said of the one before goes."""
        for bar in tuple(self.bars):
            if not self._notices.lasting(bar.text):
                self._drop(bar)
        self._place()

    def restyle(self, theme: Theme) -> None:
        """Show what is shown in another theme's colours."""
        self._theme = theme
        shown = [(bar.text, bar.kind, bar.details) for bar in self.bars]
        for bar in tuple(self.bars):
            self._drop(bar)
        for text, kind, details in shown:
            self.add(text, kind, details)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size, and the size of what is shown."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        """Details were opened or closed: the stack is higher or lower now."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _closed(self) -> None:
        bar = self.sender()
        if isinstance(bar, NoticeBar):
            self._drop(bar)
            self._place()

    def _drop(self, bar: NoticeBar) -> None:
        if bar in self.bars:
            self.bars.remove(bar)
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()

    def _place(self) -> None:
        window = self._window
        self.setVisible(bool(self.bars))
        if not self.bars:
            return
        width = min(WIDTH, window.width() - 2 * MARGIN)
        height = self._column.heightForWidth(width)
        height = max(height, self._column.sizeHint().height() if height < 0 else height)
        self.setGeometry(
            window.width() - width - MARGIN,
            window.height() - height - BOTTOM,
            width,
            height,
        )
        self.raise_()
