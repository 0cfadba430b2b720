"""The Data room: browse, split, clean and augment the dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from dlstudio.document.edits.project import SetData
from dlstudio.document.plan import Split
from dlstudio.document.project import reconstructs_images
from dlstudio.i18n import _
from dlstudio.ui.actions import CommandHandler
from dlstudio.ui.data.changes_bar import ChangesBar
from dlstudio.ui.data.charts import DataCharts
from dlstudio.ui.data.data_room_coordinator import DataRoomCoordinator
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.drops import recognize_room_drop
from dlstudio.ui.data.gallery.panel import Gallery
from dlstudio.ui.data.image_viewer import ImageViewer
from dlstudio.ui.data.long_jobs import LongJobs
from dlstudio.ui.data.next_step import NextStep
from dlstudio.ui.data.panels import DataPanels
from dlstudio.ui.data.project_folder import ensure_folder
from dlstudio.ui.data.room_layout import fill_column, images_page, show_beside
from dlstudio.ui.data.source_chooser import SourceChooser
from dlstudio.ui.data.source_panel import SourcePanel
from dlstudio.ui.data.starter_model import StarterModel, has_fitting_model
from dlstudio.ui.data.states import DropTarget, ErrorState, LoadingState
from dlstudio.ui.data.topbar import TopBar
from dlstudio.ui.room_capabilities import TRAIN
from dlstudio.ui.services.dataset import dataset_controller as states
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.drop_zone import DropZone
from dlstudio.ui.widgets.dropped_files import files_of
from dlstudio.ui.widgets.folder_dialog import choose_or_report
from dlstudio.workers.image_files import FileChanges
from dlstudio.workers.progress import Progress

if TYPE_CHECKING:
    from dlstudio.ui.data.table.table_workspace import TableWorkspace


def make(studio: Studio, controller: ProjectController | None = None) -> QWidget:
    """Create the room for the shell."""
    return DataRoom(studio, controller)


class DataRoom(QWidget):
    """Composes the panels; the state is in the `DatasetController`."""

    def __init__(
        self,
        studio: Studio,
        controller: ProjectController | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._projects = controller
        self.controller = studio.services.dataset
        self._tables = self.controller.tables
        self.dataset_actions = DatasetActions(studio, self.controller)
        self.sources = SourceChooser(
            studio.session, self.controller, self.dataset_actions, self._unpack, self
        )
        self.starter_model = StarterModel(
            studio, self.controller, self.dataset_actions, self
        )
        catalog = studio.session.catalog
        recognize = partial(recognize_room_drop, catalog=catalog)
        DropZone(studio.theme, self, recognize, self._take)
        theme = studio.theme
        self.bar = TopBar(theme, catalog, self)
        self.jobs = LongJobs(studio, self.controller, self)
        self.drop_target = DropTarget(theme, catalog, self)
        self.loading_state = LoadingState(theme, self)
        self.error_state = ErrorState(theme, self)
        self.broken_source = SourcePanel(studio, self.dataset_actions, self.error_state)
        self.charts = DataCharts(theme, self)
        self.gallery = Gallery(studio, self.controller, self.dataset_actions, self)
        self.panels = DataPanels(studio, self.controller, self.dataset_actions, self)
        self.viewer = ImageViewer(studio, self.controller, self.dataset_actions, self)
        self.changes = ChangesBar(theme, self)
        self.next_step = NextStep(studio, self)
        parts = self.charts, self.gallery, self.panels.findings, self.viewer
        self.coordinator = DataRoomCoordinator(studio, self.controller, *parts, self)
        self._preload = QTimer(self, singleShot=True, interval=0)
        self._preload.timeout.connect(self.controller.preload)
        self._lay_out()
        self._connect()
        self._show_state(self.controller.state)
        self._show_data()
        self.controller.retranslate()  # in the language of this window

    @cached_property
    def table_page(self) -> TableWorkspace:
        """The page of a table; the window opens sooner without it."""
        from dlstudio.ui.data.table.table_workspace import TableWorkspace

        page = TableWorkspace(self._studio, self._tables, self.dataset_actions, self)
        page.panels.split.changed.connect(self._set_split)
        page.panels.source.read_differently.connect(self.controller.open_other)
        page.panels.source.source_requested.connect(self.sources.use)
        self.pages.addWidget(page)
        return page

    # Called by the shell's actions.

    def commands(self) -> Mapping[str, CommandHandler]:
        """The action handlers of this room."""
        is_table = self._tables.dataset is not None
        of_table = self.table_page.commands() if is_table else {}
        grid = self.gallery.grid
        actions = self.gallery.sample_actions
        if not self.viewer.isHidden():
            actions = self.viewer.sample_actions
        return {
            **actions.commands(),
            "edit.select_all": CommandHandler(grid.select_all),
            "edit.find": CommandHandler(self.gallery.focus_search),
            "view.zoom_in": CommandHandler(lambda: grid.zoom(1)),
            "view.zoom_out": CommandHandler(lambda: grid.zoom(-1)),
            **of_table,
        }

    def take_files(self, paths: Sequence[Path]) -> None:
        """Use dropped or chosen files as the project's data."""
        self.sources.take_files(paths)

    def choose_folder(self) -> None:
        """Open a dialog to choose a folder of images."""
        self.sources.choose_folder()

    def find_source(self) -> None:
        """Open a dialog to locate the project's data."""
        self.sources.find()

    def show_class(self, name: str) -> None:
        """Show only the images of one class once they are loaded; "" for all."""
        if self._tables.dataset is not None:
            self.table_page.show_class(name)
        self.coordinator.show_class(name)

    def show_sample(self, id: str) -> None:
        """Show an image, or a row of a table, once it is loaded."""
        if self.controller.dataset is None:  # a table, perhaps one that is being read
            self.table_page.show_sample(id)
        self.coordinator.show_sample(id)

    def _take(self, mime: QMimeData) -> None:
        self.take_files(files_of(mime))

    # Composition.

    def _lay_out(self) -> None:
        self._content = images_page(self.charts, self.gallery, self.panels, self)
        show_beside(self.error_state, self.broken_source)
        states_ = self.drop_target, self.loading_state, self.error_state
        self.pages = QStackedWidget(self)
        for page in (*states_, self._content):
            self.pages.addWidget(page)
        above = self.bar, self.next_step, self.changes, self.jobs
        fill_column(self, above, self.pages)

    def _connect(self) -> None:
        controller, bar, sources = self.controller, self.bar, self.sources
        controller.state_changed.connect(self._show_state)
        controller.dataset_changed.connect(self._new_dataset)
        controller.changed.connect(self._show_data)
        controller.tables.changed.connect(self._show_data)
        controller.examining.connect(self._show_examining)
        controller.failed.connect(self._report_failure)
        controller.changes_found.connect(self.changes.show_changes)
        self.changes.examine_requested.connect(controller.examine)
        self._studio.session.changed.connect(self._session_changed)
        for each in (bar, self.drop_target):
            each.folder_requested.connect(sources.choose_folder)
            each.file_requested.connect(sources.choose_files)
            each.sample_requested.connect(sources.use_sample)
        bar.reload_requested.connect(controller.open)
        bar.examine_requested.connect(controller.examine)
        bar.prepare_requested.connect(self._prepare)
        starter = self.starter_model
        bar.model_requested.connect(starter.start)
        self.charts.unlabeled.autoencoder_requested.connect(starter.start_autoencoder)
        self.next_step.train_requested.connect(self._train)
        self.loading_state.cancelled.connect(controller.cancel)
        self.error_state.locate_requested.connect(sources.find)
        self.error_state.reload_requested.connect(controller.open)
        self.error_state.other_requested.connect(sources.choose_folder)
        panels = self.panels
        panels.findings.examine_requested.connect(controller.examine)
        panels.split.previewed.connect(controller.preview_split)
        panels.split.changed.connect(self._set_split)
        for panel in (panels.source, self.broken_source):
            panel.source_requested.connect(sources.use)

    # Display.

    def _report_failure(self, error: BaseException) -> None:
        choose_or_report(error, self.controller.drop_folder, self._studio.notices, self)

    def _show_state(self, state: str) -> None:
        page: QWidget = {
            states.EMPTY: self.drop_target,
            states.OPENING: self.loading_state,
            states.FAILED: self.error_state,
        }.get(state, self._content)
        is_table = self._tables.dataset is not None
        if state == states.OPENING and self.controller.dataset is not None:
            page = self._content
        if is_table and state in (states.OPENING, states.READY):
            page = self.table_page
        if state == states.FAILED:
            self.error_state.show_error(self.controller.error, self.controller.missing)
            self.broken_source.show_data(self._studio.session.project, None)
        self.pages.setCurrentWidget(page)

    def _new_dataset(self) -> None:
        self.viewer.close_view()
        self.changes.show_changes(FileChanges())
        self._show_state(self.controller.state)

    def _show_data(self) -> None:
        view, project = self.controller.view, self._studio.session.project
        self.bar.show_data(view, project, self._to_examine())
        self.charts.show_data(view, reconstructs_images(project))
        self.gallery.show_data(view)
        self.panels.show_data(project, view)
        self.next_step.show_data(view)
        self.coordinator.show_wanted_class()
        self.coordinator.show_wanted_sample()
        self._show_table()

    def _show_table(self) -> None:
        snapshot, project = self._tables.snapshot, self._studio.session.project
        if self._tables.dataset is not None:
            self.next_step.show_table(snapshot)
        if snapshot is not None:
            self.bar.show_table(snapshot, project, not has_fitting_model(project))

    def _show_examining(self, progress: Progress | None) -> None:
        self.jobs.examining.show_progress(progress)
        self.panels.show_findings(self.controller.view)
        self.bar.examine.setVisible(self._to_examine())

    def _to_examine(self) -> bool:
        return self.controller.examined is None and self.controller.progress is None

    def _session_changed(self, change: ProjectChange) -> None:
        if change.before.model != change.after.model:
            self.panels.show_graph(change.after)
        if change.before.head != change.after.head:
            self._show_data()
        if self._tables.dataset is not None:
            self._show_table()
            return
        if change.before.model != change.after.model:
            self.next_step.show_data(self.controller.view)
        self.bar.model.setVisible(
            not change.after.model.nodes and self.controller.view is not None
        )

    # Changes.

    def _set_split(self, split: Split) -> None:
        if split == self.controller.recipe.split:
            self.controller.preview_split(None)
            self._tables.preview_split(None)
            return
        is_table = self._tables.dataset is not None
        text = _("Split rows") if is_table else _("Split images")
        self.dataset_actions.do(SetData("split", split), text)

    def _unpack(self, archive: Path) -> None:
        if self._has_folder():
            self.jobs.unpack(archive)

    def _train(self) -> None:
        if self._has_folder():
            self._studio.visit(TRAIN, lambda room: room.train())

    def _prepare(self) -> None:
        if self.jobs.can_prepare() and self._has_folder():
            self.jobs.prepare()

    def _has_folder(self) -> bool:
        return ensure_folder(self._studio, self._projects)

    def showEvent(self, event: QShowEvent) -> None:
        """The project may have a run by now; the next event may be a drop."""
        super().showEvent(event)
        self.next_step.refresh()
        self._preload.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Resize the overlays along with the gallery."""
        super().resizeEvent(event)
        self.coordinator.place_viewer()
