"""Detecting the layout of a folder tree: which folders are splits or classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.catalog.sources import LAYOUTS
from dlstudio.data.findings import Finding
from dlstudio.data.samples import TRAIN, split_name
from dlstudio.data.sources import layout_findings as findings
from dlstudio.data.sources.folder_tree import (
    TopFolder,
    descend,
    has_images,
    has_loose_images,
    inner_folders,
    subfolders,
)
from dlstudio.data.split_names import split_names, words_of
from dlstudio.errors import UserError
from dlstudio.i18n import _

AUTO, CLASSES, SPLITS, SUBFOLDERS, INNER_SPLITS = LAYOUTS
FEW = 20
"""Most folders of subfolders for which other layouts are suggested."""
_YEAR = re.compile(r"(19|20)\d\d\D?")
_ASIDE_TEXT = """
unlabeled unlabelled unsup unsupervised extra sample samples predict prediction
predictions inference submission docs images annotations labels masks raw original
originals other others misc background all demo augmented
"""
_ASIDE = frozenset(_ASIDE_TEXT.split())

SplitFolders = tuple[tuple[str, Path], ...]


@dataclass(frozen=True)
class FolderLayout:
    """How a folder tree is read.

    Attributes:
        split_folders: Folders that contain class folders, each with its split ("" for
            none).
        excluded: Folders whose images are not read.
        findings: Findings for the user to know or decide.
        inner_splits: Whether the folders are classes that contain splits.
        unlabeled: Whether folders mean no classes: those without a split are read with
            all that is in them, and those with one only say the split of images there.
    """

    split_folders: SplitFolders
    excluded: tuple[TopFolder, ...] = ()
    findings: tuple[Finding, ...] = ()
    inner_splits: bool = False
    unlabeled: bool = False


def layout_of(
    root: Path,
    wanted: str = AUTO,
    roles: Sequence[str] = (),
    only: Sequence[str] = (),
    *,
    unlabeled: bool = False,
) -> FolderLayout:
    """The layout of a folder tree, as requested or as detected.

    Args:
        root: The folder that was chosen.
        wanted: "classes" (each folder is one), "subfolders" (classes are one level
            below, and the folders above are ignored), "splits", "inner_splits" (each
            folder is a class that contains its splits) or "auto".
        roles: For folders whose names denote no split: "name=train", "name=test".
        only: Class names; if all are direct subfolders, these are the classes.
        unlabeled: Whether folders mean no classes, whatever they look like.

    Raises:
        UserError: The layout does not exist, or no folder is a split.
    """
    start, root = root, descend(root)
    folders = subfolders(root)
    plain = FolderLayout((("", root),))
    if unlabeled and only:
        kept = (each for each in folders if each.name in only)
        return FolderLayout(tuple(("", each) for each in kept), unlabeled=True)
    if unlabeled:
        return _LayoutReader(start, root, _tops(folders)).without_classes(roles)
    if wanted == CLASSES or (only and set(only) <= {each.name for each in folders}):
        return plain
    if wanted in (SUBFOLDERS, INNER_SPLITS):
        split_folders = tuple(("", each) for each in folders)
        return FolderLayout(split_folders, inner_splits=wanted == INNER_SPLITS)
    tops = _tops(folders)
    if wanted == SPLITS:
        return _LayoutReader(start, root, tops).from_roles(roles)
    if wanted != AUTO:
        raise UserError(
            _("There is no layout called “{name}”.").format(name=wanted),
            _("Use one of: {names}.").format(names=", ".join(LAYOUTS)),
        )
    return _LayoutReader(start, root, tops).guess()


def datasets_inside(root: Path) -> list[Path]:
    """The datasets in a folder that is not one itself.

    Either subfolders with splits, or the only subfolder with images if these are in
    class folders.
    """
    if _has_splits(root):
        return []
    tops = _tops(subfolders(descend(root)))
    holding = [each for each in tops if each.images]
    if len(holding) == 1:
        inside = _has_splits(holding[0].path) or _is_dataset(holding[0].path)
        return [holding[0].path] if inside else []
    deep = (each.path for each in holding if each.inner)
    return [path for path in deep if _has_splits(path)]


def names_classes(root: Path) -> bool:
    """Whether subfolders can be classes: there are several, or they are in splits."""
    holding = [each for each in _tops(subfolders(descend(root))) if each.images]
    several = sum(1 for each in holding if not set(words_of(each.name)) & _ASIDE)
    return _has_splits(root) or several > 1


def has_inner(top: TopFolder) -> bool:
    """Whether a folder has images in subfolders."""
    return any(has_images(top.path / name) for name in top.inner)


def _has_splits(folder: Path) -> bool:
    split_folders = layout_of(folder).split_folders
    return len({split for split, _path in split_folders if split}) > 1


def _tops(folders: Sequence[Path]) -> list[TopFolder]:
    names = [each.name for each in folders]
    tops = []
    for path, split in zip(folders, split_names(names), strict=True):
        exact = split_name(path.name)
        if exact or split:
            inner = frozenset(each.name for each in subfolders(path))
        else:
            inner = inner_folders(path)
        tops.append(
            TopFolder(path, exact or split, bool(exact), inner, has_images(path))
        )
    return tops


@dataclass(frozen=True)
class _LayoutReader:
    """Determines the layout from the folders of a root.

    Attributes:
        start: Folder that the user chose; findings name others relative to it.
    """

    start: Path
    root: Path
    tops: Sequence[TopFolder]
    holding: tuple[TopFolder, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = tuple(each for each in self.tops if each.images)
        object.__setattr__(self, "holding", found)

    def from_roles(self, roles: Sequence[str]) -> FolderLayout:
        """The folders as splits, overriding detection."""
        split_folders = self._named_splits(roles)
        if TRAIN not in {split for split, _path in split_folders}:
            raise UserError(
                _("No folder in {path} is a training split.").format(path=self.root),
                _("Set split_folders, for example to “{name}=train”.").format(
                    name=self.tops[0].name if self.tops else "a"
                ),
            )
        taken = {path for _split, path in split_folders}
        left = tuple(each for each in self.holding if each.path not in taken)
        return FolderLayout(tuple(split_folders), left)

    def without_classes(self, roles: Sequence[str] = ()) -> FolderLayout:
        """All images without classes, with the splits that folders say."""
        splits = self._named_splits(roles)
        if TRAIN not in {split for split, _path in splits}:
            splits = []
        loose = [each for each in self.holding if each.split and not each.exact]
        named = (findings.splits_by_name(self._id, loose),) if splits and loose else ()
        folders = (("", self.start), *splits)
        return FolderLayout(folders, findings=named, unlabeled=True)

    def _named_splits(self, roles: Sequence[str]) -> list[tuple[str, Path]]:
        """The folders that are splits by their role, or else by their name."""
        pairs = (text.rpartition("=") for text in roles)
        named = {name: split_name(split) for name, _equals, split in pairs}
        return [
            (named.get(each.name) or each.split, each.path)
            for each in self.tops
            if named.get(each.name) or each.split
        ]

    def guess(self) -> FolderLayout:
        """The layout that names and content of the folders suggest."""
        splits = [each for each in self.tops if each.split and each.inner]
        if splits and self._are_splits(splits):
            return self._doubted(splits) or self._split(splits)
        if self._mean_no_classes():
            return self.without_classes()
        return FolderLayout((("", self.root),), findings=self._questions())

    def _mean_no_classes(self) -> bool:
        """Whether images are loose, in a single folder, or in splits without classes.

        A single class would tell nothing apart.
        """
        if any(map(has_inner, self.holding)):
            return False
        names = {each.split for each in self.holding}
        if TRAIN in names and "" not in names and len(names) > 1:
            return True
        return len(self.holding) == 1 or (
            not self.holding and has_loose_images(self.root)
        )

    def _are_splits(self, splits: Sequence[TopFolder]) -> bool:
        named = {each.split for each in splits}
        whole = all(each.split for each in self.holding)
        return TRAIN in named or (whole and len(named) > 1)

    def _split(self, splits: Sequence[TopFolder]) -> FolderLayout:
        taken = {each.path for each in splits}
        left = tuple(each for each in self.holding if each.path not in taken)
        loose = [each for each in splits if not each.exact]
        named = (findings.splits_by_name(self._id, splits),) if loose else ()
        split_folders = tuple((each.split, each.path) for each in splits)
        return FolderLayout(split_folders, left, named)

    def _doubted(self, splits: Sequence[TopFolder]) -> FolderLayout | None:
        """The folders as classes if more likely; a finding offers splits instead."""
        others = [each for each in self.holding if not each.split]
        alone = {each.split for each in self.tops if each.split} == {TRAIN}
        rivals = [each for each in others if not set(words_of(each.name)) & _ASIDE]
        dated = all(map(_YEAR.fullmatch, splits[0].inner))
        swallowed = alone and (len(rivals) > 1 or (len(rivals) == 1 and dated))
        if not swallowed and not self._disagree(splits):
            return None
        question = findings.split_or_class(self._id(self.root), splits, self.holding)
        return FolderLayout((("", self.root),), findings=(question,))

    @staticmethod
    def _disagree(splits: Sequence[TopFolder]) -> bool:
        """Whether names may denote splits, but the folders have no class in common."""
        if len(splits) < 2 or all(each.exact for each in splits):
            return False
        return not frozenset.intersection(*(each.inner for each in splits))

    def _questions(self) -> tuple[Finding, ...]:
        """The finding for folders that are read as classes but contain subfolders."""
        holding = self.holding
        if not 1 <= len(holding) <= FEW:
            return ()
        deep = [each for each in holding if each.inner and _is_dataset(each.path)]
        if len(deep) < len(holding):
            return ()
        where = self._id(self.root)
        if all(_only_splits(each.inner) for each in deep):
            return (findings.inner_splits(where, deep),)
        if len(deep) > 1 and len({each.inner for each in deep}) == 1:
            return (findings.same_folders(where, deep),)
        if len(deep) > 1 and frozenset.intersection(*(each.inner for each in deep)):
            return ()
        return (findings.too_high(where, deep, self._id),)

    def _id(self, path: Path) -> str:
        return path.relative_to(self.start).as_posix()


def _only_splits(names: Iterable[str]) -> bool:
    """Whether all names are those of splits, one of them for training."""
    splits = {split_name(name) for name in names}
    return TRAIN in splits and "" not in splits


def _is_dataset(folder: Path) -> bool:
    """Whether at least two subfolders have images, and nothing else has."""
    folder = descend(folder)
    inside = (has_images(folder / name) for name in sorted(inner_folders(folder)))
    return sum(1 for each, _n in zip(filter(None, inside), range(2), strict=False)) > 1
