"""Problems in the dataset, grouped by kind, with the available actions."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.findings import ORDER
from dlstudio.i18n import _
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.findings_foot import FindingsFoot, scrolled_column
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
        self._foot = FindingsFoot(theme, self)
        self._foot.show_excluded_requested.connect(self.show_excluded_requested)
        self._foot.include_requested.connect(
            lambda: dataset_actions.include(self._excluded)
        )
        self._foot.uncheck_requested.connect(dataset_actions.uncheck_all)
        self._column = scrolled_column(self)
        self._column.insertWidget(0, self._note)
        self._column.insertWidget(1, self._examine, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.insertWidget(2, self._foot)

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
        excluded = count_text(len(self._excluded)) if self._excluded else ""
        self._foot.show_counts(excluded, checked)

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


def _rank(kind: str) -> tuple[int, str]:
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), kind)
