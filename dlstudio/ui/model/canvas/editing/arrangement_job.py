"""Arranges the layers of one graph; those of a large one in the background."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from dlstudio.document.canvas.arrangement import Positions, arranged_positions
from dlstudio.document.diff import diff
from dlstudio.document.graph import Graph
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.workers.arrangement import arrange_graph
from dlstudio.workers.jobs import Job

IMMEDIATE = 100
"""Layers that are arranged at once: it takes less than a frame."""


class ArrangementJob(QObject):
    """One arrangement at a time.

    Signals:
        started: Emitted when a graph is arranged in the background.
        ended: Emitted when that has ended, in any way.
        arranged: Emitted after layers were moved.
    """

    started = Signal()
    ended = Signal()
    arranged = Signal()

    def __init__(self, context: EditContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job[Positions] | None = None

    @property
    def busy(self) -> bool:
        """Whether a graph is being arranged."""
        return self._job is not None

    def start(self) -> None:
        """Lay out the graph, or only the selected nodes if there are several."""
        if self.busy:
            return
        context = self._context
        only = context.selection.ids if len(context.selection.ids) > 1 else ()
        boxes = {id: item.box() for id, item in context.scene.nodes.items()}
        groups = context.scene.group_layer.collapsed
        collapsed = {id: item.box() for id, item in groups.items()}
        graph = context.graph
        if len(only or boxes) <= IMMEDIATE:
            self._move(arranged_positions(graph, boxes, only, collapsed))
            return
        job = context.studio.services.layout_thread.job(
            arrange_graph, graph, boxes, only, collapsed
        )
        job.on_success(partial(self._succeed, graph))
        job.on_failure(context.studio.notices.error).on_end(self._end)
        self._job = job.start()
        self.started.emit()

    def _succeed(self, before: Graph, places: Positions) -> None:
        """Move the layers, unless they were moved or connected otherwise meanwhile."""
        now = diff(before, self._context.graph)
        if not (
            now.added
            or now.removed
            or now.moved
            or now.connected
            or now.disconnected
            or now.groups is not None
        ):
            self._move(places)

    def _end(self, _outcome: str) -> None:
        self._job = None
        self.ended.emit()

    def _move(self, places: Positions) -> None:
        if self._context.move(places, _("Arrange")):
            self.arranged.emit()
