"""What files dropped on the Data room mean."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from dlstudio.i18n import _
from dlstudio.ui.widgets.dropped_files import Drop, recognize_drop


def recognize_room_drop(mime: QMimeData) -> Drop | None:
    """What dropping does in this room; None for what is the window's to do."""
    found = recognize_drop(mime)
    if found is None or found.kind in ("project", "model"):
        return None
    if found.path.suffix.lower() == ".zip":
        text = _("Unpack “{name}” and use its images")
    elif len(found.paths) > 1:
        text = _("Use these images: “{name}” and others")
    else:
        text = _("Use the images in “{name}”")
    return Drop("data", text.format(name=found.path.name), found.paths)
