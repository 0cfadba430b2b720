"""Writes what the canvas shows to SVG, PNG and PDF files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import (
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)

from dlstudio import paths
from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.drawing.graph_drawing import GraphArtist
from dlstudio.document.drawing.shapes import Drawing
from dlstudio.document.drawing.svg import svg_text
from dlstudio.document.project import Project
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.drawing.drawing_painter import DrawingPainter
from dlstudio.ui.theme.tokens import Theme

MAX_SIDE = 32_767  # of an image that Qt paints on
MAX_PIXELS = 120_000_000
POINTS_PER_PIXEL = 0.75
MAX_PAGE = 14_400.0  # points; larger pages are not shown by all readers
PDF_RESOLUTION = 288


@dataclass(frozen=True, slots=True)
class CanvasDrawing:
    """What is drawn: one graph of a project as the canvas shows it."""

    project: Project
    graph: str
    catalog: Catalog
    reports: GraphReports
    theme: Theme

    def write(self, path: Path, scale: float = 1.0) -> Path:
        """Write a file in the format that its name ends in.

        Args:
            path: The file; its name ends in ".svg", ".png" or ".pdf".
            scale: Pixels of a PNG for each pixel of the canvas at 100 %.

        Raises:
            UserError: The image would be too large, or the file cannot be written.
        """
        painter = DrawingPainter(self.theme)
        artist = GraphArtist(
            self.catalog, self.project.graphs, self.theme.colors, painter.measure
        )
        graph = self.project.graphs[self.graph]
        drawing = artist.draw(graph, self.reports, self.project.name)
        kind = path.suffix.lower()
        if kind == ".png":
            paths.write_bytes(path, png_bytes(painter, drawing, scale))
        elif kind == ".pdf":
            paths.write_bytes(path, pdf_bytes(painter, drawing))
        else:
            paths.write_text(path, svg_text(drawing))
        return path


def png_bytes(painter: DrawingPainter, drawing: Drawing, scale: float) -> bytes:
    """Paint a drawing as a PNG.

    Args:
        painter: Paints it.
        drawing: What is painted.
        scale: Pixels of the image for each pixel of the drawing.

    Raises:
        UserError: The image would be too large.
    """
    width, height = math.ceil(drawing.width * scale), math.ceil(drawing.height * scale)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise UserError(
            _("An image of {width} × {height} pixels is too large.").format(
                width=width, height=height
            ),
            _("Choose a smaller size, SVG or PDF."),
        )
    image = QImage(width, height, QImage.Format.Format_RGB32)
    device = QPainter(image)
    device.scale(scale, scale)
    painter.paint(device, drawing)
    device.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    return bytes(buffer.data().data())


def pdf_bytes(painter: DrawingPainter, drawing: Drawing) -> bytes:
    """Paint a drawing as a PDF of one page, with lines and texts, not pixels."""
    points = max(drawing.width, drawing.height) * POINTS_PER_PIXEL
    shrink = min(1.0, MAX_PAGE / points)
    unit = POINTS_PER_PIXEL * shrink
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(PDF_RESOLUTION)
    writer.setTitle(drawing.title)
    size = QSizeF(drawing.width * unit, drawing.height * unit)
    page = QPageSize(
        size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch
    )
    portrait = QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(page, portrait, QMarginsF()))
    device = QPainter(writer)
    device.scale(unit * PDF_RESOLUTION / 72, unit * PDF_RESOLUTION / 72)
    painter.paint(device, drawing)
    device.end()
    return bytes(buffer.data().data())
