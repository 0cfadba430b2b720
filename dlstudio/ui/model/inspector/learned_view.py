"""What the selected layer has learned from data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.graph import Node
from dlstudio.document.learned_layer import LearnedLayer
from dlstudio.document.project import MODEL, Project
from dlstudio.i18n import _
from dlstudio.ui.model.inspector.learned_model import LearnedModel
from dlstudio.ui.model.inspector.learned_note import learned_note
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.search_field import SearchField
from dlstudio.workers.jobs import Job
from dlstudio.workers.learned_layers import (
    COUNTED,
    LEARNING,
    LayerReference,
    count_learned_tokens,
    read_learned_layer,
)

SEARCHED_FROM = 12
"""So many rows have a search field."""
ROW_HEIGHT, MAX_SHOWN = 26, 10


class LearnedView(QWidget):
    """Read when the layer is selected, when it is shown, and when a training ends.

    Args:
        studio: The window's services, theme and navigation.
        graph: The graph whose layers are shown.

    Attributes:
        found: What is shown; None for nothing.
    """

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._layer: LayerReference | None = None
        self._project: Project | None = None
        self._jobs: list[Job[LearnedLayer | None]] = []
        self.found: LearnedLayer | None = None
        self.note = label("", "muted", wrap=True)
        self.search = SearchField(studio.theme, _("Find value"), self)
        self.table = LearnedModel(self)
        self.view = QTableView(self)
        self._set_up_view()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(_("Learned values"), "muted"))
        for each in (self.note, self.search, self.view):
            column.addWidget(each)
        self.search.textChanged.connect(self.table.search)
        studio.services.trainings.ended.connect(self._read)
        self.hide()

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Show what a single selected node has learned, if it learns."""
        folder, layer = self._studio.session.folder, None
        (node,) = nodes if len(nodes) == 1 else (None,)
        if node and folder and self._graph == MODEL and node.kind in LEARNING:
            layer = LayerReference(folder, node.shares or node.id, node.kind)
        project = self._studio.session.project if layer else None
        if layer == self._layer and _same_words(project, self._project, layer):
            return
        self._layer, self._project = layer, project
        self._show(None)
        self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read again: there may be another run."""
        super().showEvent(event)
        self._read()

    def _read(self, _ended: object = None) -> None:
        for job in self._jobs:
            job.cancel()
        self._jobs = []
        layer, project = self._layer, self._project
        if layer is None or project is None:
            return
        catalog, engine = self._studio.session.catalog, self._studio.engine
        read = engine.text_job(read_learned_layer, catalog, layer)
        self._jobs = [read.on_success(partial(self._take, layer)).start()]
        if layer.kind in COUNTED and project.data.source.kind:
            count = engine.text_job(count_learned_tokens, catalog, layer, project)
            shown = count.on_success(partial(self._show_counted, layer))
            self._jobs.append(shown.start())

    def _take(self, layer: LayerReference, found: LearnedLayer | None) -> None:
        """Show what was read of a layer; counts that are shown already stay."""
        shown = self.found
        if layer != self._layer or (found is None and shown and not shown.run):
            return
        if found and shown and replace(shown, counts=(), splits=()) == found:
            return
        self._show(found)

    def _show_counted(self, layer: LayerReference, found: LearnedLayer | None) -> None:
        if found is not None and layer == self._layer:
            self._show(found)

    def _show(self, found: LearnedLayer | None) -> None:
        if found is not None and found == self.found:
            return
        self.found = found
        self.setVisible(found is not None)
        if found is None:
            return
        self.note.setText(learned_note(found))
        self.search.clear()
        self.table.show_layer(found)
        count = self.table.rowCount()
        self.search.setVisible(count >= SEARCHED_FROM)
        shown = min(count, MAX_SHOWN)
        header = self.view.horizontalHeader()
        self.view.setFixedHeight(header.sizeHint().height() + shown * ROW_HEIGHT + 4)
        last = self.table.columnCount() - 1
        stretched = 1 if last == 1 or found.vocabulary else 0
        for section in range(last + 1):
            mode = QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(
                section,
                QHeaderView.ResizeMode.Stretch if section == stretched else mode,
            )

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setAccessibleName(_("Learned values"))
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        view.setStyleSheet("QTableView::item { padding: 0 5px; }")
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        view.horizontalHeader().setHighlightSections(False)


def _same_words(
    project: Project | None, other: Project | None, layer: LayerReference | None
) -> bool:
    """Whether a layer would learn the same from both."""
    if project is None or other is None or layer is None:
        return project is other
    nodes = (each.model.nodes.get(layer.node) for each in (project, other))
    first, second = (node.params if node else None for node in nodes)
    return project.data == other.data and first == second
