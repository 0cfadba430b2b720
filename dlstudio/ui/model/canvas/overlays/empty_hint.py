"""The hint on an empty canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets import label

WIDTH = 460


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
        self.title = label("", parent=self)
        self.title.setFont(text_font(theme, theme.title_size, 600))
        color = f"color: {theme.colors.text}; background: transparent;"
        self.title.setStyleSheet(color)
        column.addWidget(self.title, 0, middle)
        self.text = label("", wrap=True, parent=self)
        self.text.setAlignment(middle)
        self.text.setFixedWidth(WIDTH)
        self.text.setFont(text_font(theme))
        self.text.setStyleSheet(
            f"color: {theme.colors.text_muted}; background: transparent;"
        )
        column.addWidget(self.text, 0, middle)
        self.show_method(trains_layers=True)

    def show_method(self, *, trains_layers: bool) -> None:
        """Say how to start with a layer, or that there is nothing to do here.

        Args:
            trains_layers: Whether the project's training method does.
        """
        title = _("Start with a layer")
        text = _("Drag a layer from the list, double-click one, or press A to search.")
        if not trains_layers:
            title = _("No layers needed")
            text = _(
                "Word vectors are learned from the texts alone. Train sets their size "
                "and how they are learned; Evaluate shows what they know."
            )
        self.title.setText(title)
        self.text.setText(text)
        self.text.setMinimumHeight(self.text.heightForWidth(WIDTH))
        self.adjustSize()
