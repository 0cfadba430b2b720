"""Images in folders, one for each class, in a script."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.fileinfo import resolve
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.sources.folder_layout import AUTO, FolderLayout, layout_of
from dlstudio.document.plan import LABEL
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import list_rows
from dlstudio.engine.codegen.image_endings import converted_endings
from dlstudio.engine.codegen.image_listing import (
    ImageListing,
    correction_rows,
    used_samples,
    without_rows,
)
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.errors import UserError
from dlstudio.i18n import _

MOST_LISTED = 200
"""Files that a script names because its listing would take them for samples."""
MOST_CHOSEN = 1000
"""Files that a script names because they alone are used."""


def folder_listing(project: Project, folder: Path, catalog: Catalog) -> ImageListing:
    """List a project's images as a script does, and check that it finds the same.

    Args:
        project: Its data is a folder of classes.
        folder: Of the project, to which the path is relative.
        catalog: Describes the source.

    Raises:
        UserError: The folder cannot be read, or not by a script.
    """
    opened = open_source(project.data.source, catalog, folder)
    root = resolve(project.data.source.params.get("path"), folder)
    suffixes = {os.path.splitext(name)[1].lower() for name in opened.ids}
    samples, sizes = used_samples(opened, project)
    if project.data.source.params.get("files"):
        tops = {}
        rows = _chosen_rows(project, opened, samples)
    else:
        tops = _tops(root, _layout(root, project))
        rows = _listing_rows(project, opened, samples, root, tops)
    return ImageListing(
        (f"FOLDER = pathlib.Path({quoted(root.as_posix())})",),
        tuple(rows),
        samples,
        sizes,
        tops,
        converted=converted_endings(suffixes),
    )


def _layout(root: Path, project: Project) -> FolderLayout:
    params = project.data.source.params
    roles, only = params.get("split_folders") or (), params.get("classes") or ()
    layout = layout_of(
        root,
        str(params.get("layout") or AUTO),
        tuple(map(str, roles if isinstance(roles, tuple) else ())),
        tuple(map(str, only if isinstance(only, tuple) else ())),
        unlabeled=bool(params.get("unlabeled")),
    )
    if layout.inner_splits:
        raise UserError(_("The images are in folders that a script does not list."))
    return layout


def _tops(root: Path, layout: FolderLayout) -> dict[str, str]:
    """Folders above those of the classes, relative to the root, with their splits."""
    found = {}
    for name, top in layout.split_folders:
        path = top.relative_to(root).as_posix()
        found["" if path == "." else path] = name
    return found


def _chosen_rows(project: Project, opened: Samples, samples: Samples) -> list[str]:
    """The lines of `list_images` where single files are chosen.

    Raises:
        UserError: There are too many.
    """
    if len(opened) > MOST_CHOSEN:
        raise UserError(_("The images are in folders that a script does not list."))
    return [
        *_head(samples),
        *list_rows(f"{INDENT}names = ", map(quoted, opened.ids)),
        f'{INDENT}images = dict.fromkeys(names, "")',
        *correction_rows(project, samples),
        f"{INDENT}return images",
    ]


def _listing_rows(
    project: Project,
    opened: Samples,
    samples: Samples,
    root: Path,
    tops: Mapping[str, str],
) -> list[str]:
    """The lines of `list_images`.

    Args:
        project: Has the corrections.
        opened: All samples.
        samples: Those that are used.
        root: The folder that their names begin at.
        tops: Folders above those of the classes, "" for the root, with their splits.

    Raises:
        UserError: These lines would list others.
    """
    suffixes = sorted({os.path.splitext(name)[1].lower() for name in opened.ids})
    classes = samples.classes
    # Of images without classes, folders of splits are in others that are read.
    read = [top for top, split in tops.items() if classes or not split]
    listed = _listed(root, read, classes, suffixes)
    found = {
        name: opened.classes[label] if label >= 0 else ""
        for name, label in zip(opened.ids, opened.labels.tolist(), strict=True)
    }
    more = sorted(listed.keys() - found.keys())
    same = all(listed.get(name) == label for name, label in found.items())
    if not same or len(more) > MOST_LISTED:
        raise UserError(_("The images are in folders that a script does not list."))
    loops, inner = _loops(read, bool(classes))
    known = ", ".join(map(quoted, suffixes))
    label = "label" if classes else '""'
    return [
        *_head(samples),
        f"{INDENT}images = {{}}",
        *(INDENT + row for row in loops),
        f"{inner}if path.suffix.lower() in [{known}]:",
        f"{inner}{INDENT}images[path.relative_to(FOLDER).as_posix()] = {label}",
        *without_rows("Hidden files, and files that are no images.", more),
        *correction_rows(project, samples),
        f"{INDENT}return dict(sorted(images.items()))",
    ]


def _listed(
    root: Path, tops: Sequence[str], classes: Sequence[str], suffixes: Sequence[str]
) -> dict[str, str]:
    """The class of each file that the script lists."""
    return {
        path.relative_to(root).as_posix(): name
        for top in tops
        for name in classes or [""]
        for path in (root / top / name).rglob("*")
        if path.suffix.lower() in suffixes
    }


def _head(samples: Samples) -> list[str]:
    """The first lines of `list_images`."""
    text = "The class of each image that is used, by its path in FOLDER."
    if not samples.classes:
        text = "The paths in FOLDER of the images that are used; they have no classes."
    return [
        "",
        "",
        "def list_images() -> dict[str, str]:",
        f'{INDENT}"""{text}"""',
    ]


def _loops(tops: Sequence[str], classes: bool) -> tuple[list[str], str]:
    """Loops over each `path`, and `label` of the class; what stands in front inside."""
    rows, indent, steps = [], "", ["FOLDER"]
    if list(tops) != [""]:
        rows += list_rows("for top in ", map(quoted, tops), ":")
        indent += INDENT
        steps.append("top")
    if classes:
        rows.append(f'{indent}for label in NAMES["{LABEL}"]:')
        indent += INDENT
        steps.append("label")
    place = " / ".join(steps)
    place = f"({place})" if steps[1:] else place
    rows.append(f'{indent}for path in {place}.rglob("*"):')
    return rows, indent + 2 * INDENT
