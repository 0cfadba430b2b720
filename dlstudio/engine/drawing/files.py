"""Writes drawings to files, in the format that the file's name ends in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from dlstudio import paths
from dlstudio.document.drawing.shapes import Drawing, Measure
from dlstudio.document.drawing.svg import svg_text
from dlstudio.document.drawing.text_widths import estimated_width
from dlstudio.errors import UserError
from dlstudio.i18n import _

FORMATS = (".svg", ".png", ".pdf")
PIXELS_PER_INCH = 96.0  # of CSS, which SVG uses as well
MAX_PAGE = 200.0  # inches; more than that Acrobat does not show
JPEG_QUALITY = 92
USUAL_SCALE = 2.0


@dataclass(frozen=True, slots=True)
class DrawingFile:
    """A file for a drawing.

    Attributes:
        path: Its name ends in ".svg", ".png" or ".pdf".
        scale: Pixels for each pixel of the drawing; None chooses 2, or less for a
            drawing that is too large for that.
    """

    path: Path
    scale: float | None = None

    @property
    def format(self) -> str:
        """The file's format, such as ".png".

        Raises:
            UserError: A drawing cannot be written in that format.
        """
        found = self.path.suffix.lower()
        if found not in FORMATS:
            raise UserError(
                _("A drawing cannot be written as “{name}”.").format(
                    name=self.path.name
                ),
                _("Choose a file name that ends in .svg, .png or .pdf."),
            )
        return found

    def measure(self) -> Measure:
        """What the widths of texts are measured with before the drawing is made."""
        if self.format == ".svg":  # the font is that of whoever opens the file
            return estimated_width
        from dlstudio.engine.drawing.fonts import DrawingFonts

        return DrawingFonts(USUAL_SCALE).measure

    def write(self, drawing: Drawing) -> None:
        """Write the file; an existing one is replaced.

        Raises:
            UserError: The format is unknown, the image would be too large, or the file
                cannot be written.
        """
        if self.format == ".svg":
            paths.write_text(self.path, svg_text(drawing, self.scale or 1.0))
        else:
            paths.write_bytes(self.path, self._image_bytes(drawing))

    def _image_bytes(self, drawing: Drawing) -> bytes:
        from dlstudio.engine.drawing.raster import largest_scale, raster

        scale = self.scale or min(USUAL_SCALE, largest_scale(drawing))
        image = raster(drawing, scale)
        stream = io.BytesIO()
        if self.format == ".png":
            image.save(stream, "PNG")
        else:
            side = max(image.size)
            inch = max(PIXELS_PER_INCH * scale, side / MAX_PAGE)
            image.save(
                stream,
                "PDF",
                resolution=inch,
                quality=JPEG_QUALITY,
                title=drawing.title,
            )
        return stream.getvalue()
