"""What lies in folders: their entries, images and subfolders, litter passed over."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.fileinfo import IMAGE_FILE_SUFFIXES, LITTER, looks_like_image

MAX_DEPTH = 64
Entry = os.DirEntry[str]


@dataclass(frozen=True)
class TopFolder:
    """A folder that may be a split or a class.

    Attributes:
        split: What its name tells, or "".
        exact: The name is plainly that of a split, such as "train".
        inner: Names of the folders in it, if it holds no images itself.
        images: There are images in it.
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
    """What is in a folder, in order of names, without hidden files and litter."""
    with os.scandir(folder) as entries:
        kept = [entry for entry in entries if not is_litter(entry.name)]
    return sorted(kept, key=lambda entry: entry.name)


def subfolders(folder: Path) -> list[Path]:
    """The folders in a folder, in order of names."""
    return [Path(entry.path) for entry in entries_of(folder) if is_folder(entry)]


def files_in(folder: Path) -> list[Path]:
    """The files in a folder, in order of names."""
    return [Path(entry.path) for entry in entries_of(folder) if is_file(entry)]


def only_file(folder: Path, suffixes: Sequence[str]) -> Path | None:
    """The one file in a folder with one of these endings; None for none or several."""
    found = [each for each in files_in(folder) if each.suffix.lower() in suffixes]
    return found[0] if len(found) == 1 else None


def is_folder(entry: Entry) -> bool:
    """As `entry.is_dir()`, which fails for a link that leads to itself."""
    with suppress(OSError):
        return entry.is_dir()
    return False


def is_file(entry: Entry) -> bool:
    """As `entry.is_file()`, which fails for a link that leads to itself."""
    with suppress(OSError):
        return entry.is_file()
    return False


def is_image(path: str) -> bool:
    """Whether a file is an image by its name or its first bytes."""
    suffix = os.path.splitext(path)[1].lower()
    return suffix in IMAGE_FILE_SUFFIXES or looks_like_image(path)


def descend(root: Path) -> Path:
    """The folder at the end of folders that only hold one other, as archives have."""
    folders = subfolders(root)
    for _level in range(MAX_DEPTH):
        if len(folders) != 1 or not _is_wrapper(folders[0]):
            break
        root = folders[0]
        folders = subfolders(root)
    return root


def _is_wrapper(folder: Path) -> bool:
    """A folder that only holds folders, such as the one inside most archives."""
    entries = entries_of(folder)
    inside = any(map(is_folder, entries))
    return inside and not any(is_file(e) and is_image(e.path) for e in entries)


def around(folder: str) -> set[tuple[int, int]]:
    """The folders that `folder` lies in; a link to one of them only leads back."""
    found = set()
    for each in {*Path(folder).parents, *Path(os.path.realpath(folder)).parents}:
        with suppress(OSError):
            found.add(identity(str(each)))
    return found


def identity(path: str) -> tuple[int, int]:
    """What tells a folder from every other, however it is named."""
    status = os.stat(path)
    return status.st_dev, status.st_ino


def images_below(folder: Path | str) -> Iterator[str]:
    """The images below a folder, those it holds itself first; what fails is skipped."""
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
    """Whether there is any image below a folder; looks no further than the first."""
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


def is_litter(name: str) -> bool:
    """Whether a name is hidden, or what a system leaves behind."""
    return name in LITTER or name[0] == "."


def inner_folders(folder: Path) -> frozenset[str]:
    """Names of the folders in a folder that holds no images itself; else none.

    Looks no further than the first image, for a class may have a million.
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
