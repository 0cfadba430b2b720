"""Folders that are read as splits or classes, and findings about them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_images import CATALOG, encoded, photo, write

from dlstudio.data.findings import Finding
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.split_names import split_names
from dlstudio.document.values import Spec, freeze_map
from dlstudio.errors import UserError


def read(root: Path, **params: object) -> Samples:
    """The samples of a folder."""
    params = {"path": root.as_posix(), **params}
    return open_source(
        Spec("dlstudio.sources.folder", freeze_map(params)), CATALOG, root
    )


def tree(root: Path, layout: str, count: int = 2) -> Path:
    """Folders such as "train,test/cat,dog", each with images."""
    outer, _slash, inner = layout.partition("/")
    for number, name in enumerate(outer.split(",")):
        classes = inner.split(",") if inner else [""]
        for place, each in enumerate(classes):
            for index in range(count):
                seed = 10_000 * number + 100 * place + index
                write(root / name / each / f"{index}.png", encoded(photo(seed)))
    return root


def counts(samples: Samples) -> dict[str, int]:
    """Samples of each split."""
    names, numbers = np.unique(samples.splits, return_counts=True)
    return dict(zip(names.tolist(), numbers.tolist(), strict=True))


def note(samples: Samples, kind: str) -> Finding:
    """The one finding of a kind."""
    (found,) = (each for each in samples.notes if each.kind == kind)
    return found


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (["training_set", "test_set"], ["train", "test"]),
        (["train_images", "test_images"], ["train", "test"]),
        (["1_train", "2_test"], ["train", "test"]),
        (["tr", "te"], ["train", "test"]),
        (["训练", "测试"], ["train", "test"]),
        (["训练集", "验证集", "测试图片"], ["train", "validation", "test"]),
        (["flowers_train", "flowers_valid"], ["train", "validation"]),
        (["TrainData", "TestData"], ["train", "test"]),
        (["train", "eval"], ["train", "validation"]),
        (["train", "val", "eval"], ["train", "validation", "test"]),
        (["train", "hold-out"], ["train", "test"]),
        (["trainset", "devset"], ["train", "validation"]),
        (["cat", "dog"], ["", ""]),
        (["pregnancy_test", "train"], ["", "train"]),
        (["trainers", "testament"], ["", ""]),
        (["train"], ["train"]),
    ],
)
def test_names_that_denote_a_split(names: list[str], splits: list[str]) -> None:
    assert split_names(names) == splits


@pytest.mark.parametrize(
    "outer",
    [
        *("training_set,test_set", "train_images,test_images", "1_train,2_test"),
        *("tr,te", "训练,测试", "train,holdout", "pets_train,pets_test"),
    ],
)
def test_split_folders_are_recognized_and_reported(tmp_path: Path, outer: str) -> None:
    samples = read(tree(tmp_path, f"{outer}/cat,dog"))
    assert samples.classes == ("cat", "dog")
    assert counts(samples) == {"train": 4, "test": 4}
    finding = note(samples, "split-folders")
    assert all(name in finding.message for name in outer.split(","))
    (fix,) = finding.fixes
    other = read(tmp_path, **fix.params)
    assert other.classes == tuple(sorted(outer.split(","))) and not other.notes
    same = read(tmp_path, layout="splits")
    assert counts(same) == counts(samples) and not same.notes


def test_plain_splits_and_plain_classes_have_no_findings(tmp_path: Path) -> None:
    assert not read(tree(tmp_path / "a", "train,val,test/cat,dog")).notes
    assert not read(tree(tmp_path / "b", "cat,dog,train")).notes
    nested = tree(tmp_path / "c", "cat,dog")
    write(nested / "cat" / "more" / "x.png", encoded(photo(9)))
    assert not read(nested).notes


def test_eval_beside_train_is_not_lost(tmp_path: Path) -> None:
    samples = read(tree(tmp_path, "train,eval/cat,dog"))
    assert counts(samples) == {"train": 4, "validation": 4}


def test_excluded_folders_are_named_with_their_count(tmp_path: Path) -> None:
    root = tree(tmp_path, "train,val/cat,dog")
    tree(root, "more/cat,dog", count=3)
    tree(root, "test", count=5)
    write(root / "loose.png", encoded(photo(5)))
    write(root / "train" / "stray.png", encoded(photo(6)))
    (root / "docs").mkdir()
    samples = read(root)
    assert counts(samples) == {"train": 4, "validation": 4}
    found = {(e.kind, e.path): e.message for e in samples.notes}
    assert "6 images" in found["left-out-folder", "more"]
    assert "5 images of the test split" in found["left-out-folder", "test"]
    assert "1 image " in found["no-class", "."]
    assert "1 image " in found["no-class", "train"]
    assert len(found) == 4


def test_a_class_called_train_swallows_nothing(tmp_path: Path) -> None:
    samples = read(tree(tmp_path / "a", "bus,car,train/2021,2022"))
    assert samples.classes == ("bus", "car", "train") and len(samples) == 12
    finding = note(samples, "folder-layout")
    classes, splits = finding.fixes
    settled = read(tmp_path / "a", **classes.params)
    assert settled.classes == samples.classes and not settled.notes
    split = read(tmp_path / "a", **splits.params)
    assert split.classes == ("2021", "2022") and counts(split) == {"train": 4}
    assert {e.path for e in split.notes if e.kind == "left-out-folder"} == {
        "bus",
        "car",
    }
    assert read(tree(tmp_path / "b", "car,train/2021,2022")).classes == ("car", "train")


def test_split_names_without_a_class_in_common_are_a_question(
    tmp_path: Path,
) -> None:
    samples = read(tree(tmp_path, "learning_images,testing_images/a,b"))
    assert samples.classes == ("a", "b")
    other = tree(tmp_path / "gym", "training_hall/squat,run")
    tree(other, "testing_hall/blood,urine")
    # Words common to both names are ignored, so they look like splits.
    samples = read(other)
    assert samples.classes == ("testing_hall", "training_hall")
    assert len(note(samples, "folder-layout").fixes) == 2


def test_folders_with_equal_subfolders_are_a_question(tmp_path: Path) -> None:
    root = tree(tmp_path, "a/cat,dog", count=3)
    samples = read(tree(root, "b/cat,dog"))
    assert samples.classes == ("a", "b")
    outer, inner, splits = note(samples, "folder-layout").fixes
    assert read(root, **outer.params).classes == ("a", "b")
    below = read(root, **inner.params)
    assert below.classes == ("cat", "dog") and counts(below) == {"": 10}
    assert counts(read(root, **splits.params)) == {"train": 6, "test": 4}
    for each in (outer, inner, splits):
        assert not read(root, **each.params).notes


def test_splits_inside_of_classes(tmp_path: Path) -> None:
    root = tree(tmp_path, "cat,dog/train,test")
    samples = read(root)
    assert samples.classes == ("cat", "dog") and counts(samples) == {"": 8}
    inside, _classes = note(samples, "folder-layout").fixes
    split = read(root, **inside.params)
    assert split.classes == ("cat", "dog")
    assert counts(split) == {"train": 4, "test": 4} and not split.notes


def test_a_folder_one_level_too_high(tmp_path: Path) -> None:
    root = tree(tmp_path, "pets/cat,dog")
    samples = read(tree(root, "flowers/rose,tulip"))
    first, second, classes = note(samples, "folder-layout").fixes
    assert first.params["path"] == f"{root.as_posix()}/flowers"
    assert read(root, **second.params).classes == ("cat", "dog")
    assert classes.params["layout"] == "classes"
    alone = tree(tmp_path / "alone", "data/cat,dog")
    (alone / "docs").mkdir()
    (down,) = note(read(alone), "folder-layout").fixes
    assert down.params["path"] == f"{alone.as_posix()}/data"


def test_class_folders_that_are_named_are_classes(tmp_path: Path) -> None:
    root = tree(tmp_path, "bus,train/2021,2022")
    assert read(root, classes=["bus", "train"]).classes == ("bus", "train")


def test_layouts_that_are_refused(tmp_path: Path) -> None:
    root = tree(tmp_path, "a,b/cat,dog")
    with pytest.raises(UserError, match="training split"):
        read(root, layout="splits")
    with pytest.raises(UserError, match="sideways"):
        read(root, layout="sideways")
