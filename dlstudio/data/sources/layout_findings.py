"""Findings about the layout of a folder tree, for the user to know or decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from dlstudio.catalog.findings import UNLABELED
from dlstudio.data.findings import Finding, SourceFix
from dlstudio.data.samples import TEST, TRAIN, VALIDATION
from dlstudio.data.sources.folder_tree import TopFolder, images_below
from dlstudio.data.split_names import split_word
from dlstudio.document.values import FrozenMap, Params
from dlstudio.i18n import _, ngettext

QUESTION, SPLIT_FOLDERS, EXCLUDED_FOLDER = (
    "folder-layout",
    "split-folders",
    "left-out-folder",
)
OFFERED = 5
Name = Callable[[Path], str]
BY_SIZE = {2: (TRAIN, TEST), 3: (TRAIN, VALIDATION, TEST)}


def names_text(names: Sequence[str]) -> str:
    """The first few names, as listed in messages."""
    listed = ", ".join(f"“{name}”" for name in names[:OFFERED])
    return f"{listed}, …" if len(names) > OFFERED else listed


def splits_by_name(name: Name, splits: Sequence[TopFolder]) -> Finding:
    """Folders that are read as splits although their names only resemble splits."""
    text = _("These folders are used as splits: {folders}.")
    listed = ", ".join(_role(name(each.path), each.split) for each in splits)
    fixes = (as_classes([each.name for each in splits]),)
    return Finding(SPLIT_FOLDERS, "", text.format(folders=listed), fixes=fixes)


def split_or_class(
    where: str, splits: Sequence[TopFolder], all_: Sequence[TopFolder]
) -> Finding:
    """A folder that may be the training split, or a class of that name.

    Args:
        where: Their parent folder, as the finding names it.
        splits: Folders in question.
        all_: All folders beside each other, including those in question.
    """
    names = [each.name for each in splits]
    text = ngettext(
        "The folder {names} could be a split or a class; it is used as a class.",
        "The folders {names} could be splits or classes; they are used as classes.",
        len(names),
    )
    fixes = (as_classes([each.name for each in all_]), as_splits(splits))
    return Finding(QUESTION, where, text.format(names=names_text(names)), fixes=fixes)


def same_folders(where: str, tops: Sequence[TopFolder]) -> Finding:
    """Folders with equal subfolders: either level may be the classes."""
    names, inner = [each.name for each in tops], sorted(tops[0].inner)
    text = _(
        "The folders {outer} each contain the folders {inner}; the outer "
        "folders are used as classes."
    )
    message = text.format(outer=names_text(names), inner=names_text(inner))
    below = SourceFix(
        _("Use {names} as classes").format(names=names_text(inner)),
        FrozenMap({"layout": "subfolders"}),
        False,
    )
    fixes = [as_classes(names), below]
    if len(tops) in BY_SIZE:
        fixes.append(_by_size(tops))
    return Finding(QUESTION, where, message, fixes=tuple(fixes))


def inner_splits(where: str, tops: Sequence[TopFolder]) -> Finding:
    """Classes that contain splits."""
    names, inner = [each.name for each in tops], sorted(tops[0].inner)
    text = _(
        "The folders {inner} in each class look like splits, but are used as "
        "ordinary subfolders of the class."
    )
    label = _("Use as splits: {folders}").format(folders=names_text(inner))
    fix = SourceFix(label, FrozenMap({"layout": "inner_splits"}), True)
    message = text.format(inner=names_text(inner))
    return Finding(QUESTION, where, message, fixes=(fix, as_classes(names)))


def too_high(where: str, tops: Sequence[TopFolder], name: Name) -> Finding:
    """Folders that each look like a whole dataset.

    Args:
        where: The chosen folder, as the finding names it.
        tops: Subfolders of the chosen folder.
        name: Maps a folder to its path as the source names it.
    """
    names = [each.name for each in tops]
    text = ngettext(
        "All images are in {names}, which contains a folder for each class. "
        "The selected folder may be one level too high.",
        "The folders {names} each contain subfolders. The selected folder may "
        "be one level too high.",
        len(names),
    )
    down = [
        SourceFix(
            _("Use only the folder “{name}”").format(name=each.name),
            FrozenMap({"path": name(each.path)}),
        )
        for each in tops[:OFFERED]
    ]
    fixes = (*down, as_classes(names)) if len(tops) > 1 else tuple(down)
    return Finding(QUESTION, where, text.format(names=names_text(names)), fixes=fixes)


def excluded_folder(top: TopFolder, path: str, count: int) -> Finding:
    """A folder whose images are not used.

    Args:
        top: The folder.
        path: Its path as the finding names it.
        count: Number of its images.
    """
    if top.split:
        text = ngettext(
            "{count} image of the {split} split is not in a class folder and "
            "is not used.",
            "{count} images of the {split} split are not in a class folder and "
            "are not used.",
            count,
        )
        message = text.format(count=f"{count:,}", split=split_word(top.split))
        return Finding(EXCLUDED_FOLDER, path, message)
    text = ngettext(
        "{count} image is not used: the folder name does not indicate a split.",
        "{count} images are not used: the folder name does not indicate a split.",
        count,
    )
    return Finding(EXCLUDED_FOLDER, path, text.format(count=f"{count:,}"))


def without_classes(count: int, folders: Sequence[str] = ()) -> Finding:
    """Images that have no classes because they are in no folders of classes.

    Args:
        count: Number of images.
        folders: Names of folders that may be classes all the same.
    """
    text = ngettext(
        "{count} image is not in the folder of a class.",
        "{count} images are not in folders of classes.",
        count,
    )
    fixes = (as_classes(folders),) if folders else ()
    return Finding(UNLABELED, "", text.format(count=f"{count:,}"), fixes=fixes)


def as_classes(names: Sequence[str]) -> SourceFix:
    """The fix that reads each of these folders as a class."""
    label = _("Use {names} as classes").format(names=names_text(names))
    return SourceFix(label, FrozenMap({"layout": "classes"}), False)


def as_splits(splits: Sequence[TopFolder]) -> SourceFix:
    """The fix that reads these folders as splits by name."""
    listed = ", ".join(_role(each.name, each.split) for each in splits)
    label = _("Use as splits: {folders}").format(folders=listed)
    return SourceFix(label, FrozenMap({"layout": "splits"}), True)


def _by_size(tops: Sequence[TopFolder]) -> SourceFix:
    """The fix that reads folders as splits by size: the largest is for training."""
    counts = {each.name: sum(1 for _i in images_below(each.path)) for each in tops}
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    splits = dict(zip(ordered, BY_SIZE[len(tops)], strict=True))
    if len(tops) == 3:  # the smaller two are assigned in order of their names
        last = sorted(ordered[1:])
        splits = {ordered[0]: TRAIN, last[0]: VALIDATION, last[1]: TEST}
    listed = ", ".join(_role(name, split) for name, split in splits.items())
    roles = tuple(f"{name}={split}" for name, split in splits.items())
    params: Params = FrozenMap({"layout": "splits", "split_folders": roles})
    return SourceFix(_("Use as splits: {folders}").format(folders=listed), params, True)


def _role(name: str, split: str) -> str:
    text = _("“{name}” for {split}")
    return text.format(name=name, split=split_word(split))
