"""The right side of the room for a table: findings, split and source as tabs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dlstudio.document.plan import Split
from dlstudio.document.project import Project
from dlstudio.i18n import _
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.source_panel import SourcePanel
from dlstudio.ui.data.split_panel import SplitPanel
from dlstudio.ui.data.tabbed_card import TabbedCard
from dlstudio.ui.data.table.table_findings import TableFindingsPanel
from dlstudio.ui.services.dataset.table_controller import TableController
from dlstudio.ui.studio import Studio

FINDINGS = 0


class TablePanels(TabbedCard):
    """One tab per panel.

    Args:
        studio: The window's services, theme and navigation.
        tables: The open table.
        dataset_actions: Edits of the project.
    """

    def __init__(
        self,
        studio: Studio,
        tables: TableController,
        dataset_actions: DatasetActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tables = tables
        self.findings = TableFindingsPanel(studio.theme, self)
        self.split = SplitPanel(studio.theme, self, of_table=True)
        self.source = SourcePanel(studio, dataset_actions, self, of_table=True)
        self.add_pages(
            (
                (_("Findings"), self.findings),
                (_("Split"), self.split),
                (_("Source"), self.source),
            )
        )
        self._split: tuple[Split, bool] | None = None

    def show_data(self, project: Project) -> None:
        """Update all panels."""
        dataset, snapshot = self._tables.dataset, self._tables.snapshot
        if dataset is None:
            return
        split = (project.data.split, dataset.has_splits)
        if split != self._split:
            self._split = split
            self.split.show_split(*split)
        if snapshot is not None:
            self.split.show_counts(snapshot.split, dataset.samples.splits)
        self.source.show_data(project, None)
        self.show_findings(project)

    def show_findings(self, project: Project) -> None:
        """Update the findings and their number in the tab."""
        found = [each for kind in self._tables.findings.values() for each in kind]
        self.findings.show_findings(found, self._tables.is_examined)
        recipe = project.data
        self.findings.show_recipe(len(recipe.leave_out), len(recipe.checked))
        self.show_count(FINDINGS, _("Findings"), len(found))
