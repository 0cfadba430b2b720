"""A folder with one subfolder per class, or train/val/test above the classes."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlstudio.data.fileinfo import (
    LITTER,
    PICTURE_SUFFIXES,
    looks_like_picture,
    resolve,
)
from dlstudio.data.samples import (
    TRAIN,
    Finding,
    Samples,
    labels_from_names,
    require_samples,
    split_array,
    split_name,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

MAX_DEPTH = 64


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """The pictures of a folder tree.

    Args:
        params: "path" of the folder, absolute or relative to `base`; "classes" that
            are wanted, none for all.
        base: Folder of the project.

    Raises:
        UserError: The folder is missing, cannot be read or has no picture.
    """
    root = resolve(params["path"], base)
    if not root.is_dir():
        raise UserError(
            _("The folder {path} does not exist.").format(path=root),
            _("Check the name, or whether it was moved."),
        )
    walk = _Walk(root)
    with user_errors(root, writing=False):
        for split, folder in _parts(root):
            walk.take_part(split, folder)
    wanted = set(params.get("classes") or ())
    if wanted:
        walk.found = [each for each in walk.found if each[2] in wanted]
    walk.found.sort()
    classes, labels = labels_from_names([each[2] for each in walk.found])
    samples = Samples(
        ids=tuple(each[0] for each in walk.found),
        classes=classes,
        labels=labels,
        splits=split_array([each[3] for each in walk.found]),
        files=tuple(each[1] for each in walk.found),
        notes=tuple(walk.notes),
    )
    return require_samples(samples, root)


def has_classes(folder: Path) -> bool:
    """Whether a folder looks like classes of pictures (with or without splits)."""
    walk = _Walk(folder)
    for split, part in _parts(folder):
        folders = [part] if split else _subfolders(part)
        if any(next(walk.pictures(str(each)), None) for each in folders):
            return True
    return False


def _parts(root: Path) -> list[tuple[str, Path]]:
    """The folders that hold class folders, each with its split ("" for none)."""
    folders = _subfolders(root)
    for _level in range(MAX_DEPTH):
        if len(folders) != 1 or not _is_wrapper(folders[0]):
            break
        root = folders[0]
        folders = _subfolders(root)
    named = [(split_name(path.name), path) for path in folders]
    parts = [(split, path) for split, path in named if split and _subfolders(path)]
    whole = all(split for split, _path in named)
    if parts and (whole or TRAIN in {split for split, _path in parts}):
        return parts
    return [("", root)]


def _is_wrapper(folder: Path) -> bool:
    """A folder that only holds folders, such as the one inside most archives."""
    entries = _entries(folder)
    inside = any(map(_is_folder, entries))
    return inside and not any(_is_file(e) and _is_picture(e.path) for e in entries)


def _subfolders(folder: Path) -> list[Path]:
    return [Path(entry.path) for entry in _entries(folder) if _is_folder(entry)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """As `entry.is_dir()`, which fails for a link that leads to itself."""
    with suppress(OSError):
        return entry.is_dir()
    return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    with suppress(OSError):
        return entry.is_file()
    return False


def _around(folder: str) -> set[tuple[int, int]]:
    """The folders that `folder` lies in; a link to one of them only leads back."""
    found = set()
    for each in {*Path(folder).parents, *Path(os.path.realpath(folder)).parents}:
        with suppress(OSError):
            found.add(_key(str(each)))
    return found


def _key(folder: str) -> tuple[int, int]:
    status = os.stat(folder)
    return status.st_dev, status.st_ino


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    """What is in a folder, in order of names, without hidden files and litter."""
    with os.scandir(folder) as entries:
        kept = [e for e in entries if e.name not in LITTER and e.name[0] != "."]
    return sorted(kept, key=lambda entry: entry.name)


def _is_picture(path: str) -> bool:
    suffix = os.path.splitext(path)[1].lower()
    return suffix in PICTURE_SUFFIXES or looks_like_picture(path)


def _text(name: str) -> str:
    """A name in one Unicode form, whatever the file system did to it."""
    if name.isascii():
        return name
    plain = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", plain)


@dataclass
class _Walk:
    """Collects (id, path, class, split) of each picture below `root`.

    Paths are strings here: a large set has a million, and `Path` takes its time.
    """

    root: Path
    found: list[tuple[str, str, str, str]] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._start = len(os.path.join(self.root, ""))

    def take_part(self, split: str, folder: Path) -> None:
        """Take every class folder in `folder`."""
        loose = 0
        for entry in _entries(folder):
            if _is_folder(entry):
                self._take_class(split, entry)
            elif _is_picture(entry.path):
                loose += 1
        if loose:
            text = _("{count} pictures lie in no class folder and are left out.")
            self._note("no-class", str(folder), text.format(count=loose))

    def _take_class(self, split: str, folder: os.DirEntry[str]) -> None:
        before = len(self.found)
        name = _text(folder.name)
        for path in self.pictures(folder.path):
            self.found.append((self._id(path), path, name, split))
        if len(self.found) == before:
            text = _("The folder has no pictures, so there is no such class.")
            self._note("empty-folder", folder.path, text)

    def pictures(self, folder: str) -> Iterator[str]:
        """Every picture below `folder`; a folder is entered once, links or not."""
        waiting, entered = [(folder, 0)], _around(folder)
        while waiting:
            path, depth = waiting.pop()
            try:
                key = _key(path)
                if key in entered or depth > MAX_DEPTH:
                    continue
                entered.add(key)
                entries = _entries(path)
            except OSError as error:
                text = _("The folder cannot be read: {reason}.")
                self._note("unreadable", path, text.format(reason=error.strerror))
                continue
            inner = [entry.path for entry in entries if _is_folder(entry)]
            waiting.extend((each, depth + 1) for each in reversed(inner))
            for entry in entries:
                if not _is_folder(entry) and self._is_sample(entry):
                    yield entry.path

    def _is_sample(self, entry: os.DirEntry[str]) -> bool:
        if not _is_file(entry):
            # Neither a file nor a folder: a pipe, say, or a link that leads nowhere.
            if entry.is_symlink() and not os.path.exists(entry.path):
                text = _("The link leads nowhere.")
                self._note("missing-file", entry.path, text)
            return False
        if _is_picture(entry.path):
            return True
        text = _("This is no picture and is left out.")
        self._note("not-an-image", entry.path, text)
        return False

    def _id(self, path: str) -> str:
        return _text(path[self._start :].replace(os.sep, "/")) or "."

    def _note(self, kind: str, path: str, message: str) -> None:
        self.notes.append(Finding(kind, self._id(path), message))
