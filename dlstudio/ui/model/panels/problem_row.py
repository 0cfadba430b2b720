"""A row with one problem: layer, message and buttons for its fixes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.problems import Fix, Problem
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import escape_mnemonic
from dlstudio.ui.widgets.flow_row import FlowRow
from dlstudio.ui.widgets.labels import label

ICONS = {
    "error": "mdi6.alert-circle",
    "warning": "mdi6.alert",
    "hint": "mdi6.lightbulb-on-outline",
}
MAX_FIXES = 4
TOP = Qt.AlignmentFlag.AlignTop


class ProblemRow(QWidget):
    """Shows one problem; a click or Enter shows its layer.

    Signals:
        clicked: Emitted when the row is clicked or activated by keyboard.
        fix_chosen: The `Fix` whose button was pressed.

    Args:
        studio: The window's collaborators.
        problem: The problem to show.
        parent: The problem list.
        actions: Additional buttons for what an edit cannot fix.
    """

    clicked = Signal()
    fix_chosen = Signal(object)

    def __init__(
        self,
        studio: Studio,
        problem: Problem,
        parent: QWidget,
        actions: Sequence[QPushButton] = (),
    ) -> None:
        super().__init__(parent)
        self._theme: Theme = studio.theme
        self._severity = problem.severity
        self._pressed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(problem.message)
        graph = studio.session.project.graphs.get(problem.graph)
        node = graph.nodes.get(problem.node) if graph else None
        name = node.name if node is not None else ""
        message = problem.message.removeprefix(f"{name}: ") if name else problem.message
        fixes = [*actions, *(self._button(fix) for fix in problem.fixes[:MAX_FIXES])]
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._mark(), 0, TOP)
        if name and not message.startswith(f"{name} "):
            line.addWidget(_lowered(label(name, "strong")), 0, TOP)
        words = _lowered(label(message, wrap=True))
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        line.addWidget(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 6)
        column.setSpacing(6)
        column.addLayout(line)
        if len(fixes) == 1:
            line.addWidget(fixes[0], 0, TOP)
        elif fixes:
            column.addWidget(FlowRow(fixes, 6, 24, self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a background in the severity's colour and a focus ring."""
        c = self._theme.colors
        backgrounds = {"error": c.bad_soft, "warning": c.warning_soft}
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(backgrounds.get(self._severity, c.hover)))
        painter.setPen(QColor(c.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Record that the click started in this row."""
        self._pressed = event.button() == Qt.MouseButton.LeftButton

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        self._pressed = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def _mark(self) -> QLabel:
        c = self._theme.colors
        tones = {"error": c.bad, "warning": c.warning}
        image = icon(ICONS[self._severity], tones.get(self._severity, c.accent))
        mark = QLabel(self)
        mark.setPixmap(image.pixmap(QSize(16, 16), self.devicePixelRatioF()))
        return _lowered(mark)

    def _button(self, fix: Fix) -> QPushButton:
        button = QPushButton(escape_mnemonic(fix.label), self)
        button.clicked.connect(lambda: self.fix_chosen.emit(fix))
        return button


def _lowered(made: QLabel) -> QLabel:
    """Align a label with the text of a button beside it."""
    made.setContentsMargins(0, 6, 0, 4)
    return made
