"""What a place shows while there is nothing in it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label


class EmptyState(QWidget):
    """An icon, what there will be, and how to get there."""

    def __init__(
        self,
        theme: Theme,
        icon_name: str,
        title: str,
        text: str,
        buttons: tuple[QPushButton, ...] = (),
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.unit)
        column.addStretch(2)
        picture = label("")
        shown = icon(icon_name, theme.colors.line_strong)
        picture.setPixmap(shown.pixmap(QSize(48, 48), self.devicePixelRatioF()))
        center = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(picture, 0, center)
        column.addWidget(label(title, "title"), 0, center)
        words = label(text, "muted", wrap=True)
        words.setAlignment(center)
        words.setFixedWidth(440)
        words.setMinimumHeight(words.heightForWidth(440))
        column.addWidget(words, 0, center)
        row = QHBoxLayout()
        row.addStretch()
        for each in buttons:
            row.addWidget(each)
        row.addStretch()
        column.addSpacing(theme.unit)
        column.addLayout(row)
        column.addStretch(3)
