"""The room's right side: findings, split, augmentation and source, one at a time."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from dlstudio.document.plan import Split
from dlstudio.document.project import Project
from dlstudio.i18n import _
from dlstudio.ui.data.augment_panel import AugmentPanel
from dlstudio.ui.data.deeds import Deeds
from dlstudio.ui.data.desk import DataDesk
from dlstudio.ui.data.findings_panel import FindingsPanel
from dlstudio.ui.data.shown import Shown
from dlstudio.ui.data.source_panel import SourcePanel
from dlstudio.ui.data.split_panel import SplitPanel
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.cards import Card

FINDINGS, SPLIT, AUGMENT, SOURCE = range(4)


class Panels(Card):
    """A tab for each."""

    def __init__(
        self,
        studio: Studio,
        desk: DataDesk,
        deeds: Deeds,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin=14, spacing=0)
        self._desk = desk
        self.findings = FindingsPanel(studio.theme, deeds, self)
        self.split = SplitPanel(studio.theme, self)
        self.augment = AugmentPanel(studio, desk, deeds, self)
        self.source = SourcePanel(studio, deeds, self)
        self.tabs = QTabBar(self)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.pages = QStackedWidget(self)
        for title, page in (
            (_("Findings"), self.findings),
            (_("Split"), self.split),
            (_("Augmentation"), self.augment),
            (_("Source"), self.source),
        ):
            self.tabs.addTab(title)
            self.pages.addWidget(page)
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.pages, 1)
        self._split: tuple[Split, bool] | None = None
        self.show_graph(studio.session.project)

    def show_data(self, project: Project, shown: Shown | None) -> None:
        """Show newer facts."""
        self.show_findings(shown)
        split = project.data.split
        has_folders = shown is not None and shown.dataset.has_splits
        if (split, has_folders) != self._split:
            self._split = (split, has_folders)
            self.split.show_split(split, has_folders)
        self.split.show_data(shown)
        self.source.show_data(project, shown)

    def show_findings(self, shown: Shown | None) -> None:
        """Show newer findings, and how many there are in the tab."""
        desk = self._desk
        examined, busy = desk.examined is not None, desk.progress is not None
        self.findings.show_data(shown, examined, busy)
        count = sum(map(len, shown.findings.values())) if shown is not None else 0
        title = _("Findings")
        self.tabs.setTabText(FINDINGS, f"{title} {count:,}" if count else title)

    def show_graph(self, project: Project) -> None:
        """Show the layers of a newer model."""
        self.augment.show_graph(project.model)
