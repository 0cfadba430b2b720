"""The right side of the room: findings, split, augmentation and source as tabs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dlstudio.document.plan import Split
from dlstudio.document.project import Project
from dlstudio.i18n import _
from dlstudio.ui.data.augment_panel import AugmentPanel
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.findings_panel import FindingsPanel
from dlstudio.ui.data.source_panel import SourcePanel
from dlstudio.ui.data.split_panel import SplitPanel
from dlstudio.ui.data.tabbed_card import TabbedCard
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.studio import Studio

FINDINGS, SPLIT, AUGMENT, SOURCE = range(4)


class DataPanels(TabbedCard):
    """One tab per panel.

    Args:
        studio: The window's services, theme and navigation.
        controller: State of the open dataset.
        dataset_actions: Edits of samples.
    """

    def __init__(
        self,
        studio: Studio,
        controller: DatasetController,
        dataset_actions: DatasetActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self.findings = FindingsPanel(studio.theme, dataset_actions, self)
        self.split = SplitPanel(studio.theme, self)
        self.augment = AugmentPanel(studio, controller, dataset_actions, self)
        self.source = SourcePanel(studio, dataset_actions, self)
        self.add_pages(
            (
                (_("Findings"), self.findings),
                (_("Split"), self.split),
                (_("Augmentation"), self.augment),
                (_("Source"), self.source),
            )
        )
        self._split: tuple[Split, bool] | None = None
        self.show_graph(studio.session.project)

    def show_data(self, project: Project, view: DatasetView | None) -> None:
        """Update all panels."""
        self.show_findings(view)
        split = project.data.split
        has_folders = view is not None and view.dataset.has_splits
        if (split, has_folders) != self._split:
            self._split = (split, has_folders)
            self.split.show_split(split, has_folders)
        self.split.show_data(view)
        self.source.show_data(project, view)

    def show_findings(self, view: DatasetView | None) -> None:
        """Update the findings and their number in the tab."""
        controller = self._controller
        examined, busy = (
            controller.examined is not None,
            controller.progress is not None,
        )
        self.findings.show_data(view, examined, busy)
        count = sum(map(len, view.findings.values())) if view is not None else 0
        self.show_count(FINDINGS, _("Findings"), count)

    def show_graph(self, project: Project) -> None:
        """Show the layers of an updated model."""
        self.augment.show_graph(project.model)
