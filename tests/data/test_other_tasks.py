"""Folders for other tasks: recognized, named and refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_images import CATALOG, class_folders, encoded, photo, write

from dlstudio.data.guess_source import guess_source
from dlstudio.data.sources.other_tasks import find_other_task
from dlstudio.errors import AmbiguousPath, UserError

COCO = json.dumps({"images": [], "annotations": [], "categories": []}).encode()
BOX, OUTLINE = b"0 0.5 0.5 0.2 0.1\n", b"1 0.1 0.1 0.2 0.1 0.2 0.2 0.1 0.2\n"
VOC = b"<annotation><object><name>raccoon</name></object></annotation>"


def images(folder: Path, count: int = 3, suffix: str = "") -> Path:
    """Images of different names in a folder."""
    for number in range(count):
        name = f"scene_{number}{suffix}.png"
        write(folder / name, encoded(photo(number + len(suffix))))
    return folder


def notes(folder: Path, data: bytes, suffix: str) -> None:
    """An annotation for each image."""
    for number in range(3):
        write(folder / f"scene_{number}{suffix}", data)


def masks_beside(root: Path) -> None:
    images(root / "images")
    images(root / "masks")


def masks_with_longer_names(root: Path) -> None:
    images(root / "my images")
    images(root / "my labels", suffix="_mask")


def masks_in_splits(root: Path) -> None:
    for split in ("train", "val"):
        images(root / split / "image")
        images(root / split / "label")


def masks_above_splits(root: Path) -> None:
    for split in ("train", "val"):
        images(root / "leftImg8bit" / split)
        images(root / "gtFine" / split, suffix="_gtFine_labelIds")


def voc(root: Path) -> None:
    images(root / "JPEGImages")
    notes(root / "Annotations", VOC, ".xml")


def voc_beside_the_images(root: Path) -> None:
    images(root / "raccoons")
    notes(root / "raccoons", VOC, ".xml")


def voc_in_one_flat_folder(root: Path) -> None:
    images(root)
    notes(root, VOC, ".xml")


def coco(root: Path) -> None:
    images(root / "train2017")
    images(root / "val2017")
    write(root / "annotations" / "instances_train2017.json", COCO)


def coco_in_splits(root: Path) -> None:
    for split in ("train", "valid"):
        images(root / split)
        write(root / split / "_annotations.coco.json", COCO)


def yolo(root: Path) -> None:
    for split in ("train", "val"):
        images(root / "images" / split)
        notes(root / "labels" / split, BOX, ".txt")


def yolo_in_splits(root: Path) -> None:
    for split in ("train", "valid"):
        images(root / split / "images")
        notes(root / split / "labels", OUTLINE, ".txt")


def pairs(root: Path) -> None:
    for name in ("trainA", "trainB", "testA", "testB"):
        images(root / name)


@pytest.mark.parametrize(
    ("make", "task"),
    [
        (masks_beside, "segmentation"),
        (masks_with_longer_names, "segmentation"),
        (masks_in_splits, "segmentation"),
        (masks_above_splits, "segmentation"),
        (voc, "object detection"),
        (voc_beside_the_images, "object detection"),
        (voc_in_one_flat_folder, "object detection"),
        (coco, "object detection"),
        (coco_in_splits, "object detection"),
        (yolo, "object detection"),
        (yolo_in_splits, "segmentation"),
        (pairs, "image translation"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_it_is_named_with_what_can_be_done(
    tmp_path: Path, make: object, task: str, wrapped: bool
) -> None:
    make(tmp_path / "set" if wrapped else tmp_path)  # type: ignore[operator]
    with pytest.raises(UserError, match=task) as caught:
        guess_source(tmp_path, CATALOG)
    assert "separate folder" in caught.value.hint


def test_classes_are_left_alone(tmp_path: Path) -> None:
    class_folders(tmp_path / "a", ["photo", "sketch"])
    class_folders(tmp_path / "b", ["image", "painting"])
    boxes = class_folders(tmp_path / "c", ["cat", "dog"])
    for name in ("cat", "dog"):
        write(boxes / name / "0.xml", VOC)
    class_folders(tmp_path / "d" / "train", ["mask", "no mask"])
    class_folders(tmp_path / "d" / "test", ["mask", "no mask"])
    for name in "abcd":
        assert find_other_task(tmp_path / name) is None, name
        assert guess_source(tmp_path / name, CATALOG).kind == "dlstudio.sources.folder"


def test_a_table_beside_one_folder_of_images_gives_the_labels(tmp_path: Path) -> None:
    images(tmp_path / "images")
    write(tmp_path / "labels.csv", b"file,label\nimages/scene_0.png,cat\n")
    assert guess_source(tmp_path, CATALOG).kind == "dlstudio.sources.csv"
    class_folders(tmp_path / "pets")
    write(tmp_path / "pets" / "list.csv", b"a,b\n")
    assert guess_source(tmp_path / "pets", CATALOG).kind == "dlstudio.sources.folder"


def test_a_folder_above_datasets_offers_them(tmp_path: Path) -> None:
    for split in ("train", "test"):
        class_folders(tmp_path / "pets" / "small" / split)
        class_folders(tmp_path / "flowers" / split, ["rose", "tulip"])
    images(tmp_path / "holiday")
    with pytest.raises(AmbiguousPath, match="one level too high") as caught:
        guess_source(tmp_path, CATALOG)
    found = [Path(each).name for each in caught.value.choices]
    assert found == ["flowers", "pets"]
    for each in caught.value.choices:
        assert guess_source(Path(each), CATALOG).kind == "dlstudio.sources.folder"


def test_a_folder_above_one_dataset_offers_it(tmp_path: Path) -> None:
    class_folders(tmp_path / "data")
    (tmp_path / "docs").mkdir()
    with pytest.raises(AmbiguousPath, match="“data”"):
        guess_source(tmp_path, CATALOG)
