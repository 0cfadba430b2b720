"""Problems in the dataset, grouped by kind, with the available actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.findings import ORDER
from dlstudio.i18n import _, ngettext
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.findings_group import FindingGroup
from dlstudio.ui.services.dataset.dataset_text import count_text
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.dataset import DatasetFinding


class FindingsPanel(QWidget):
    """All groups, most severe first; excluded and checked ones at the bottom.

    Signals:
        show_requested: Emitted with a kind of finding to show in the gallery.
        finding_selected: Emitted with a `DatasetFinding`.
        show_excluded_requested: Emitted to show the excluded samples.
        examine_requested: Emitted to examine every image.
    """

    show_requested = Signal(str)
    finding_selected = Signal(object)
    show_excluded_requested = Signal()
    examine_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        dataset_actions: DatasetActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions = dataset_actions
        self._excluded: tuple[str, ...] = ()
        self.groups: dict[str, FindingGroup] = {}
        self._note = label("", "muted", wrap=True)
        self._examine = button(theme, _("Check images"), "primary")
        self._examine.clicked.connect(self.examine_requested)
        inside = QWidget()
        inside.setProperty("role", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 8, 8, 8)
        self._column.setSpacing(8)
        self._column.addWidget(self._note)
        self._column.addWidget(self._examine, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._foot(), 0)
        self._column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

    def show_data(self, view: DatasetView | None, examined: bool, busy: bool) -> None:
        """Show the findings of a dataset.

        Args:
            view: The dataset with its recipe applied; None until one is open.
            examined: Whether every file was examined.
            busy: Whether the files are being examined.
        """
        kinds = view.findings if view is not None else {}
        for kind in set(self.groups) - set(kinds):
            gone = self.groups.pop(kind)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        if view is not None:
            for kind in sorted(kinds, key=_rank):
                self._show_group(kind, kinds[kind], view)
        self._examine.setVisible(not examined and not busy and view is not None)
        self._note.setText(self._text(bool(kinds), examined, busy))
        self._note.setVisible(bool(self._note.text()))
        recipe = view.recipe if view is not None else None
        self._excluded = recipe.leave_out if recipe is not None else ()
        checked = len(recipe.checked) if recipe is not None else 0
        self._out.setVisible(bool(self._excluded))
        text = _("{images} excluded.").format(images=count_text(len(self._excluded)))
        self._out_text.setText(text)
        self._checked.setVisible(bool(checked))
        text = ngettext(
            "{count} finding reviewed.", "{count} findings reviewed.", checked
        ).format(count=checked)
        self._checked_text.setText(text)

    def _show_group(
        self, kind: str, found: list[DatasetFinding], view: DatasetView
    ) -> None:
        if kind not in self.groups:
            made = FindingGroup(self._theme, kind, self._actions, self)
            made.show_requested.connect(self.show_requested)
            made.finding_selected.connect(self.finding_selected)
            after = sum(_rank(each) < _rank(kind) for each in self.groups)
            self.groups[kind] = made
            self._column.insertWidget(2 + after, made)
        there = view.dataset.rows
        about = list(dict.fromkeys(e.path for e in found if e.path in there))
        self.groups[kind].show_findings(found, about)

    def _text(self, any_: bool, examined: bool, busy: bool) -> str:
        if busy:
            return _("Checking images…")
        if not examined:
            return _(
                "Check all images for unreadable files, duplicates, "
                "conflicting labels and class imbalance."
            )
        if not any_:
            return _("✓ All images checked. No problems found.")
        return ""

    def _foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        self._out_text = label("", "muted", wrap=True)
        self._checked_text = label("", "muted", wrap=True)
        see = button(self._theme, _("Show"), "link")
        see.clicked.connect(self.show_excluded_requested)
        back = button(self._theme, _("Include"), "link")
        back.clicked.connect(lambda: self._actions.include(self._excluded))
        again = button(self._theme, _("Show again"), "link")
        again.clicked.connect(self._actions.uncheck_all)
        self._out = _row(self._out_text, (see, back))
        self._checked = _row(self._checked_text, (again,))
        column.addWidget(self._out)
        column.addWidget(self._checked)
        return foot


def _row(text: QWidget, buttons: Sequence[QPushButton]) -> QWidget:
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(text, 1)
    for each in buttons:
        line.addWidget(each)
    return made


def _rank(kind: str) -> tuple[int, str]:
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), kind)
