"""The Start room: templates, own data, recent projects and recovered work."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.schema import Description
from dlstudio.catalog.source_queries import reads_text
from dlstudio.document.graph import Graph
from dlstudio.i18n import _
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.shell.recovery import RecoveredProject, recoverable_projects
from dlstudio.ui.start.graph_thumbnail import HEIGHT, GraphThumbnail
from dlstudio.ui.start.interrupted_run import interrupted_run_bar
from dlstudio.ui.start.recent_card import RecentCard
from dlstudio.ui.start.text_menu import text_menu
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import CardGrid, ClickCard
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.ui.widgets.notice_bar import NoticeBar
from dlstudio.workers.jobs import JobContext
from dlstudio.workers.project_files import (
    RecentMemory,
    RecentProject,
    recent_projects,
    template_graphs,
)
from dlstudio.workers.run_operations import InterruptedRun, interrupted_runs

MAX_WIDTH = 1160
LOAD_DELAY_MS = 30

P = ParamSpec("P")
T = TypeVar("T")


def make(studio: Studio, controller: ProjectController) -> QWidget:
    """Create the room for the shell."""
    return StartRoom(studio, controller)


class StartRoom(QScrollArea):
    """The starting points for a project."""

    def __init__(self, studio: Studio, controller: ProjectController) -> None:
        super().__init__()
        self._studio = studio
        self._controller = controller
        self._thumbnails: dict[str, GraphThumbnail] = {}
        self._runs: RecentMemory = {}
        self._has_tables = False
        self.cards: dict[str, ClickCard] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the cards take the focus
        inside = QWidget()
        inside.setProperty("role", "clear")
        self.viewport().setAutoFillBackground(False)
        row = QHBoxLayout(inside)
        row.setContentsMargins(32, 28, 32, 28)
        row.addStretch(1)
        middle = QWidget()
        middle.setProperty("role", "clear")
        middle.setMaximumWidth(MAX_WIDTH)
        row.addWidget(middle, 100)
        row.addStretch(1)
        self._column = QVBoxLayout(middle)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.recovery = QVBoxLayout()
        self._column.addLayout(self.recovery)
        self._column.addWidget(label(_("What would you like to build?"), "large"))
        self._column.addWidget(
            label(_("Start from a template. You can change everything in it."), "muted")
        )
        self._column.addSpacing(4)
        self._column.addWidget(self._templates())
        self._column.addSpacing(16)
        self._recent_title = heading(studio.theme, _("Recent projects"))
        self._recent_hint = label(
            _("Projects you open appear here with their best results."), "muted"
        )
        self.recent = QVBoxLayout()
        self.recent.setSpacing(8)
        self._column.addWidget(self._recent_title)
        self._column.addWidget(self._recent_hint)
        self._column.addLayout(self.recent)
        self._column.addStretch(1)
        self.setWidget(inside)
        # Defer queries until the room has been painted: the first paint should be fast.
        self._load_timer = QTimer(self, singleShot=True, interval=LOAD_DELAY_MS)
        self._load_timer.timeout.connect(self._load)
        self._load_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Results may have changed since the room was last shown."""
        super().showEvent(event)
        first = next(iter(self.cards.values()))
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._load_timer.isActive():
            self._load_recent()

    def _load(self) -> None:
        studio = self._studio
        self._run(self._show_graphs, template_graphs, studio.session.catalog, "images")
        # What those for tables import would delay TensorFlow, which is imported now.
        studio.engine.state_changed.connect(self._engine_changed)
        self._engine_changed(studio.engine.state)
        kept = self._controller.autosave.folder
        self._run(self._show_leftovers, recoverable_projects, kept)
        recent = studio.settings.value.recent_projects
        self._run(self._show_interrupted, interrupted_runs, recent)
        self._load_recent()

    def _engine_changed(self, state: str) -> None:
        if state in ("ready", "failed") and not self._has_tables:
            self._has_tables = True
            catalog = self._studio.session.catalog
            self._run(self._show_graphs, template_graphs, catalog, "tables")

    def _load_recent(self) -> None:
        folders = self._studio.settings.value.recent_projects
        self._run(self._show_recent, recent_projects, folders, self._runs)

    def _templates(self) -> CardGrid:
        found = self._studio.session.catalog.family("templates")
        cards = [self._template_card(each) for each in found]
        cards.insert(
            1,
            self._card(
                "images",
                _("From my images…"),
                _("A folder of images, in one subfolder per class for classification."),
                self._icon_frame("mdi6.image-multiple-outline"),
                lambda: self._controller.from_images(),
            ),
        )
        cards.insert(
            2,
            self._card(
                "table",
                _("From my table…"),
                _("A CSV, Excel, Parquet or JSON Lines file."),
                self._icon_frame("mdi6.table"),
                self._controller.from_table,
            ),
        )
        cards.insert(
            3,
            self._card(
                "texts",
                _("From my texts…"),
                _(
                    "Files in one subfolder per class, a table, tagged tokens, "
                    "one long text, or a sample."
                ),
                self._icon_frame("mdi6.text-box-outline"),
                partial(self._show_text_menu, "texts", None),
            ),
        )
        cards.append(
            self._card(
                "empty",
                _("Empty"),
                _("An empty canvas."),
                self._icon_frame("mdi6.plus"),
                self._controller.empty,
            )
        )
        return CardGrid(cards, min_width=264)

    def _template_card(self, template: Description) -> ClickCard:
        studio = self._studio
        thumbnail = GraphThumbnail(studio.theme, studio.session.catalog)
        self._thumbnails[template.kind] = thumbnail
        clicked = (
            partial(self._show_text_menu, template.name, template)
            if reads_text(template)
            else partial(self._controller.from_template, template.kind)
        )
        return self._card(
            template.name, _(template.title), _(template.summary), thumbnail, clicked
        )

    def _show_text_menu(self, key: str, template: Description | None) -> None:
        """Offer the texts that a project can begin with, below a card's picture."""
        card = self.cards[key]
        menu = text_menu(self._controller, template, card)
        menu.popup(card.mapToGlobal(QPoint(12, 12 + HEIGHT)))

    def _card(
        self, key: str, title: str, text: str, image: QWidget, clicked: object
    ) -> ClickCard:
        card = ClickCard(self._studio.theme, title)
        card.setAccessibleDescription(text)
        card.body.setContentsMargins(12, 12, 12, 14)
        card.body.addWidget(image)
        card.body.addWidget(label(title, "strong"))
        card.body.addWidget(label(text, "muted", wrap=True))
        card.body.addStretch(1)
        card.clicked.connect(clicked)
        self.cards[key] = card
        return card

    def _icon_frame(self, name: str) -> QWidget:
        colors = self._studio.theme.colors
        frame = QFrame()
        frame.setProperty("role", "well")
        frame.setFixedHeight(HEIGHT)
        row = QHBoxLayout(frame)
        shown = label("")
        drawn = icon(name, colors.accent)
        shown.setPixmap(drawn.pixmap(QSize(40, 40), self.devicePixelRatioF()))
        row.addWidget(shown, 0, Qt.AlignmentFlag.AlignCenter)
        return frame

    def _run(
        self,
        then: Callable[[T], None],
        work: Callable[Concatenate[JobContext, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        job = self._controller.file_thread.job(work, *args, **kwargs)
        job.on_success(then).on_failure(self._studio.notices.error).start()

    def _show_graphs(self, graphs: dict[str, Graph]) -> None:
        for kind, graph in graphs.items():
            if kind in self._thumbnails:
                self._thumbnails[kind].show_graph(graph)

    def _show_recent(self, projects: tuple[RecentProject, ...]) -> None:
        while (item := self.recent.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        self._recent_hint.setVisible(not projects)
        for project in projects:
            card = RecentCard(self._studio.theme, project)
            card.clicked.connect(partial(self._controller.open, project.folder))
            self.recent.addWidget(card)

    def _show_interrupted(self, found: tuple[InterruptedRun, ...]) -> None:
        for each in found:
            bar = interrupted_run_bar(self._studio, self._controller, each)
            if bar is not None:
                self.recovery.addWidget(bar)

    def _show_leftovers(self, found: tuple[RecoveredProject, ...]) -> None:
        for leftover in found:
            self.recovery.addWidget(self._leftover_bar(leftover))

    def _leftover_bar(self, leftover: RecoveredProject) -> NoticeBar:
        same_day = time.strftime("%x") == time.strftime(
            "%x", time.localtime(leftover.time)
        )
        form = "%H:%M" if same_day else "%Y-%m-%d %H:%M"
        text = _("Unsaved work in “{name}” from {time}.").format(
            time=time.strftime(form, time.localtime(leftover.time)),
            name=leftover.project.name or _("Untitled"),
        )
        theme = self._studio.theme
        restore, discard = button(theme, _("Restore")), button(theme, _("Discard"))
        bar = NoticeBar(theme, text, "warning", buttons=(restore, discard))
        restore.clicked.connect(partial(self._controller.restore, leftover))
        discard.clicked.connect(partial(self._controller.discard, leftover))
        for signal in (restore.clicked, discard.clicked, bar.closed):
            signal.connect(bar.deleteLater)
        return bar
