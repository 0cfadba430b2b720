"""The sources of images that a script reads, each by a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.codegen.array_files import READERS
from dlstudio.engine.codegen.array_images import array_listing
from dlstudio.engine.codegen.folder_images import folder_listing
from dlstudio.engine.codegen.image_listing import ImageListing
from dlstudio.engine.codegen.listed_images import table_listing
from dlstudio.errors import UserError
from dlstudio.i18n import _

Lister: TypeAlias = Callable[[Project, Path, Catalog], ImageListing]
LISTERS: dict[str, Lister] = {
    "dlstudio.sources.folder": folder_listing,
    "dlstudio.sources.csv": table_listing,
    **dict.fromkeys(READERS, array_listing),
}


def image_listing(project: Project, folder: Path, catalog: Catalog) -> ImageListing:
    """The images of a project's source and how a script finds them.

    Args:
        project: Its data are images.
        folder: Of the project, to which paths are relative.
        catalog: Describes the source.

    Raises:
        UserError: The source cannot be read, or not by a script.
    """
    kind = project.data.source.kind
    if kind not in LISTERS:
        title = _(catalog[kind].title)
        raise UserError(_("A script does not read “{title}”.").format(title=title))
    return LISTERS[kind](project, folder, catalog)
