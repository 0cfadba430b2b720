"""What files dropped on the Data room mean."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from dlstudio.i18n import _
from dlstudio.ui.shell.drops import MODELS, Drop, meaning


def meaning_here(mime: QMimeData) -> Drop | None:
    """What dropping does in this room; None for what is the window's to do."""
    found = meaning(mime)
    if found is None or found.kind == "project" or _is_model(found.path):
        return None
    count = len(mime.urls())
    if found.path.suffix.lower() == ".zip":
        text = _("Unpack “{name}” and take its pictures")
    elif count > 1:
        text = _("Take these pictures: “{name}” and others")
    else:
        text = _("Take the pictures in “{name}”")
    return Drop("data", found.path, text.format(name=found.path.name))


def _is_model(path: Path) -> bool:
    return path.suffix.lower() in MODELS
