"""What the selected layer has learned from data."""

from __future__ import annotations

from collections.abc import Sequence
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
from dlstudio.document.project import MODEL
from dlstudio.document.sample_nouns import IMAGES
from dlstudio.errors import joined
from dlstudio.i18n import _, ngettext
from dlstudio.ui.model.inspector.learned_model import LearnedModel
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.search_field import SearchField
from dlstudio.workers.jobs import Job
from dlstudio.workers.learned_layers import (
    LEARNING,
    LayerReference,
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
        self._job: Job[LearnedLayer | None] | None = None
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
        if layer == self._layer:
            return
        self._layer = layer
        self._show(None)
        self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read again: there may be another run."""
        super().showEvent(event)
        self._read()

    def _read(self, _ended: object = None) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if self._layer is None:
            return
        catalog = self._studio.session.catalog
        job = self._studio.engine.text_job(read_learned_layer, catalog, self._layer)
        self._job = job.on_success(partial(self._take, self._layer)).start()

    def _take(self, layer: LayerReference, found: LearnedLayer | None) -> None:
        if layer == self._layer:  # another one may have been selected meanwhile
            self._show(found)

    def _show(self, found: LearnedLayer | None) -> None:
        if found is not None and found == self.found:
            return
        self.found = found
        self.setVisible(found is not None)
        if found is None:
            return
        self.note.setText(_note(found))
        self.search.clear()
        self.table.show_layer(found)
        count = self.table.rowCount()
        self.search.setVisible(count >= SEARCHED_FROM)
        shown = min(count, MAX_SHOWN)
        header = self.view.horizontalHeader()
        self.view.setFixedHeight(header.sizeHint().height() + shown * ROW_HEIGHT + 4)
        last = self.table.columnCount() - 1
        fixed = 0 if last == 1 else last
        for section in range(last + 1):
            mode = QHeaderView.ResizeMode.ResizeToContents
            stretched = section == (1 if fixed == 0 else 0)
            header.setSectionResizeMode(
                section, QHeaderView.ResizeMode.Stretch if stretched else mode
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


def _note(found: LearnedLayer) -> str:
    """Where it comes from."""
    text = (
        ngettext(
            "From {count} image of the training split, in run {run}.",
            "From {count} images of the training split, in run {run}.",
            found.samples,
        )
        if found.noun == IMAGES
        else ngettext(
            "From {count} row of the training split, in run {run}.",
            "From {count} rows of the training split, in run {run}.",
            found.samples,
        )
    )
    count = f"{found.samples:,}"
    if not found.vocabulary:
        return text.format(count=count, run=found.run)
    words = ngettext("{count} value.", "{count} values.", len(found.vocabulary))
    return joined(
        text.format(count=count, run=found.run),
        words.format(count=f"{len(found.vocabulary):,}"),
    )
