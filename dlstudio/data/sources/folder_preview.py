"""A quick preview of the first images of a large folder, while it is being read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from dlstudio.data.fileinfo import LITTER, resolve
from dlstudio.data.images.columns import Files
from dlstudio.data.images.files import IMAGE_FILE_SUFFIXES
from dlstudio.data.images.samples import image_samples
from dlstudio.data.samples import Samples, label_column, labels_from_names, split_array
from dlstudio.data.sources.folder_layout import layout_of

FOLDERS = 12
EACH = 24
FILES_SAMPLED = 400


def preview(params: Mapping[str, Any], base: Path) -> Samples | None:
    """Some images of a folder of classes; None if there are no classes.

    Only looks at the direct subfolders and their first images.

    Args:
        params: "path" of the folder, absolute or relative to `base`; "unlabeled" and
            "files" as of the source.
        base: Folder of the project.

    Raises:
        UserError: The path is empty.
        OSError: The folder cannot be read.
    """
    root = resolve(params["path"], base)
    if params.get("unlabeled") or params.get("files") or layout_of(root).unlabeled:
        return None
    found = _some(root)
    if not found:
        return None
    found.sort()
    classes, labels = labels_from_names([name for _path, name in found])
    return image_samples(
        tuple(path.relative_to(root).as_posix() for path, _name in found),
        Files(tuple(str(path) for path, _name in found)),
        label_column(labels, classes),
        split_array([""] * len(found)),
    )


def _some(root: Path) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    with os.scandir(root) as entries:
        folders = [
            each.path
            for each in islice(entries, FILES_SAMPLED)
            if each.name not in LITTER and each.name[0] != "." and each.is_dir()
        ]
    for folder in sorted(folders)[:FOLDERS]:
        found += _images(Path(folder))
    return found


def _images(folder: Path) -> list[tuple[Path, str]]:
    with os.scandir(folder) as entries:
        names = [each.name for each in islice(entries, FILES_SAMPLED)]
    images = [
        name
        for name in sorted(names)
        if Path(name).suffix.lower() in IMAGE_FILE_SUFFIXES and name[0] != "."
    ]
    return [(folder / name, folder.name) for name in images[:EACH]]
