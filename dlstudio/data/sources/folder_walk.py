"""Collecting the images of a folder tree, with what their folders say of them."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.data.findings import Finding
from dlstudio.data.samples import split_name
from dlstudio.data.sources.folder_layout import FolderLayout
from dlstudio.data.sources.folder_tree import (
    MAX_DEPTH,
    Entry,
    around,
    descend,
    entries_of,
    identity,
    images_below,
    is_file,
    is_folder,
    is_image,
)
from dlstudio.data.sources.layout_findings import excluded_folder
from dlstudio.i18n import _, ngettext


def _text(name: str) -> str:
    """A name normalized to one Unicode form, independent of the file system."""
    if name.isascii():
        return name
    plain = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", plain)


@dataclass
class FolderWalk:
    """Collects (id, path, class, split) of each image below `root`.

    Paths are strings for speed: a large dataset has a million, and `Path` is slow. The
    class is "" where folders mean none.
    """

    root: Path
    found: list[tuple[str, str, str, str]] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._start = len(os.path.join(self.root, ""))

    def add_layout(self, layout: FolderLayout) -> None:
        """Add the images that a layout reads, and note those that it excludes."""
        if layout.unlabeled:
            self._add_unlabeled(layout)
            return
        for split, folder in layout.split_folders:
            if layout.inner_splits:
                self._add_splits(folder)
            else:
                self._add_split(split, folder)
        for top in layout.excluded:
            count = sum(1 for _image in images_below(top.path))
            self.notes.append(excluded_folder(top, self._id(str(top.path)), count))
        above = descend(self.root)
        if above not in {folder for _split, folder in layout.split_folders}:
            self._note_loose(above)

    def add_files(self, names: Sequence[str]) -> None:
        """Add some files without classes, by their paths below the root."""
        for name in dict.fromkeys(names):
            path = os.path.join(self.root, *name.split("/"))
            inside = self._id(path) == name and ".." not in name.split("/")
            if inside and os.path.isfile(path):
                self.found.append((_text(name), path, "", ""))
            else:
                text = _("The file does not exist.")
                self.notes.append(Finding("missing-file", name, text))

    def _add_unlabeled(self, layout: FolderLayout) -> None:
        """Add every image of the folders without a split; others say splits below."""
        splits = [
            (os.path.join(folder, ""), split)
            for split, folder in layout.split_folders
            if split
        ]
        for split, folder in layout.split_folders:
            for path in self.images(str(folder)) if not split else ():
                given = (name for start, name in splits if path.startswith(start))
                self.found.append((self._id(path), path, "", next(given, "")))

    def _add_split(self, split: str, folder: Path) -> None:
        """Add every class folder in `folder`."""
        for entry in entries_of(folder):
            if is_folder(entry):
                self._add_class(split, entry, _text(entry.name))
        self._note_loose(folder)

    def _add_splits(self, folder: Path) -> None:
        """Add the splits in the folder of a class."""
        for entry in entries_of(folder):
            if is_folder(entry):
                self._add_class(split_name(entry.name), entry, _text(folder.name))

    def _note_loose(self, folder: Path) -> None:
        """Note the images in a folder where only subfolders are read."""
        entries = entries_of(folder)
        loose = sum(1 for e in entries if not is_folder(e) and is_image(e.path))
        if loose:
            text = ngettext(
                "{count} image is not in a class folder and is not used.",
                "{count} images are not in a class folder and are not used.",
                loose,
            )
            self._note("no-class", str(folder), text.format(count=f"{loose:,}"))

    def _add_class(self, split: str, folder: Entry, name: str) -> None:
        before = len(self.found)
        for path in self.images(folder.path):
            self.found.append((self._id(path), path, name, split))
        if len(self.found) == before:
            text = _("The folder contains no images, so it does not become a class.")
            self._note("empty-folder", folder.path, text)

    def images(self, folder: str) -> Iterator[str]:
        """Every image below `folder`; each folder is entered once, even with links."""
        waiting, entered = [(folder, 0)], around(folder)
        while waiting:
            path, depth = waiting.pop()
            try:
                key = identity(path)
                if key in entered or depth > MAX_DEPTH:
                    continue
                entered.add(key)
                entries = entries_of(path)
            except OSError as error:
                text = _("The folder cannot be read: {reason}.")
                self._note("unreadable", path, text.format(reason=error.strerror))
                continue
            inner = [entry.path for entry in entries if is_folder(entry)]
            waiting.extend((each, depth + 1) for each in reversed(inner))
            for entry in entries:
                if not is_folder(entry) and self._is_sample(entry):
                    yield entry.path

    def _is_sample(self, entry: Entry) -> bool:
        if not is_file(entry):
            # Neither a file nor a folder: a pipe, say, or a broken link.
            if entry.is_symlink() and not os.path.exists(entry.path):
                text = _("The link points to a file that does not exist.")
                self._note("missing-file", entry.path, text)
            return False
        if is_image(entry.path):
            return True
        text = _("The file is not an image, so it is excluded.")
        self._note("not-an-image", entry.path, text)
        return False

    def _id(self, path: str) -> str:
        return _text(path[self._start :].replace(os.sep, "/")) or "."

    def _note(self, kind: str, path: str, message: str) -> None:
        self.notes.append(Finding(kind, self._id(path), message))
