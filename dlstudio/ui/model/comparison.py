"""Compare the model with that of a run or of another project, on the canvas."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QFileDialog

from dlstudio.document.diff import GraphDiff
from dlstudio.document.graph import Graph
from dlstudio.document.project import Project
from dlstudio.document.project_difference import project_difference
from dlstudio.document.storage import load_project
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editor import CanvasEditor
from dlstudio.ui.model.canvas.overlays.difference_bar import DifferenceBar
from dlstudio.ui.model.comparison_menu import ComparisonMenu
from dlstudio.ui.services.model_view_state import ComparisonBase, ViewState
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.workers.jobs import JobContext
from dlstudio.workers.run_operations import run_project

MARGIN = 12


class Comparison(QObject):
    """Chooses what a canvas is compared with, and shows the difference.

    Args:
        studio: The window's collaborators.
        canvas: The canvas; its owner is also the parent.
        graph: Name of the graph on the canvas.
        view_state: Keeps the comparison while theme or language change.
    """

    def __init__(
        self, studio: Studio, canvas: CanvasEditor, graph: str, view_state: ViewState
    ) -> None:
        super().__init__(canvas)
        self._studio = studio
        self._canvas = canvas
        self._graph = graph
        self._view_state = view_state
        self.bar = DifferenceBar(studio.theme, canvas)
        self.bar.closed.connect(self.stop)
        studio.session.opened.connect(self._end)
        studio.session.changed.connect(self._changed)
        canvas.installEventFilter(self)
        if self._base is not None:
            self.compare(self._base)

    @property
    def _base(self) -> ComparisonBase | None:
        return self._view_state.compared.get(self._graph)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep the legend in its corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        self.bar.move(MARGIN, self._canvas.height() - self.bar.height() - MARGIN)

    def open_menu(self, at: QPoint) -> ComparisonMenu:
        """Open the menu of runs and projects to compare with."""
        menu = ComparisonMenu(self._studio, self._base is not None, self._canvas)
        menu.run_chosen.connect(self._compare_run)
        menu.project_requested.connect(self._choose_project)
        menu.stop_requested.connect(self.stop)
        menu.popup(at)
        self._studio.services.run_monitor.refresh()
        return menu

    def compare(self, base: ComparisonBase) -> None:
        """Show how the model differs from that of another project."""
        self._view_state.compared[self._graph] = base
        self._canvas.context.scene.difference_layer.compare(
            base.project.graphs.get(self._graph, Graph())
        )
        self._refresh(base)

    def stop(self) -> None:
        """End the comparison."""
        self._end()
        self._canvas.view.setFocus()

    def _end(self) -> None:
        self._view_state.compared.pop(self._graph, None)
        self._canvas.context.scene.difference_layer.compare(None)
        self.bar.hide()

    def _compare_run(self, run: str, name: str) -> None:
        folder = self._studio.session.folder
        if folder is not None:
            job = self._studio.engine.text_job(run_project, folder, run)
            job.on_success(partial(self._take_run, name))
            job.on_failure(self._studio.notices.error).start()

    def _choose_project(self) -> None:
        start = self._studio.session.folder or Path.home()
        dialog = QFileDialog(self._canvas, _("Compare with project"), str(start.parent))
        dialog.setObjectName("compare-project")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.compare_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def compare_folder(self, folder: str) -> None:
        """Compare with the project in a folder."""
        path = Path(folder)
        job = self._studio.engine.text_job(_load, path)
        job.on_success(partial(self._take_project, path.name))
        job.on_failure(self._studio.notices.error).start()

    def _take_run(self, name: str, base: Project) -> None:
        self.compare(ComparisonBase(base, name, run=True))

    def _take_project(self, name: str, base: Project) -> None:
        self.compare(ComparisonBase(base, base.name or name))

    def _changed(self, _change: ProjectChange) -> None:
        if self._base is not None:
            self._refresh(self._base)

    def _refresh(self, base: ComparisonBase) -> None:
        layer = self._canvas.context.scene.difference_layer
        found: GraphDiff = layer.found
        counts = (len(found.added), len(layer.changed()), len(found.removed))
        differs = project_difference(base.project, self._studio.session.project)
        text = _("Compared with run {name}") if base.run else _("Compared with {name}")
        title = text.format(name=base.name)
        self.bar.show_difference(title, counts, differs.sentences)
        self._place()


def _load(_context: JobContext, folder: Path) -> Project:
    return load_project(folder)
