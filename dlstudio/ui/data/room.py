"""The Data room: pictures to look at, to divide, to put right, to augment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import (
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.edits import SetData
from dlstudio.document.plan import Split
from dlstudio.document.values import Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.data import desk as states
from dlstudio.ui.data.changes_bar import ChangesBar
from dlstudio.ui.data.charts import Charts
from dlstudio.ui.data.deeds import Deeds
from dlstudio.ui.data.desk import DataDesk
from dlstudio.ui.data.dropping import meaning_here
from dlstudio.ui.data.fitting import ModelFit
from dlstudio.ui.data.gallery.panel import Gallery
from dlstudio.ui.data.large import LargeView
from dlstudio.ui.data.long_jobs import LongJobs
from dlstudio.ui.data.looking import Looking
from dlstudio.ui.data.next_step import NextStep
from dlstudio.ui.data.panels import Panels
from dlstudio.ui.data.source_panel import SourcePanel
from dlstudio.ui.data.states import DropTarget, Trouble, Waiting
from dlstudio.ui.data.topbar import TopBar
from dlstudio.ui.data.words import source_title
from dlstudio.ui.forms.paths import relative_source
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.shell.project_controller import ProjectController, projects_folder
from dlstudio.ui.shell.drops import files_of
from dlstudio.ui.shell.dropzone import DropZone
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.choosing import FileChoice
from dlstudio.ui.widgets.folder_choice import choose_or_report
from dlstudio.workers.dataset_files import FileChanges
from dlstudio.workers.project_files import free_folder

FOLDER = "dlstudio.sources.folder"
DIGITS = Spec("dlstudio.sources.digits")
LEFT, RIGHT = 212, 352


def make(studio: Studio, desk: ProjectController | None = None) -> QWidget:
    """The room, for the shell."""
    return DataRoom(studio, desk)


def _make_desk(studio: Studio) -> DataDesk:
    """Made once, and kept while rooms are made anew."""
    desk = DataDesk(studio.session)
    desk.examined_known.connect(studio.engine.know_examined)
    return desk


class DataRoom(QWidget):
    """Puts the panels together; what it knows is the `DataDesk`'s."""

    def __init__(
        self,
        studio: Studio,
        desk: ProjectController | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._projects = desk
        self.desk = studio.services.get("data", lambda: _make_desk(studio))
        self.deeds = Deeds(studio, self.desk)
        self.choose = FileChoice(self)
        self.fitting = ModelFit(studio, self.desk, self.deeds, self)
        DropZone(studio.theme, self, meaning_here, self._take)
        theme = studio.theme
        self.bar = TopBar(theme, self)
        self.jobs = LongJobs(studio, self.desk, self)
        self.target = DropTarget(theme, self)
        self.waiting = Waiting(theme, self)
        self.trouble = Trouble(theme, self)
        self.broken_source = SourcePanel(studio, self.deeds, self.trouble)
        self.charts = Charts(theme, self)
        self.gallery = Gallery(studio, self.desk, self.deeds, self)
        self.panels = Panels(studio, self.desk, self.deeds, self)
        self.large = LargeView(studio, self.desk, self.deeds, self)
        self.changes = ChangesBar(theme, self)
        self.next_step = NextStep(studio, self)
        parts = self.charts, self.gallery, self.panels.findings, self.large
        self.looking = Looking(studio, self.desk, *parts, self)
        self._lay_out()
        self._connect()
        self._show_state(self.desk.state)
        self._show_data()
        if self.desk.shown is not None:
            self.desk.retranslate()  # in the language of this window

    # What the shell's actions call.

    def select_all(self) -> None:
        """Select every picture that is shown."""
        self.gallery.grid.select_all()

    def search(self) -> None:
        """Type a file's name."""
        self.gallery.seek()

    def zoom_in(self) -> None:
        """Larger pictures."""
        self.gallery.grid.zoom(1)

    def zoom_out(self) -> None:
        """Smaller pictures."""
        self.gallery.grid.zoom(-1)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Make dropped or chosen files the project's data."""
        archive = next((p for p in paths if p.suffix.lower() == ".zip"), None)
        if archive is None:
            self.desk.drop(paths)
        elif self._has_folder():
            self.jobs.unpack(archive)

    def choose_folder(self) -> None:
        """Ask for a folder of pictures."""
        self.choose.folder(_("The folder with your pictures"), self.take_files)

    def find_source(self) -> None:
        """Ask where the project's data lie now."""
        title = _("Where the project's data are now")
        if self.desk.recipe.source.kind == FOLDER:
            self.choose.folder(title, self.found_source)
        else:
            self.choose.files(title, self.found_source)

    def found_source(self, paths: Sequence[Path]) -> None:
        """Go on with the same data in another place."""
        source = self.desk.recipe.source
        text = relative_source(paths[0], self._studio.session.folder)
        moved = Spec(source.kind, source.params.set("path", text))
        self.deeds.do(SetData("source", moved), _("Find the data"))

    def choose_files(self) -> None:
        """Ask for files of data."""
        self.choose.files(_("A table, archive or data file"), self.take_files)

    def show_class(self, name: str) -> None:
        """Show the images of a class alone, once they are there; "" for all."""
        self.looking.show_class(name)

    def take_sample(self) -> None:
        """Take the handwritten digits, which are always there."""
        self._use(DIGITS)

    def _take(self, mime: QMimeData) -> None:
        self.take_files(files_of(mime))

    # Putting it together.

    def _lay_out(self) -> None:
        split = QSplitter(self)
        split.setHandleWidth(16)
        split.setStyleSheet("QSplitter::handle { background: transparent; }")
        split.setChildrenCollapsible(False)
        split.addWidget(self.charts)
        split.addWidget(self.gallery)
        split.addWidget(self.panels)
        split.setStretchFactor(1, 1)
        split.setSizes([LEFT, 600, RIGHT])
        self.charts.setMinimumWidth(168)
        self.gallery.setMinimumWidth(320)
        self.panels.setMinimumWidth(330)
        card = Card(self.trouble)
        card.setFixedWidth(RIGHT)
        card.body.addWidget(self.broken_source)
        self.trouble.put_aside(card)
        self.pages = QStackedWidget(self)
        for page in (self.target, self.waiting, self.trouble, split):
            self.pages.addWidget(page)
        self._content = split
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for upper in (self.bar, self.next_step, self.changes, self.jobs):
            column.addWidget(upper)
        column.addWidget(self.pages, 1)

    def _connect(self) -> None:
        desk, bar = self.desk, self.bar
        desk.state_changed.connect(self._show_state)
        desk.dataset_changed.connect(self._new_dataset)
        desk.changed.connect(self._show_data)
        desk.examining.connect(self._show_examining)
        desk.failed.connect(self._tell_failure)
        desk.changes_found.connect(self.changes.tell)
        self.changes.examine_wanted.connect(desk.examine)
        self._studio.session.changed.connect(self._session_changed)
        for each in (bar, self.target):
            each.folder_wanted.connect(self.choose_folder)
            each.file_wanted.connect(self.choose_files)
            each.sample_wanted.connect(self.take_sample)
        bar.again_wanted.connect(desk.open)
        bar.examine_wanted.connect(desk.examine)
        bar.prepare_wanted.connect(self._prepare)
        bar.model_wanted.connect(self.fitting.start)
        self.next_step.train_wanted.connect(self._train)
        self.waiting.cancelled.connect(desk.cancel)
        self.trouble.find_wanted.connect(self.find_source)
        self.trouble.again_wanted.connect(desk.open)
        self.trouble.other_wanted.connect(self.choose_folder)
        panels = self.panels
        panels.findings.examine_wanted.connect(desk.examine)
        panels.split.tried.connect(desk.try_split)
        panels.split.changed.connect(self._set_split)
        for source in (panels.source, self.broken_source):
            source.source_wanted.connect(self._use)

    # Showing.

    def _tell_failure(self, error: BaseException) -> None:
        choose_or_report(error, self.desk.drop_folder, self._studio.notices, self)

    def _show_state(self, state: str) -> None:
        page: QWidget = {
            states.EMPTY: self.target,
            states.OPENING: self.waiting,
            states.FAILED: self.trouble,
        }.get(state, self._content)
        if state == states.OPENING and self.desk.dataset is not None:
            page = self._content
        if state == states.FAILED:
            self.trouble.show_error(self.desk.error, self.desk.missing)
            self.broken_source.show_data(self._studio.session.project, None)
        self.pages.setCurrentWidget(page)

    def _new_dataset(self) -> None:
        self.large.close_view()
        self.changes.tell(FileChanges())
        self._show_state(self.desk.state)

    def _show_data(self) -> None:
        shown, project = self.desk.shown, self._studio.session.project
        self.bar.show_data(shown, not project.model.nodes, self._to_examine())
        self.charts.show_data(shown)
        self.gallery.show_data(shown)
        self.panels.show_data(project, shown)
        self.next_step.show_data(shown)
        self.looking.show_wanted_class()

    def _show_examining(self, progress: Any) -> None:
        self.jobs.examining.show_progress(progress)
        self.panels.show_findings(self.desk.shown)
        self.bar.examine.setVisible(self._to_examine())

    def _to_examine(self) -> bool:
        return self.desk.examined is None and self.desk.progress is None

    def _session_changed(self, change: ProjectChange) -> None:
        if change.before.model != change.after.model:
            self.panels.show_graph(change.after)
        if change.before.task != change.after.task:
            self.panels.source.show_data(change.after, self.desk.shown)
        if change.before.model != change.after.model:
            self.next_step.show_data(self.desk.shown)
        self.bar.model.setVisible(
            not change.after.model.nodes and self.desk.shown is not None
        )

    # Changing.

    def _set_split(self, split: Split) -> None:
        if split == self.desk.recipe.split:
            self.desk.try_split(None)
            return
        self.deeds.do(SetData("split", split), _("Divide the pictures"))

    def _use(self, source: Spec) -> None:
        """Another source, opened by the desk once it is the project's."""
        text = _("Data from {name}").format(name=source_title(source))
        self.deeds.do(SetData("source", source), text)

    def _train(self) -> None:
        if self._has_folder():
            self._studio.call("train", "train")

    def _prepare(self) -> None:
        if not self._studio.session.project.model.nodes:
            error = UserError(
                _("Pictures are prepared in the size that the model wants."),
                _("Make a model first."),
            )
            self._studio.notices.error(error)
        elif self._has_folder():
            self.jobs.prepare()

    def _has_folder(self) -> bool:
        """Whether the project has a folder; it is saved into one if need be."""
        session = self._studio.session
        try:
            session.check_folder()
            if session.folder is not None:
                return True
            if self._projects is not None:
                return self._projects.save()
            name = session.project.name or _("Untitled")
            session.save(free_folder(projects_folder(), name))
        except UserError as error:
            self._studio.notices.error(error)
            return False
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Something may have been trained meanwhile."""
        super().showEvent(event)
        self.next_step.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What covers the gallery follows it."""
        super().resizeEvent(event)
        self.looking.place_large()
