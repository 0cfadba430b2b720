"""A message to the user, with details behind a button."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import IconButton, button
from dlstudio.ui.widgets.labels import ElidedLabel, label

TIMEOUT_MS = 6000  # for transient messages; errors remain until closed
COMPACT_HEIGHT = 24
TOP = Qt.AlignmentFlag.AlignTop
LINE_HEIGHT = 30  # height of a button, and of a first line of text next to it
ICONS = {
    "info": "mdi6.information-outline",
    "good": "mdi6.check-circle-outline",
    "warning": "mdi6.alert-outline",
    "bad": "mdi6.alert-circle-outline",
}


class NoticeBar(QFrame):
    """A message with an icon, buttons, and details that can be expanded and copied.

    Args:
        theme: Colours and sizes.
        text: Translated message.
        kind: "info", "good", "warning" or "bad".
        details: Shown on request; "" for none.
        buttons: Additional buttons.
        passing: Whether the message disappears after a while.
        closable: Whether to show a close button.
        compact: Whether to use one line without a frame, for a bar.

    Signals:
        closed: Emitted when it is closed or times out.
    """

    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        text: str,
        kind: str = "info",
        details: str = "",
        buttons: tuple[QPushButton, ...] = (),
        passing: bool = True,
        closable: bool = True,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.text, self.kind, self.details = text, kind, details
        self._theme = theme
        self._line = COMPACT_HEIGHT if compact else LINE_HEIGHT
        self.setAccessibleName(text)
        self.passing = passing and kind in ("info", "good")
        self.passing = self.passing and not details and not buttons
        column = QVBoxLayout(self)
        column.setSpacing(8)
        if compact:
            column.setContentsMargins(6, 0, 0, 0)
        else:
            self._paint_background()
            column.setContentsMargins(14, 10, 8, 10)
        column.addLayout(self._row(buttons, closable))
        self._more = self._details_panel()
        column.addWidget(self._more)
        self._more.hide()
        self._timer = QTimer(self, singleShot=True, interval=TIMEOUT_MS)
        self._timer.timeout.connect(self.closed)
        if self.passing:
            self._timer.start()

    def show_details(self) -> None:
        """Expand or collapse the details."""
        self._more.setVisible(self._more.isHidden())

    def copy(self) -> None:
        """Copy the message and its details."""
        QGuiApplication.clipboard().setText(f"{self.text}\n\n{self.details}".strip())

    def _paint_background(self) -> None:
        c = self._theme.colors
        background, edge = {
            "info": (c.raised, c.line),
            "good": (c.good_soft, c.good),
            "warning": (c.warning_soft, c.warning),
            "bad": (c.bad_soft, c.bad_line),
        }[self.kind]
        self.setObjectName("notice")
        self.setStyleSheet(
            f"#notice {{ background: {background}; border: 1px solid {edge};"
            f" border-radius: {self._theme.radius}px; }}"
        )

    def _row(self, buttons: tuple[QPushButton, ...], closable: bool) -> QHBoxLayout:
        c = self._theme.colors
        color = {"good": c.good, "warning": c.warning, "bad": c.bad}
        compact = self._line < LINE_HEIGHT
        upright = Qt.AlignmentFlag.AlignVCenter if compact else TOP
        row = QHBoxLayout()
        row.setSpacing(10)
        icon_label = label("")
        drawn = icon(ICONS[self.kind], color.get(self.kind, c.accent))
        icon_label.setPixmap(drawn.pixmap(QSize(18, 18), self.devicePixelRatioF()))
        icon_label.setFixedHeight(self._line)
        row.addWidget(icon_label, 0, upright)
        row.addWidget(self._text_label(), 1)
        if self.details:
            more = button(self._theme, _("Details"), "link")
            more.setFixedHeight(LINE_HEIGHT)
            more.clicked.connect(self.show_details)
            row.addWidget(more, 0, upright)
        for each in buttons:
            each.setFixedHeight(LINE_HEIGHT)
            row.addWidget(each, 0, upright)
        if closable:
            close = IconButton(self._theme, "mdi6.close", _("Close"))
            close.setFixedSize(self._line, self._line)
            if compact:
                close.setStyleSheet("QToolButton { padding: 2px; }")
            close.clicked.connect(self.closed)
            row.addWidget(close, 0, upright)
        return row

    def _text_label(self) -> QLabel:
        if self._line < LINE_HEIGHT:  # a single line, elided if it does not fit
            return ElidedLabel(self.text)
        words = label(self.text, wrap=True)
        words.setMinimumHeight(LINE_HEIGHT)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return words

    def _details_panel(self) -> QWidget:
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 6, 0)
        text = QPlainTextEdit(self.details)
        text.setReadOnly(True)
        text.setFont(mono_font(self._theme, self._theme.tiny_size))
        text.setMinimumHeight(72)
        text.setMaximumHeight(180)
        text.setAccessibleName(_("Details"))
        column.addWidget(text)
        copy = button(self._theme, _("Copy"), "", "mdi6.content-copy")
        copy.clicked.connect(self.copy)
        column.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        return panel
