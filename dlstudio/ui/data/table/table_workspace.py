"""The Data room's page for a table: its rows, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.ui.actions import CommandHandler
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.table.details_height import read_height, save_height
from dlstudio.ui.data.table.panel import DETAILS_HEIGHT, TablePanel
from dlstudio.ui.data.table.row_details import has_texts
from dlstudio.ui.data.table.table_editor import TableEditor
from dlstudio.ui.data.table.table_panels import TablePanels
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.services.dataset.table_controller import TableController
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.splitter import card_splitter
from dlstudio.workers.dataset import EXCLUDED
from dlstudio.workers.image_cells import CellImages
from dlstudio.workers.table import TableFilter
from dlstudio.workers.table_dataset import TableFinding

RIGHT = 352


class TableWorkspace(QWidget):
    """Connects the table and its findings to the controller and the project.

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
        self._session = studio.session
        self._settings = studio.settings
        self._tables = tables
        self._actions = dataset_actions
        self._shown: object = None
        self._wanted = ""
        self._undecided = True
        self._height = read_height(studio.settings)
        self.editor = TableEditor(studio.session, tables, dataset_actions)
        views = FeatureViews(studio.session.catalog)
        self.table = TablePanel(studio.theme, views, self)
        self._images = self.table.view.use_thumbnails(
            studio.services.dataset.thumbnails
        )
        self.panels = TablePanels(studio, tables, dataset_actions, self)
        self._lay_out()
        self._connect()
        self._show_table()
        self._show_findings()

    def show_class(self, name: str) -> None:
        """Show the rows in which a class stands; "" for all."""
        if self._tables.snapshot is not None:
            self.table.bar.put(TableFilter(text=name))

    def show_sample(self, id: str) -> None:
        """Show a sample's row as soon as there is the table."""
        self._wanted = id
        self._show_wanted()

    def _show_wanted(self) -> None:
        if self._wanted and self._tables.snapshot is not None:
            self.table.show_all()
            self.table.view.go_to(self._wanted)
            self._wanted = ""

    def commands(self) -> Mapping[str, CommandHandler]:
        """The handlers of the actions of the table."""
        view = self.table.view
        return {
            **view.commands(),
            "edit.select_all": CommandHandler(view.selectAll),
            "edit.find": CommandHandler(self.table.focus_search),
        }

    def _lay_out(self) -> None:
        split = card_splitter((self.table, self.panels), (800, RIGHT), 0, self)
        self.table.setMinimumWidth(360)
        self.panels.setMinimumWidth(300)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)

    def _connect(self) -> None:
        tables, table, findings = self._tables, self.table, self.panels.findings
        tables.changed.connect(self._show_table)
        tables.found_changed.connect(self._show_findings)
        tables.rows_found.connect(table.show_rows)
        self._session.changed.connect(self._session_changed)
        table.filter_changed.connect(tables.filter)
        table.details_changed.connect(self._remember_details)
        self.editor.connect(table.view)
        findings.fix_requested.connect(self.editor.fix)
        findings.checked.connect(self.editor.check)
        findings.rows_requested.connect(self._show_rows_of)
        findings.show_excluded_requested.connect(self._show_excluded)
        findings.include_requested.connect(self._include_all)
        findings.uncheck_requested.connect(self._actions.uncheck_all)
        self.panels.split.previewed.connect(tables.preview_split)

    def _show_table(self) -> None:
        snapshot = self._tables.snapshot
        if self._tables.dataset is not self._shown:
            self._shown = self._tables.dataset
            self.table.show_all()
            self._undecided = True
        if snapshot is not None:
            content = snapshot.content
            folders = {name: each.folder for name, each in content.rows.cells.items()}
            self._images.show_images(CellImages(content.columns, folders))
            self.table.show_table(content.columns, content.rows, self._row_counts())
            if self._undecided:
                self._undecided = False
                default = DETAILS_HEIGHT if has_texts(content.columns) else 0
                known = self._height
                self.table.show_details(default if known is None else known)
        self.panels.show_data(self._session.project)
        self._show_wanted()

    def _remember_details(self, height: int) -> None:
        self._height = height

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember whether the details are open, and how high they are."""
        super().hideEvent(event)
        save_height(self._settings, self._height)

    def _show_findings(self) -> None:
        self.panels.show_findings(self._session.project)
        self.table.bar.show_findings(self._row_counts())

    def _row_counts(self) -> dict[str, int]:
        """Number of findings about rows by kind."""
        kinds = self._tables.findings.items()
        counts = {kind: sum(bool(each.rows) for each in some) for kind, some in kinds}
        return {kind: count for kind, count in counts.items() if count}

    def _session_changed(self, change: ProjectChange) -> None:
        if self._tables.dataset is not None and change.before.data != change.after.data:
            self.panels.show_data(change.after)

    def _show_rows_of(self, found: TableFinding) -> None:
        self.table.bar.put(TableFilter(finding=found.kind))

    def _show_excluded(self) -> None:
        self.table.bar.put(TableFilter(split=EXCLUDED))

    def _include_all(self) -> None:
        self.editor.set_excluded(self._session.project.data.leave_out, False)
