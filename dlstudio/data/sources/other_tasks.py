"""Detecting folders for other tasks than classification: masks, boxes, pairs.

They look like folders of classes, "images" and "masks" say, but are not.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.data.findings import Finding
from dlstudio.data.sources.folder_tree import (
    descend,
    entries_of,
    images_below,
    is_folder,
    is_image,
)
from dlstudio.data.split_names import split_names, words_of
from dlstudio.i18n import _, marked

KIND = "other-task"
SEGMENTATION, DETECTION, PAIRS = "segmentation", "detection", "pairs"
DEPTH, FOLDERS, FILES, BYTES = 3, 200, 400, 1 << 16

_IMAGES_TEXT = """
image images img imgs jpegimages photo photos rgb picture pictures input inputs
original originals leftimg
"""
_IMAGES = frozenset(_IMAGES_TEXT.split())
_MASKS_TEXT = """
mask masks label labels labelids annotation annotations annots gt groundtruth
segmentation segmentations segmentationclass segmentationobject seg target targets
gtfine trimaps
"""
_MASKS = frozenset(_MASKS_TEXT.split())
_PAIRED = re.compile(r"(train|val|test)[AB]")
_BOXES = re.compile(rb"\s*\d+(\s+-?[\d.]+(e-?\d+)?){4}\s*(\r?\n|$)")
_OUTLINE = re.compile(rb"\s*\d+(\s+-?[\d.]+(e-?\d+)?){6,}\s*(\r?\n|$)")
NAMES = {
    "masks": marked("images next to masks with the same names"),
    "voc": marked("Pascal VOC annotations (.xml)"),
    "coco": marked("COCO annotations (.json)"),
    "yolo": marked("YOLO bounding boxes (.txt)"),
    "yolo-outline": marked("YOLO polygons (.txt)"),
    "pairs": marked("folders of image pairs, such as trainA and trainB"),
}
TASKS = {
    SEGMENTATION: marked("segmentation"),
    DETECTION: marked("object detection"),
    PAIRS: marked("image translation"),
}


@dataclass(frozen=True)
class OtherTask:
    """The task that a folder is for instead of classification.

    Attributes:
        task: "segmentation", "detection" or "pairs".
        form: A key of `NAMES`.
    """

    task: str
    form: str

    @property
    def message(self) -> str:
        """The message: what the folder is, and what was expected."""
        text = _("This looks like data for {task}, not for classification: {form}.")
        return text.format(task=_(TASKS[self.task]), form=_(NAMES[self.form]))

    @property
    def hint(self) -> str:
        """The hint: how the folder can be used."""
        return _(
            "For classification, put the images of each class into a separate "
            "folder, or write a CSV table with the columns file and label. For an "
            "autoencoder, use the folder that contains only the images."
        )


def task_finding(root: Path) -> list[Finding]:
    """The finding for a folder of another task; none for classes."""
    found = find_other_task(root)
    if found is None:
        return []
    return [Finding(KIND, "", f"{found.message} {found.hint}")]


def find_other_task(root: Path) -> OtherTask | None:
    """The task of a folder if not classification, by its names and a few files."""
    tree = _Tree.of(descend(root))
    if tree.paired:
        return OtherTask(PAIRS, "pairs")
    with_images = {name for name, folders in tree.kinds.items() if folders}
    if len(tree.kinds["class"]) > 1 or with_images > {"class"}:
        return None
    if tree.kinds["mask"] and _same_stems(tree.kinds["image"], tree.kinds["mask"]):
        return OtherTask(SEGMENTATION, "masks")
    form = next((form for each in tree.files if (form := _form_of(each))), "")
    if not form:
        return None
    return OtherTask(SEGMENTATION if form == "yolo-outline" else DETECTION, form)


@dataclass
class _Tree:
    """The upper folders of a tree, classified by name.

    Attributes:
        kinds: Folders with direct images, by "image", "mask", "split" (which any
            dataset may have) and "class" (any other name).
        files: Some files that may be annotations.
        paired: Whether folder names are those of image pairs.
    """

    kinds: dict[str, list[Path]] = field(
        default_factory=lambda: {"image": [], "mask": [], "split": [], "class": []}
    )
    files: list[Path] = field(default_factory=list)
    paired: bool = False

    @classmethod
    def of(cls, root: Path) -> _Tree:
        """The tree below a root, judging by a few folders and files."""
        tree = cls()
        left = FOLDERS
        waiting: list[tuple[Path, tuple[str, ...], int]] = [(root, ("split",), 0)]
        while waiting and left and len(tree.kinds["class"]) < 2:
            folder, kinds, depth = waiting.pop()
            left -= 1
            inner = tree._add_folder(folder, kinds)
            if depth < DEPTH:
                names = _kinds_of([each.name for each in inner])
                waiting += [
                    (each, (*kinds, kind), depth + 1)
                    for each, kind in zip(inner, names, strict=True)
                ]
        return tree

    def _add_folder(self, folder: Path, kinds: tuple[str, ...]) -> list[Path]:
        """Add one folder's files, and return its subfolders."""
        inner: list[Path] = []
        holds = False
        for count, entry in enumerate(_some(folder)):
            if is_folder(entry):
                inner.append(Path(entry.path))
            elif entry.name.lower().endswith((".xml", ".txt", ".json")):
                if len(self.files) < FILES and count < FILES:
                    self.files.append(Path(entry.path))
            elif not holds:
                holds = is_image(entry.path)
        if holds:
            self.kinds[_ruling(kinds)].append(folder)
        names = {each.name for each in inner if _PAIRED.fullmatch(each.name)}
        self.paired = self.paired or {"trainA", "trainB"} <= names
        return inner


def _some(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        yield from entries_of(folder)
    except OSError:
        return


def _ruling(kinds: tuple[str, ...]) -> str:
    """The kind of a folder by its name and its parents': mask overrides image."""
    for kind in ("class", "mask", "image"):
        if kind in kinds:
            return kind
    return "split"


def _kinds_of(names: list[str]) -> list[str]:
    found = []
    for name, split in zip(names, split_names(names), strict=True):
        words = set(words_of(name))
        if words & _IMAGES and not split:
            found.append("image")
        elif words & _MASKS:
            found.append("mask")
        else:
            found.append("split" if split else "class")
    return found


def _same_stems(images: list[Path], masks: list[Path]) -> bool:
    """Whether most masks are named like an image, possibly with a suffix."""
    stems = {_stem(each) for folder in images for each in images_below(folder)}
    some = [
        _stem(each)
        for folder in masks
        for each in itertools.islice(images_below(folder), FILES)
    ]
    hits = sum(any(part in stems for part in _beginnings(stem)) for stem in some)
    return bool(some) and 2 * hits >= len(some)


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _beginnings(stem: str) -> Iterator[str]:
    """ "a_1_mask", "a_1", "a": possible names of a mask's image."""
    while stem:
        yield stem
        stem = stem.rpartition("_")[0]


def _form_of(path: Path) -> str:
    """The annotation format of a file, a key of `NAMES`; "" for none."""
    try:
        size = path.stat().st_size
        with open(path, "rb") as stream:
            head = stream.read(BYTES)
            stream.seek(max(0, size - BYTES))
            tail = stream.read(BYTES)
    except OSError:
        return ""
    suffix = path.suffix.lower()
    if suffix == ".xml":
        return "voc" if b"<annotation" in head else ""
    if suffix == ".json":
        both = head + tail
        return "coco" if b'"annotations"' in both and b'"images"' in both else ""
    if _OUTLINE.match(head):
        return "yolo-outline"
    return "yolo" if _BOXES.match(head) else ""
