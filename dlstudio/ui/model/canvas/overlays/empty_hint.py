"""The hint on an empty canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets import label


class EmptyHint(QWidget):
    """Instructions for getting started; transparent for mouse events."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        middle = Qt.AlignmentFlag.AlignHCenter
        image = label("", parent=self)
        image.setPixmap(
            icon("mdi6.vector-polyline", theme.colors.line_strong).pixmap(48)
        )
        column.addWidget(image, 0, middle)
        title = label(_("Start with a layer"), parent=self)
        title.setFont(text_font(theme, theme.title_size, 600))
        title.setStyleSheet(f"color: {theme.colors.text}; background: transparent;")
        column.addWidget(title, 0, middle)
        text = _("Drag a layer from the list, double-click one, or press A to search.")
        hint = label(text, parent=self)
        hint.setFont(text_font(theme))
        hint.setStyleSheet(
            f"color: {theme.colors.text_muted}; background: transparent;"
        )
        column.addWidget(hint, 0, middle)
        self.adjustSize()
