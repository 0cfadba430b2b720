"""Images in the code that calls an export of a model of features."""

from __future__ import annotations

from dlstudio.data.features.base import Fitted
from dlstudio.data.features.image import form_of
from dlstudio.engine.export.formats.file_value import FileValue
from dlstudio.engine.export.formats.read_image import read_image_code
from dlstudio.i18n import _

CONTENT = FileValue("tf.io.read_file(@file).numpy()", "base64 < @file | tr -d '\\n'")
"""The content of a file, as a SavedModel takes it."""
READ = FileValue("images[0]")
"""What `reading_code` leaves, as a model itself takes it."""
IMPORT = "from PIL import Image, ImageOps\n"
"""What `reading_code` needs."""


def reading_code(fitted: Fitted) -> str:
    """Python that reads a file as the studio does.

    Args:
        fitted: What the feature has learned.
    """
    return read_image_code(form_of(fitted))


def content_note() -> str:
    """What the card of a SavedModel says of an argument that is a file."""
    return _("An image is the content of its file, and none may be missing.")
