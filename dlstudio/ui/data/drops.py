"""File types accepted by drops on the Data room and by its file dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData

from dlstudio.catalog.schema import Description
from dlstudio.catalog.source_queries import ARCHIVE_PATTERNS, is_archive_name
from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _
from dlstudio.ui.services.dataset.dataset_text import title_of
from dlstudio.ui.widgets.dropped_files import Drop, recognize_drop


def recognize_room_drop(mime: QMimeData, catalog: Catalog) -> Drop | None:
    """The meaning of a drop in this room; None leaves it to the window."""
    found = recognize_drop(mime, catalog)
    if found is None or found.kind in ("project", "model", "converted"):
        return None
    if is_archive_name(found.path.name):
        text = _("Unpack “{name}” and use its data")
    elif len(found.paths) > 1:
        text = _("Use this data: “{name}” and others")
    else:
        text = _("Use the data in “{name}”")
    return Drop("data", text.format(name=found.path.name), found.paths)


def data_filters(sources: Sequence[Description]) -> tuple[str, ...]:
    """File dialog filters: all data files, those of each source, all files.

    Args:
        sources: The available sources; those that do not read files are skipped.
    """
    kinds = [
        (title_of(each), each.source.file_patterns)
        for each in sources
        if each.source.file_patterns
    ]
    kinds.append((_("Zip archives"), ARCHIVE_PATTERNS))
    every = tuple(pattern for _title, patterns in kinds for pattern in patterns)
    offered = [(_("Data files"), every), *kinds, (_("All files"), ("*",))]
    return tuple(f"{title} ({' '.join(patterns)})" for title, patterns in offered)
