"""Listing folders: their entries, images and subfolders, without system files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.fileinfo import LITTER
from dlstudio.data.images.files import IMAGE_FILE_SUFFIXES, looks_like_image

MAX_DEPTH = 64
Entry = os.DirEntry[str]


@dataclass(frozen=True)
class TopFolder:
    """A folder that may be a split or a class.

    Attributes:
        split: Split that its name denotes, or "".
        exact: Whether the name is exactly that of a split, such as "train".
        inner: Names of its subfolders, if it has no images itself.
        images: Whether it contains images at any depth.
    """

    path: Path
    split: str
    exact: bool
    inner: frozenset[str]
    images: bool

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.path.name


def entries_of(folder: Path | str) -> list[Entry]:
    """The entries of a folder, sorted by name, without hidden and system files."""
    with os.scandir(folder) as entries:
        kept = [entry for entry in entries if not is_litter(entry.name)]
    return sorted(kept, key=lambda entry: entry.name)


def subfolders(folder: Path) -> list[Path]:
    """The subfolders of a folder, sorted by name."""
    return [Path(entry.path) for entry in entries_of(folder) if is_folder(entry)]


def files_in(folder: Path) -> list[Path]:
    """The files of a folder, sorted by name."""
    return [Path(entry.path) for entry in entries_of(folder) if is_file(entry)]


def only_file(folder: Path, suffixes: Sequence[str]) -> Path | None:
    """The only file in a folder with one of these extensions, or None."""
    found = [each for each in files_in(folder) if each.suffix.lower() in suffixes]
    return found[0] if len(found) == 1 else None


def is_folder(entry: Entry) -> bool:
    """As `entry.is_dir()`, but False for a link to itself instead of an error."""
    with suppress(OSError):
        return entry.is_dir()
    return False


def is_file(entry: Entry) -> bool:
    """As `entry.is_file()`, but False for a link to itself instead of an error."""
    with suppress(OSError):
        return entry.is_file()
    return False


def is_image(path: str) -> bool:
    """Whether a file is an image by its name or its first bytes."""
    suffix = os.path.splitext(path)[1].lower()
    return suffix in IMAGE_FILE_SUFFIXES or looks_like_image(path)


def descend(root: Path) -> Path:
    """The folder below a chain of folders with a single subfolder, as in archives."""
    folders = subfolders(root)
    for _level in range(MAX_DEPTH):
        if len(folders) != 1 or not _is_wrapper(folders[0]):
            break
        root = folders[0]
        folders = subfolders(root)
    return root


def _is_wrapper(folder: Path) -> bool:
    """Whether a folder only contains folders, such as the one inside most archives."""
    entries = entries_of(folder)
    inside = any(map(is_folder, entries))
    return inside and not any(is_file(e) and is_image(e.path) for e in entries)


def around(folder: str) -> set[tuple[int, int]]:
    """The ancestors of `folder`; a link to one of them would be a cycle."""
    found = set()
    for each in {*Path(folder).parents, *Path(os.path.realpath(folder)).parents}:
        with suppress(OSError):
            found.add(identity(str(each)))
    return found


def identity(path: str) -> tuple[int, int]:
    """A key that identifies a folder, whatever its path."""
    status = os.stat(path)
    return status.st_dev, status.st_ino


def images_below(folder: Path | str) -> Iterator[str]:
    """The images below a folder, direct ones first; unreadable folders are skipped."""
    waiting, entered = [(str(folder), 0)], around(str(folder))
    while waiting:
        path, depth = waiting.pop()
        with suppress(OSError):
            key = identity(path)
            if key in entered or depth > MAX_DEPTH:
                continue
            entered.add(key)
            entries = entries_of(path)
            inner = [entry.path for entry in entries if is_folder(entry)]
            waiting.extend((each, depth + 1) for each in reversed(inner))
            yield from (e.path for e in entries if is_file(e) and is_image(e.path))


def has_images(folder: Path | str) -> bool:
    """Whether there is any image below a folder; stops at the first."""
    waiting, entered = [(str(folder), 0)], around(str(folder))
    while waiting:
        path, depth = waiting.pop()
        with suppress(OSError):
            key = identity(path)
            if key in entered or depth > MAX_DEPTH:
                continue
            entered.add(key)
            with os.scandir(path) as entries:
                for entry in entries:
                    if is_litter(entry.name):
                        continue
                    if is_folder(entry):
                        waiting.append((entry.path, depth + 1))
                    elif is_file(entry) and is_image(entry.path):
                        return True
    return False


def has_loose_images(folder: Path) -> bool:
    """Whether there is an image directly in a folder; stops at the first."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if is_litter(entry.name) or not is_file(entry):
                continue
            if is_image(entry.path):
                return True
    return False


def is_litter(name: str) -> bool:
    """Whether a name is that of a hidden or system file."""
    return name in LITTER or name[0] == "."


def inner_folders(folder: Path) -> frozenset[str]:
    """Names of the subfolders of a folder without direct images; else none.

    Stops at the first image, since a class may have a million.
    """
    names = set()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if is_litter(entry.name):
                continue
            if is_folder(entry):
                names.add(entry.name)
            elif is_image(entry.path):
                return frozenset()
    return frozenset(names)
