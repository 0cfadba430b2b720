"""Finding the dataset in an unpacked archive."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.guess_source import guess_source
from dlstudio.errors import AmbiguousPath, UserError
from dlstudio.i18n import _


def dataset_in(folder: Path, archive: Path, catalog: Catalog) -> Path:
    """The folder, or the only dataset in it.

    Args:
        folder: Folder that the archive was unpacked to.
        archive: The archive, named in messages.
        catalog: Catalog with the data sources.

    Raises:
        UserError: It holds no recognized data, or several datasets.
    """
    try:
        guess_source(folder, catalog)
    except AmbiguousPath as error:
        if len(error.choices) == 1:
            return Path(error.choices[0])
        names = [Path(each).relative_to(folder).as_posix() for each in error.choices]
        raise UserError(
            _("{path} contains several datasets: {names}.").format(
                path=archive.name, names=", ".join(names)
            ),
            _("Unpack it yourself and choose one of these folders."),
        ) from error
    return folder
