"""The list of problems, each with its cures and a click that shows the layer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.edits import Several
from dlstudio.document.problems import Fix, Problem
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.widgets.labels import label

MOST = 100
ICONS = {
    "error": "mdi6.alert-circle",
    "warning": "mdi6.alert",
    "hint": "mdi6.lightbulb-on-outline",
}


class Problems(QScrollArea):
    """Signals:
    shown: Graph and node of the problem that was clicked.
    """

    shown = Signal(str, str)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._problems: tuple[Problem, ...] = ()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget()
        self._inside.setProperty("role", "clear")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(16, 8, 16, 8)
        self._column.setSpacing(6)
        self.setWidget(self._inside)
        self._rows: list[QWidget] = []
        self.show_problems(())

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Replace the list; nothing happens when it is the same."""
        if problems == self._problems and self._rows:
            return
        self._problems = problems
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while self._column.takeAt(0) is not None:
            pass
        self._rows = [self._row(each) for each in problems[:MOST]]
        if not problems:
            self._rows = [label(_("No problems found."), "muted")]
        elif len(problems) > MOST:
            more = _("and {count} more").format(count=len(problems) - MOST)
            self._rows.append(label(more, "muted"))
        for row in self._rows:
            self._column.addWidget(row)
        self._column.addStretch(1)

    def _row(self, problem: Problem) -> QWidget:
        row = ProblemRow(self._studio, problem, self._inside)
        row.clicked.connect(lambda: self.shown.emit(problem.graph, problem.node))
        row.cured.connect(self._cure)
        return row

    def _cure(self, fix: Fix) -> None:
        try:
            self._studio.session.do(Several(fix.edits), fix.label)
        except UserError as error:
            self._studio.notices.error(error)


class ProblemRow(QFrame):
    """One problem: where, what, and buttons that cure it.

    Signals:
        clicked: The row was clicked, or chosen with Enter.
        cured: The `Fix` whose button was pressed.
    """

    clicked = Signal()
    cured = Signal(object)

    def __init__(self, studio: Studio, problem: Problem, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "soft")
        self.setProperty("severity", problem.severity)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(problem.message)
        colors = studio.theme.colors
        tones = {"error": colors.bad, "warning": colors.warning}
        mark = QLabel(self)
        picture = icon(
            ICONS[problem.severity], tones.get(problem.severity, colors.accent)
        )
        mark.setPixmap(picture.pixmap(16, 16))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        text = label(problem.message, wrap=True)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 8, 8, 8)
        line.setSpacing(8)
        line.addWidget(mark)
        graph = studio.session.project.graphs.get(problem.graph)
        node = graph.nodes.get(problem.node) if graph else None
        if node is not None:
            name = label(node.name, "strong")
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            line.addWidget(name)
        line.addWidget(text, 1)
        for fix in problem.fixes:
            line.addWidget(self._button(fix), 0, Qt.AlignmentFlag.AlignTop)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the layer."""
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the layer."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def _button(self, fix: Fix) -> QPushButton:
        button = QPushButton(fix.label, self)
        button.setProperty("fix", fix.label)
        button.clicked.connect(lambda: self.cured.emit(fix))
        return button
