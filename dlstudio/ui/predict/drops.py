"""Drop and paste handling of the Predict room."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _
from dlstudio.ui.widgets.dropped_files import Drop, files_of, recognize_drop


def recognize_images(mime: QMimeData, catalog: Catalog) -> Drop | None:
    """The meaning of a drop on the page of images; None leaves it to the window."""
    files = files_of(mime)
    if not files:
        text = _("Predict this image")
        return Drop("images", text, ()) if mime.hasImage() else None
    found = recognize_drop(mime, catalog)
    if found is None or found.kind in ("project", "model", "converted"):
        return None
    if len(files) > 1:
        text = _("Predict “{name}” and the others")
    elif files[0].is_dir():
        text = _("Predict the images in “{name}”")
    else:
        text = _("Predict “{name}”")
    return Drop("images", text.format(name=files[0].name), files)


def recognize_table(mime: QMimeData, catalog: Catalog) -> Drop | None:
    """The meaning of a drop on the page of features; None leaves it to the window."""
    found = recognize_drop(mime, catalog)
    if found is None or found.kind in ("project", "model", "converted"):
        return None
    files = files_of(mime)
    if len(files) > 1:
        return Drop("nothing", _("Drop one table at a time."), files)
    if files[0].is_dir():
        return Drop("nothing", _("Drop a table, not a folder."), files)
    text = _("Predict the rows of “{name}”")
    return Drop("data", text.format(name=files[0].name), files)
