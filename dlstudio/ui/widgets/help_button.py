"""A “What is this?” button next to something that the guide explains."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from dlstudio.i18n import _
from dlstudio.ui.widgets.small_button import SmallButton
from dlstudio.ui.widgets.topics import show_topic


class HelpButton(SmallButton):
    """Opens the guide at the topic of the enclosing widget.

    It is for the pointer and therefore not a Tab stop: with the keyboard, Shift+F1 does
    the same for the focused widget.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__("?", _("What is this?"), parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._show)

    def _show(self) -> None:
        show_topic(self)
