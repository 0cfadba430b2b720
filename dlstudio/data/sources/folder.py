"""Images in a folder: one subfolder per class, possibly in splits, or no classes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import resolve
from dlstudio.data.findings import Finding
from dlstudio.data.images.checks.narrow_values import complete_images
from dlstudio.data.images.columns import Files
from dlstudio.data.images.files import looks_like_image
from dlstudio.data.images.samples import image_samples, require_samples
from dlstudio.data.samples import (
    Samples,
    label_column,
    labels_from_names,
    no_labels,
    split_array,
)
from dlstudio.data.sources.folder_check import check_is_classification, check_level
from dlstudio.data.sources.folder_layout import AUTO, FolderLayout, layout_of
from dlstudio.data.sources.folder_preview import preview
from dlstudio.data.sources.folder_tree import (
    descend,
    files_in,
    has_images,
    subfolders,
)
from dlstudio.data.sources.folder_walk import FolderWalk
from dlstudio.data.sources.layout_findings import without_classes
from dlstudio.data.sources.other_tasks import task_finding
from dlstudio.data.split_names import split_names
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """Read the images of a folder tree.

    Args:
        params: "path" of the folder, absolute or relative to `base`; "classes" to
            include, empty for all; "layout" and "split_folders", see `layout_of`;
            "unlabeled" to read no classes; "files" to read these only, without classes.
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
    walk = FolderWalk(root)
    files = tuple(map(str, params.get("files") or ()))
    with user_errors(root, writing=False):
        if files:
            walk.add_files(files)
        unlabeled = bool(files) or _add_folders(walk, params)
        if unlabeled and walk.found and not params.get("unlabeled"):
            folders = () if files or _given(walk) else _with_images(root)
            walk.notes.append(without_classes(len(walk.found), folders))
    walk.found.sort()
    classes, labels = labels_from_names([each[2] for each in walk.found])
    count = len(walk.found)
    samples = image_samples(
        tuple(each[0] for each in walk.found),
        Files(tuple(each[1] for each in walk.found)),
        no_labels(count) if unlabeled else label_column(labels, classes),
        split_array([each[3] for each in walk.found]),
        tuple(walk.notes),
    )
    return require_samples(samples, root)


def _add_folders(walk: FolderWalk, params: Mapping[str, Any]) -> bool:
    """Add the images of all folders; whether they are without classes."""
    only = tuple(params.get("classes") or ())
    wanted = str(params.get("layout") or AUTO)
    roles = tuple(params.get("split_folders") or ())
    unlabeled = bool(params.get("unlabeled"))
    layout = layout_of(walk.root, wanted, roles, only, unlabeled=unlabeled)
    walk.add_layout(layout)
    if wanted == AUTO:
        walk.notes += _placed(layout.findings, str(params["path"]))
        walk.notes += [] if unlabeled else task_finding(walk.root)
    if only and not layout.unlabeled:
        walk.found = [each for each in walk.found if each[2] in only]
    return layout.unlabeled


def _given(walk: FolderWalk) -> bool:
    """Whether folders say the split of an image."""
    return any(each[3] for each in walk.found)


def _with_images(root: Path) -> tuple[str, ...]:
    folders = subfolders(descend(root))
    return tuple(each.name for each in folders if has_images(each))


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
        UserError: Its images are for another task.
        AmbiguousPath: The folder is above one or several datasets.
    """
    if not path.is_dir():
        return None
    check_is_classification(path)
    layout = layout_of(path)
    if layout.unlabeled or not _has_classes(path, layout):
        return None
    check_level(path)
    return path


def recognize_unlabeled(path: Path) -> Path | None:
    """The folder itself if it has images, but no classes of them."""
    return path if path.is_dir() and layout_of(path).unlabeled else None


def combine(paths: Sequence[Path]) -> dict[str, Value] | None:
    """Combine folders, or images, that are dropped at the same time.

    Folders are classes, or splits, of their parent; images have no classes.

    Raises:
        UserError: The folders are not in the same folder, or some files are no images.
    """
    if all(path.is_file() and looks_like_image(path) for path in paths):
        return _images(paths)
    if looks_like_image(paths[0]):
        raise UserError(
            _("Not all of these files are images."),
            _("Drop the images alone, or the folder that contains them."),
        )
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


def _images(paths: Sequence[Path]) -> dict[str, Value]:
    """Some images, or the folder if they are all that it has."""
    try:
        root = Path(os.path.commonpath([path.parent for path in paths]))
    except ValueError as error:
        raise UserError(
            _("These images are on different drives."),
            _("Put them into one folder, and drop that folder."),
        ) from error
    params: dict[str, Value] = {"path": root.as_posix()}
    inside = {path for path in files_in(root) if looks_like_image(path)}
    if inside != set(paths) or any(map(has_images, subfolders(root))):
        names = (path.relative_to(root).as_posix() for path in paths)
        params["files"] = tuple(sorted(names))
    return params


def _has_classes(root: Path, layout: FolderLayout) -> bool:
    walk = FolderWalk(root)
    for split, inner in layout.split_folders:
        folders = [inner] if split else subfolders(inner)
        if any(next(walk.images(str(each)), None) for each in folders):
            return True
    return False


SOURCE = DataSource(
    read,
    (
        Recognizer(Certainty.LAYOUT, recognize),
        Recognizer(Certainty.LEAST, recognize_unlabeled),
    ),
    combine=combine,
    preview=preview,
    any_folder_with="unlabeled",
    complete=complete_images,
)
