"""Unpacking data that came as a zip file, as safely as a stranger's file deserves."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import Path

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.workers.jobs import Ask, Cancelled

MOST_FILES = 2_000_000
RATIO = 200  # unpacked bytes for a packed one; pictures hardly shrink at all
SPARE = 0.9  # share of the free disk that may be used
# What zipfile raises for a damaged, locked or strangely packed file.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    RuntimeError,
)
LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db")


def unpack(ask: Ask, packed: Path, folder: Path) -> Path:
    """Unpack a zip file into a new folder.

    Returns:
        The folder that has the data: a single folder inside is entered.

    Raises:
        UserError: It is damaged, locked by a password, suspiciously large, or does
            not fit on the disk. Nothing is left behind.
        Cancelled: The job was cancelled; nothing is left behind.
    """
    try:
        with (
            paths.user_errors(folder, writing=True),
            zipfile.ZipFile(packed) as archive,
        ):
            wanted = _wanted(archive, packed, folder)
            folder.mkdir(parents=True)
            for entry in wanted:
                if ask.should_stop():
                    raise Cancelled
                # It leaves out drive letters, roots and "..", and makes no links.
                archive.extract(entry, folder)
    except BROKEN as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UserError(
            _("{path} cannot be unpacked: {reason}.").format(path=packed, reason=error),
            _("Unpack it with another program and drop the folder here."),
        ) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _entered(folder)


def _wanted(
    archive: zipfile.ZipFile, packed: Path, folder: Path
) -> list[zipfile.ZipInfo]:
    """The entries to unpack, if all of them together are reasonable."""
    entries = [
        entry
        for entry in archive.infolist()
        if not any(part in LITTER for part in Path(entry.filename).parts)
    ]
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES or size > RATIO * max(1, packed.stat().st_size):
        raise UserError(
            _("{path} would become suspiciously large when unpacked.").format(
                path=packed
            ),
            _("Unpack it with another program if you trust it."),
        )
    room = next(each for each in folder.absolute().parents if each.exists())
    if size > SPARE * shutil.disk_usage(room).free:
        raise UserError(
            _("The disk has too little room to unpack {path}.").format(path=packed),
            _("Free some space and try again."),
        )
    return entries


def _entered(folder: Path) -> Path:
    """The folder itself, or the single folder in it, and so on."""
    inside = list(folder.iterdir())
    while len(inside) == 1 and inside[0].is_dir():
        folder = inside[0]
        inside = list(folder.iterdir())
    return folder
