"""Saving the canvas as a drawing, from a menu to the file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.project import MODEL
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.drawing.drawing_dialog import open_drawing_dialog
from dlstudio.ui.model.drawing.drawing_files import CanvasDrawing
from dlstudio.ui.studio import Studio
from dlstudio.workers.jobs import JobContext


def save_drawing(
    studio: Studio, graph: str, reports: GraphReports, parent: QWidget
) -> None:
    """Ask for a file and draw a graph into it, on another thread.

    Args:
        studio: The window's collaborators.
        graph: Name of the graph.
        reports: Shapes and costs that the canvas shows.
        parent: The widget that owns the dialog.
    """
    session = studio.session
    if not session.project.graphs[graph].nodes:
        studio.notices.error(UserError(_("The model has no layers yet.")))
        return
    drawing = CanvasDrawing(
        session.project, graph, session.catalog, reports, studio.theme
    )

    def save(path: Path, scale: float) -> None:
        job = studio.engine.text_job(_write, drawing, path, scale)
        job.on_success(
            lambda done: studio.notices.good(_("Saved to {path}.").format(path=done))
        )
        job.on_failure(studio.notices.error).start()

    folder = session.folder or Path.home()
    name = _file_name(session.project.name if graph == MODEL else graph)
    open_drawing_dialog(parent, folder / name, save)


def _write(
    _context: JobContext, drawing: CanvasDrawing, path: Path, scale: float
) -> Path:
    return drawing.write(path, scale)


def _file_name(name: str) -> str:
    kept = "".join(c if c.isalnum() or c in " -_" else "-" for c in name).strip()
    return kept or "model"
