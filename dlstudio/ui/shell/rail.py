"""The rail: the room switcher."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout

from dlstudio.i18n import _
from dlstudio.ui.shell.rooms import RoomDescription
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme

WIDTH = 84
ICON = 22
LOW = 46  # below this height there is no space for text under the icon


class Rail(QFrame):
    """One button per room; that of the current room is highlighted.

    Signals:
        chosen: Emitted with the key of the clicked room.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, rooms: Sequence[RoomDescription]) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(_("Rooms"))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(4)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, RoomButton] = {}
        for number, room in enumerate(rooms, 1):
            made = RoomButton(theme, room, number)
            self._group.addButton(made)
            self.buttons[room.key] = made
            column.addWidget(made)
        column.addStretch()
        self._group.buttonClicked.connect(self._clicked)

    def mark(self, key: str) -> None:
        """Highlight the current room."""
        self.buttons[key].setChecked(True)

    def _clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, RoomButton):
            self.chosen.emit(button.key)


class RoomButton(QAbstractButton):
    """An icon above a short text.

    Args:
        theme: Colours and sizes.
        room: Description of the room.
        number: Digit of its Ctrl shortcut.
    """

    def __init__(self, theme: Theme, room: RoomDescription, number: int) -> None:
        super().__init__()
        self.key = room.key
        self._theme = theme
        c = theme.colors
        self.setCheckable(True)
        self.setText(_(room.title))
        self.setAccessibleName(_(room.title))
        self.setToolTip(f"{_(room.title)}  Ctrl+{number}")
        self.setIcon(icon(room.icon, c.text_muted, checked=c.accent))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 17, 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        c, theme = self._theme.colors, self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect().toRectF().adjusted(1, 1, -1, -1)
        background = c.accent_soft if self.isChecked() else c.hover
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(background))
            painter.drawRoundedRect(box, theme.radius, theme.radius)
        if self.hasFocus():
            painter.setPen(QColor(c.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, theme.radius, theme.radius)
        state = self.icon().State.On if self.isChecked() else self.icon().State.Off
        mode = self.icon().Mode.Normal
        low = self.height() < LOW
        icon_box = self.rect().adjusted(0, 10, 0, -28)
        if low:
            icon_box = QRect(0, (self.height() - ICON) // 2, self.width(), ICON)
        self.icon().paint(painter, icon_box, Qt.AlignmentFlag.AlignCenter, mode, state)
        if low:
            return  # the tooltip shows the text
        weight = 600 if self.isChecked() else 400
        painter.setFont(text_font(theme, theme.tiny_size, weight))
        painter.setPen(QColor(c.accent if self.isChecked() else c.text_muted))
        words = self.rect().adjusted(0, self.height() - 26, 0, -6)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
