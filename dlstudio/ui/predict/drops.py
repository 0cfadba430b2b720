"""Drop and paste handling of the Predict room."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _
from dlstudio.ui.widgets.dropped_files import Drop, files_of, recognize_drop


def recognize_room_drop(mime: QMimeData, catalog: Catalog) -> Drop | None:
    """The meaning of a drop in this room; None leaves it to the window."""
    files = files_of(mime)
    if not files:
        text = _("Predict this image")
        return Drop("images", text, ()) if mime.hasImage() else None
    found = recognize_drop(mime, catalog)
    if found is None or found.kind in ("project", "model"):
        return None
    if len(files) > 1:
        text = _("Predict “{name}” and the others")
    elif files[0].is_dir():
        text = _("Predict the images in “{name}”")
    else:
        text = _("Predict “{name}”")
    return Drop("images", text.format(name=files[0].name), files)
