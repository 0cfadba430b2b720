"""The problem list with fixes; clicking a problem shows its layer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.layout import LayoutEdit
from dlstudio.document.problem_groups import ProblemGroup, group_problems, problem_count
from dlstudio.document.problems import Fix, Problem
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.panels.problem_row import ProblemRow
from dlstudio.ui.room_capabilities import DATA
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label

MAX_LISTED = 100
DATA_CODES = frozenset(
    (
        "data-missing",
        "data",
        "no-data",
        "unknown-source",
        "no-classes",
        "one-class",
        "no-training-samples",
        "few-samples",
        "uneven-classes",
    )
)
GRAPH_CODES = frozenset(("no-model", "empty-graph", "no-input"))


class Problems(QScrollArea):
    """A scrollable list of problems.

    Signals:
        shown: Graph and node of the clicked problem.
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
        self.rows: list[QWidget] = [label(_("Not checked yet"), "muted")]
        self._column.addWidget(self.rows[0])
        self._column.addStretch(1)
        self._checked = False

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Replace the list unless the problems are the same."""
        if problems == self._problems and self._checked:
            return
        self._checked = True
        self._problems = problems
        now = QApplication.focusWidget()
        focused = now is not None and self._inside.isAncestorOf(now)
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while self._column.takeAt(0) is not None:
            pass
        groups = group_problems(problems)
        self.rows = [row for group in groups[:MAX_LISTED] for row in self._rows(group)]
        if not problems:
            self.rows = [label(_("No problems found."), "muted")]
        elif len(groups) > MAX_LISTED:
            left = problem_count(
                p for group in groups[MAX_LISTED:] for p in group.problems
            )
            self.rows.append(_more(left))
        for row in self.rows:
            self._column.addWidget(row)
        self._column.addStretch(1)
        if focused:  # after a fix, continue with the next problem
            self.focus_first()

    def focus_first(self) -> None:
        """Focus the first problem, if there is one."""
        if self._problems:
            self.rows[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _rows(self, group: ProblemGroup) -> list[QWidget]:
        """Return the row of a problem, or an expandable row for several of a kind."""
        if len(group.problems) == 1:
            return [self._row(group.first)]
        rows: list[QWidget] = [self._row(each) for each in group.problems[:MAX_LISTED]]
        if len(group.problems) > MAX_LISTED:
            rows.append(_more(len(group.problems) - MAX_LISTED))
        shut = _("Show all {count}").format(count=len(group.problems))
        toggle = button(self._studio.theme, shut, "link")
        toggle.setParent(self._inside)
        whole = Problem(group.severity, group.first.code, group.message)
        head = ProblemRow(self._studio, whole, self._inside, [toggle])

        def toggle_rows() -> None:
            opened = toggle.text() == shut
            toggle.setText(_("Hide") if opened else shut)
            for row in rows:
                row.setVisible(opened)

        toggle.clicked.connect(toggle_rows)
        head.clicked.connect(toggle_rows)
        for row in rows:
            row.hide()
        return [head, *rows]

    def _row(self, problem: Problem) -> QWidget:
        row = ProblemRow(self._studio, problem, self._inside, self._actions(problem))
        row.clicked.connect(lambda: self._show(problem))
        row.fix_chosen.connect(self._apply_fix)
        return row

    def _actions(self, problem: Problem) -> list[QPushButton]:
        """Return buttons for problems without a fix, such as missing images."""
        if problem.code == "data-missing":
            find = button(self._studio.theme, _("Find folder…"), "primary")
            find.setParent(self._inside)
            find.clicked.connect(self._find_source)
            return [find]
        if problem.code != "no-data":
            return []
        choose = button(self._studio.theme, _("Choose folder…"), "primary")
        choose.setParent(self._inside)  # layouts do not keep widgets alive
        choose.clicked.connect(self._choose_folder)
        return [choose]

    def _find_source(self) -> None:
        self._studio.visit(DATA, lambda room: room.find_source())

    def _choose_folder(self) -> None:
        self._studio.visit(DATA, lambda room: room.choose_folder())

    def _show(self, problem: Problem) -> None:
        """Show the problem's layer, or the room the problem belongs to."""
        if problem.node:
            self.shown.emit(problem.graph, problem.node)
        elif problem.code in DATA_CODES:
            self._studio.go("data")
        elif problem.code not in GRAPH_CODES:
            self._studio.go("train")

    def _apply_fix(self, fix: Fix) -> None:
        try:
            self._studio.session.do(LayoutEdit(fix.edits), fix.label)
        except UserError as error:
            self._studio.notices.error(error)


def _more(count: int) -> QLabel:
    return label(_("and {count} more").format(count=count), "muted")
