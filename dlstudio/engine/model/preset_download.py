"""Downloads a published preset into KerasHub's cache, after someone has said yes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dlstudio.catalog.backbones import PublishedWeights
from dlstudio.engine.model.hub_catalog import hub_library
from dlstudio.engine.model.preset_files import (
    CONFIG,
    CONVERTER,
    WEIGHTS,
    cache_place,
    is_complete,
    is_file_complete,
)
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _

NEEDED = (CONFIG, WEIGHTS)
MISSING = 404


def download_preset(
    weights: PublishedWeights, progress: Callable[[int, int], None]
) -> Path:
    """The folder with the files of a preset; those that are missing are downloaded.

    Args:
        weights: Of the preset.
        progress: Called before each file, with the bytes that are there and those of
            all; may raise to stop.

    Raises:
        UserError: There is no connection, or KerasHub is not installed.
    """
    library: Any = hub_library("kagglehub")
    place = cache_place(weights.handle)
    for name in (CONFIG, CONVERTER, WEIGHTS):
        progress(_bytes_in(place), round(weights.megabytes * 1e6))
        if is_file_complete(place, name):
            continue
        try:
            library.model_download(weights.handle, name)
        except Exception as error:  # kagglehub and what it uses raise all kinds
            status = getattr(getattr(error, "response", None), "status_code", 0)
            if name not in NEEDED and status == MISSING:
                continue
            raise UserError(
                _("{address} cannot be downloaded: {reason}").format(
                    address=weights.address, reason=plain(error)
                ),
                _(
                    "Check the connection, or put the files {names} into {folder} by "
                    "hand."
                ).format(
                    names=", ".join((CONFIG, CONVERTER, WEIGHTS)),
                    folder=os.fspath(place),
                ),
            ) from error
    if not is_complete(place):
        raise UserError(
            _("{folder} has no weights of a preset.").format(folder=place),
            _("Delete the folder, and download the preset again."),
        )
    return place


def _bytes_in(place: Path) -> int:
    files = (place / name for name in (CONFIG, CONVERTER, WEIGHTS))
    return sum(each.stat().st_size for each in files if each.is_file())
