"""What to import, where to, and whether the model has a use for what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.engine.file_import.examined_model import ExaminedModel
from dlstudio.engine.file_import.pixel_range import ImageEntry
from dlstudio.errors import UserError
from dlstudio.i18n import _

AS_IT_IS = ImageEntry()


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file to import.

    Attributes:
        path: Of the model.
        folder: Of the project; new or empty.
        weights: File of weights to use in place of the model's own.
        labels: File that names the classes; None to look beside the model.
        classes: Their names, if no file has them; () for those found.
        columns: Names of the columns that enter a model of numbers; () to number them.
        image: How images enter the model.
        code: Python files that define custom layers; run only if they are trusted.
    """

    path: Path
    folder: Path
    weights: Path | None = None
    labels: Path | None = None
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    image: ImageEntry = AS_IT_IS
    code: tuple[Path, ...] = ()


def check_request(request: ImportRequest, examined: ExaminedModel) -> None:
    """Check that the model has a use for each option that was given.

    Args:
        request: What was chosen.
        examined: The model.

    Raises:
        UserError: An option would change nothing.
    """
    image = examined.image
    if image is None and (request.image.pixels or request.image.size):
        raise UserError(
            _(
                "The model does not have exactly one image input, which --pixels "
                "and --size are for."
            ),
            _("Import it without them."),
        )
    if image is not None and request.image.size and not examined.any_size:
        height, width = image.shape[:2]
        raise UserError(
            _("The model accepts only images of {height} × {width}.").format(
                height=height or "?", width=width or "?"
            ),
            _("Import it without --size: all images are resized to that."),
        )
    if request.labels is not None and not any(e.classes for e in examined.answers):
        raise UserError(
            _("The model has no output with classes that --labels could name."),
            _("Import it without --labels."),
        )
    if request.columns and examined.takes_image_alone:
        raise UserError(
            _("The model takes images, not columns of a table."),
            _("Import it without --columns."),
        )
