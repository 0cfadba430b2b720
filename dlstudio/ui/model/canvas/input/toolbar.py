"""The toolbar over the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QToolButton,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.actions import Action, CommandHandler
from dlstudio.ui.model.canvas.input.actions import BY_ID
from dlstudio.ui.session import Session
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme

WITH_TEXT = ("view.zoom_fit", "canvas.arrange", "canvas.group")
LAYOUT = (
    ("edit.undo", "edit.redo"),
    WITH_TEXT,
    ("edit.find", "canvas.compare", "canvas.draw"),
)


class CanvasToolbar(QFrame):
    """Buttons for common actions, to which the room can add its own.

    Args:
        theme: Colours and fonts.
        session: The open project; its history names the next undo and redo steps.
        commands: The handler of each canvas action, by action id.
        parent: The canvas editor.
    """

    def __init__(
        self,
        theme: Theme,
        session: Session,
        commands: Mapping[str, CommandHandler],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session = session
        self._commands = commands
        self.buttons: dict[str, QToolButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 3, 4, 3)
        self._row.setSpacing(0)
        self.setObjectName("canvas-toolbar")
        c = theme.colors
        self.setStyleSheet(
            f"#canvas-toolbar {{ background: {c.raised}; border: 1px solid {c.line};"
            f" border-radius: {theme.radius}px; }}"
        )
        self.setAccessibleName(_("Canvas tools"))
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(12)
        shadow.setOffset(0, 2)
        shadow.setColor(QColor(c.shadow))
        self.setGraphicsEffect(shadow)
        for i, ids in enumerate(LAYOUT):
            if i:
                self._row.addWidget(self._line())
            for id in ids:
                self._add_action(BY_ID[id])

    def add_button(
        self, id: str, icon_name: str, text: str, run: Callable[[], object]
    ) -> QToolButton:
        """Append a button for an action that does not belong to the canvas.

        Args:
            id: Key in `buttons`.
            icon_name: Icon name as in `qtawesome`.
            text: Tooltip and accessible name, translated.
            run: Called on each click.
        """
        if id not in self.buttons and len(self.buttons) == sum(map(len, LAYOUT)):
            self._row.addWidget(self._line())
        button = self._button(icon_name, text, True)
        button.clicked.connect(lambda: run())
        self.buttons[id] = button
        self._row.addWidget(button)
        self.adjustSize()
        return button

    def refresh(self) -> None:
        """Update enabled states and the names of the undo and redo steps."""
        history = self._session.history
        names = {"edit.undo": history.undo_name, "edit.redo": history.redo_name}
        for id, name in names.items():
            text = BY_ID[id].plain_text()
            tip = f"{text}: {name}" if name else text
            self.buttons[id].setEnabled(bool(name))
            self.buttons[id].setToolTip(f"{tip} ({BY_ID[id].shortcuts[0]})")
            self.buttons[id].setAccessibleName(tip)
        for id in ("canvas.arrange", "canvas.group"):
            self.buttons[id].setEnabled(self._commands[id].enabled())

    def _add_action(self, action: Action) -> None:
        text = action.plain_text().rstrip("…")
        button = self._button(action.icon, text, action.id in WITH_TEXT)
        keys = action.keys("canvas")
        if keys:
            button.setToolTip(f"{text} ({keys[0]})")
        button.clicked.connect(lambda: self._commands[action.id].run())
        self.buttons[action.id] = button
        self._row.addWidget(button)

    def _button(self, icon_name: str, text: str, with_text: bool) -> QToolButton:
        c = self._theme.colors
        button = QToolButton(self)
        button.setProperty("role", "ghost")
        button.setIcon(icon(icon_name, c.text_muted, c.line_strong))
        button.setIconSize(QSize(16, 16))
        button.setText(f" {text}")
        button.setFont(text_font(self._theme))
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style = Qt.ToolButtonStyle
        button.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if with_text else style.ToolButtonIconOnly
        )
        button.setStyleSheet(
            "QToolButton { border: 1px solid transparent; border-radius: 6px;"
            f" padding: 4px 7px; color: {c.text}; background: transparent; }}"
            f"QToolButton:hover {{ background: {c.hover}; }}"
            f"QToolButton:focus {{ border: 1px solid {c.accent}; }}"
            f"QToolButton:disabled {{ color: {c.text_faint}; }}"
        )
        return button

    def _line(self) -> QWidget:
        line = QFrame(self)
        line.setFixedSize(9, 16)
        line.setStyleSheet(
            f"border: none; border-left: 1px solid {self._theme.colors.line};"
            "margin-left: 4px;"
        )
        return line
