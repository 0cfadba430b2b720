"""The image files that the cells of a table name."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from dlstudio.data.fileinfo import LITTER, is_network_path
from dlstudio.data.images.files import IMAGE_FILE_SUFFIXES

HEAD = 50  # cells used to find the folder of the files
MOST_FOLDERS = 200
ADDRESSES = ("http://", "https://", "gs://", "s3://", "ftp://")


def locate(cell: str, folder: Path) -> str | None:
    """The regular file that a cell names, as an absolute path, or None."""
    text = cell.strip()
    if not text or "\0" in text or len(text) > 4096 or is_network_path(text):
        return None
    for name in dict.fromkeys((text, text.replace("\\", "/"))):
        path = os.path.abspath(os.path.join(folder, name))
        try:
            if stat.S_ISREG(os.stat(path).st_mode):
                return path
        except (OSError, ValueError):
            continue
    return None


def plain_name(cell: str) -> str:
    """A cell's file name in the form of sample ids."""
    return unicodedata.normalize("NFC", cell.strip().replace("\\", "/"))


class FileFinder:
    """Finds files by the cells of one column.

    A cell may be a path relative to the table's folder. Otherwise the files may be in a
    subfolder ("labels.csv" beside "train/"), and the cells may lack the extension
    ("0b7c" for "0b7c.jpg").

    Args:
        folder: Folder of the table.
        cells: All or some of the cells, to find the folder of the files.
        given: Folder of the files if specified; else "".

    Attributes:
        inside: Folder of the files, relative to the table's; "" for the same folder.
        others: Other folders that have as many of the files.
        doubtful: For cells without an extension, the files that match each.
    """

    def __init__(self, folder: Path, cells: Sequence[str], given: str = "") -> None:
        self._folder = folder
        self._listings: dict[str, dict[str, tuple[str, ...]]] = {}
        self.doubtful: dict[str, tuple[str, ...]] = {}
        self.others: tuple[str, ...] = ()
        self.inside = plain_name(given) if given else self._find_folder(cells)

    def find(self, cell: str) -> tuple[str, str | None]:
        """The sample's id and its file's absolute path; None if it does not exist."""
        name = plain_name(cell)
        path = None if self.inside else locate(cell, self._folder)
        if path is not None:
            return name, path
        place = f"{self.inside}/{name}" if self.inside else name
        path = locate(place, self._folder) if self.inside else None
        if path is not None:
            return place, path
        ending = self._ending(place)
        path = locate(place + ending, self._folder) if ending else None
        return (place + ending, path) if path is not None else (name, None)

    def hits(self, cells: Sequence[str]) -> int:
        """The number of cells that name a file."""
        return sum(self.find(cell)[1] is not None for cell in cells)

    def _ending(self, place: str) -> str:
        """The extension that a cell lacks: ".jpg"."""
        folder, _slash, stem = place.rpartition("/")
        if not stem or is_network_path(place) or "\0" in place:
            return ""
        endings = self._listing(folder).get(stem, ())
        if len(endings) > 1:
            self.doubtful[place] = tuple(stem + each for each in endings)
        return endings[0] if endings else ""

    def _listing(self, folder: str) -> dict[str, tuple[str, ...]]:
        """The extensions of the images in a folder, by stem."""
        if folder not in self._listings:
            found: dict[str, tuple[str, ...]] = {}
            for name in _names(os.path.join(self._folder, folder)):
                stem, ending = os.path.splitext(name)
                if ending.lower() in IMAGE_FILE_SUFFIXES:
                    found[stem] = (*found.get(stem, ()), ending)
            self._listings[folder] = found
        return self._listings[folder]

    def _find_folder(self, cells: Sequence[str]) -> str:
        """The subfolder that has the files, "" for the table's own folder."""
        head = [cell for cell in cells if cell.strip()][:HEAD]
        if any(locate(cell, self._folder) or self._listed("", cell) for cell in head):
            return ""
        counts = {
            folder: sum(self._listed(folder, cell) for cell in head)
            for folder in _folders(self._folder)
        }
        most = max(counts.values(), default=0)
        if not most:
            return ""
        best = [folder for folder, count in counts.items() if count == most]
        self.others = tuple(best[1:])
        return best[0]

    def _listed(self, folder: str, cell: str) -> bool:
        """Whether a folder has the image of a cell, with or without extension."""
        place = plain_name(f"{folder}/{cell.strip()}" if folder else cell)
        if is_network_path(place) or "\0" in place or os.path.isabs(place):
            return False
        inner, _slash, name = place.rpartition("/")
        listing = self._listing(inner)
        stem, ending = os.path.splitext(name)
        return ending in listing.get(stem, ()) or name in listing


def _folders(base: Path) -> Iterator[str]:
    """Subfolders of `base` down to two levels, sorted, relative to it."""
    first = _names(base, folders=True)[:MOST_FOLDERS]
    yield from first
    left = MOST_FOLDERS
    for name in first:
        inner = _names(base / name, folders=True)[:left]
        yield from (f"{name}/{each}" for each in inner)
        left -= len(inner)


def _names(folder: Path | str, folders: bool = False) -> list[str]:
    """The names of the files, or else the subfolders, of a folder, sorted."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                each.name
                for each in entries
                if each.is_dir() == folders
                and each.name not in LITTER
                and not each.name.startswith(".")
            )
    except (OSError, ValueError):
        return []
