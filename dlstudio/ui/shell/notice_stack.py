"""The visible notices; they have their own space and cover nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.ui.notices import Notices
from dlstudio.ui.shell.content import WindowContent
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.notice_bar import NoticeBar

MAX_NOTICES = 3


class NoticeStack(QWidget):
    """Up to `MAX_NOTICES` distinct notices above the status bar, newest last.

    Transient messages appear in the status bar instead, so that the layout stays
    stable; a newer one replaces them.
    """

    def __init__(self, notices: Notices, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._home = parent
        self._theme = theme
        self._notices = notices
        self._content: WindowContent | None = None
        self.bars: list[NoticeBar] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 8, 16, 8)
        self._column.setSpacing(8)
        notices.reported.connect(self.add)
        notices.resolved.connect(self._resolved)
        self.hide()

    def attach(self, content: WindowContent, theme: Theme) -> None:
        """Move the notices into recreated window content."""
        self._content, self._theme = content, theme
        content.dock(self)
        shown = [(bar.text, bar.kind, bar.details) for bar in self.bars]
        for bar in tuple(self.bars):
            self._drop(bar)
        for text, kind, details in shown:
            self.add(text, kind, details)

    def detach(self) -> None:
        """Detach the notices from content that is about to be replaced."""
        self.setParent(self._home)
        self.hide()
        for bar in self.bars:
            if bar.passing:
                bar.setParent(self)
        self._content = None

    def end_passing(self) -> None:
        """Remove transient messages, which are in the previous language."""
        for bar in tuple(self.bars):
            if bar.passing:
                self._drop(bar)

    def add(self, text: str, kind: str, details: str) -> None:
        """Show a notice; it replaces an identical one.

        Args:
            text: Translated.
            kind: "info", "good", "warning" or "bad".
            details: Shown by a button; "" for none.
        """
        passing = kind in ("info", "good") and not details
        for bar in tuple(self.bars):
            same = (bar.text, bar.kind) == (text, kind)
            if same or (passing and bar.passing):
                self._drop(bar)
        staying = [bar for bar in self.bars if not bar.passing]
        if not passing and len(staying) >= MAX_NOTICES:
            self._drop(staying[0])
        bar = NoticeBar(self._theme, text, kind, details, compact=passing, parent=self)
        bar.closed.connect(self._closed)
        self.bars.append(bar)
        if not passing:
            self._column.addWidget(bar)
        elif self._content is not None:
            self._content.status.show_remark(bar)
        self._refresh()

    def forget_project(self) -> None:
        """Remove the notices about the previous project."""
        for bar in tuple(self.bars):
            if not self._notices.lasting(bar.text):
                self._drop(bar)
        self._refresh()

    def _resolved(self, topic: str) -> None:
        for bar in tuple(self.bars):
            if self._notices.topic(bar.text) == topic:
                self._drop(bar)
        self._refresh()

    def _closed(self) -> None:
        bar = self.sender()
        if isinstance(bar, NoticeBar):
            self._drop(bar)
            self._refresh()

    def _drop(self, bar: NoticeBar) -> None:
        if bar in self.bars:
            self.bars.remove(bar)
            bar.hide()
            bar.deleteLater()

    def _refresh(self) -> None:
        self.setVisible(any(not bar.passing for bar in self.bars))
        if self._content is not None and not any(bar.passing for bar in self.bars):
            self._content.status.end_remark()
