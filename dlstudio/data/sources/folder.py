"""A folder with one subfolder per class, or train/val/test above the classes."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import resolve
from dlstudio.data.findings import Finding
from dlstudio.data.image_columns import Files
from dlstudio.data.samples import (
    Samples,
    image_samples,
    label_column,
    labels_from_names,
    require_samples,
    split_array,
    split_name,
)
from dlstudio.data.sources.folder_check import check_is_classification, check_level
from dlstudio.data.sources.folder_layout import AUTO, FolderLayout, layout_of
from dlstudio.data.sources.folder_preview import preview
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
    subfolders,
)
from dlstudio.data.sources.layout_findings import excluded_folder
from dlstudio.data.sources.other_tasks import task_finding
from dlstudio.data.split_names import split_names
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.paths import user_errors


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """Read the images of a folder tree.

    Args:
        params: "path" of the folder, absolute or relative to `base`; "classes" to
            include, empty for all; "layout" and "split_folders", see `layout_of`.
        base: Folder of the project.

    Raises:
        UserError: The folder does not exist, cannot be read or has no image.
    """
    root = resolve(params["path"], base)
    if not root.is_dir():
        raise UserError(
            _("The folder {path} does not exist.").format(path=root),
            _("Check the name, or whether it was moved."),
        )
    only = tuple(params.get("classes") or ())
    wanted = str(params.get("layout") or AUTO)
    walk = _FolderWalk(root)
    with user_errors(root, writing=False):
        layout = layout_of(root, wanted, tuple(params.get("split_folders") or ()), only)
        walk.add_layout(layout)
        if wanted == AUTO:
            walk.notes += _placed(layout.findings, str(params["path"]))
            walk.notes += task_finding(root)
    if only:
        walk.found = [each for each in walk.found if each[2] in only]
    walk.found.sort()
    classes, labels = labels_from_names([each[2] for each in walk.found])
    samples = image_samples(
        tuple(each[0] for each in walk.found),
        Files(tuple(each[1] for each in walk.found)),
        label_column(labels, classes),
        split_array([each[3] for each in walk.found]),
        tuple(walk.notes),
    )
    return require_samples(samples, root)


def _placed(findings: Sequence[Finding], path: str) -> list[Finding]:
    """Findings whose fixes name folders relative to the source's path."""
    placed = []
    for each in findings:
        fixes = tuple(
            replace(fix, params=fix.params.set("path", f"{path}/{fix.params['path']}"))
            if "path" in fix.params
            else fix
            for fix in each.fixes
        )
        placed.append(replace(each, fixes=fixes))
    return placed


def recognize(path: Path) -> Path | None:
    """The folder itself if it has classes of images, possibly within splits.

    Raises:
        UserError: Its images are for another task, or have no classes.
        AmbiguousPath: The folder is above one or several datasets.
    """
    if not path.is_dir():
        return None
    check_is_classification(path)
    if not _has_classes(path):
        return None
    check_level(path)
    return path


def combine(paths: Sequence[Path]) -> dict[str, Value] | None:
    """Combine folders dropped at the same time as classes, or splits, of their parent.

    Raises:
        UserError: They are not in the same folder.
    """
    if not all(path.is_dir() for path in paths):
        return None
    (parent, *others) = dict.fromkeys(path.parent for path in paths)
    if others:
        raise UserError(
            _("These folders are not in the same folder."),
            _("Put the folders of all classes into one folder, and drop that folder."),
        )
    names = sorted(path.name for path in paths)
    params: dict[str, Value] = {"path": parent.as_posix()}
    if "" in split_names(names):  # else they are splits, and their classes below
        params["classes"] = tuple(names)
    return params


def _has_classes(folder: Path) -> bool:
    walk = _FolderWalk(folder)
    for split, inner in layout_of(folder).split_folders:
        folders = [inner] if split else subfolders(inner)
        if any(next(walk.images(str(each)), None) for each in folders):
            return True
    return False


def _text(name: str) -> str:
    """A name normalized to one Unicode form, independent of the file system."""
    if name.isascii():
        return name
    plain = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", plain)


@dataclass
class _FolderWalk:
    """Collects (id, path, class, split) of each image below `root`.

    Paths are strings for speed: a large dataset has a million, and `Path` is slow.
    """

    root: Path
    found: list[tuple[str, str, str, str]] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._start = len(os.path.join(self.root, ""))

    def add_layout(self, layout: FolderLayout) -> None:
        """Add the images that a layout reads, and note those that it excludes."""
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


SOURCE = DataSource(
    read, (Recognizer(Certainty.LAYOUT, recognize),), combine=combine, preview=preview
)
