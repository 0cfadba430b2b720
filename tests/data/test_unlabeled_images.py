"""Images without classes: loose in a folder, in splits, single files, in a table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from small_images import CATALOG, class_folders, encoded, photo, write

from dlstudio.data.guess_source import guess_source, guess_sources
from dlstudio.data.images.samples import labeled
from dlstudio.data.images.scan import scan
from dlstudio.data.open_source import open_source
from dlstudio.data.recipe import apply_recipe
from dlstudio.data.samples import Samples
from dlstudio.data.split import split
from dlstudio.document.plan import LABEL, DataRecipe, Split
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError

UNLABELED = ("unlabeled",)


def images(folder: Path, count: int = 6, first: int = 0) -> Path:
    """Loose images of different sizes and content."""
    for number in range(first, first + count):
        picture = photo(number, 40 + 4 * (number % 2))
        write(folder / f"{number}.png", encoded(picture))
    return folder


def opened(source: Spec) -> Samples:
    return open_source(source, CATALOG, Path())


def given(samples: Samples) -> dict[str, int]:
    names, counts = np.unique(samples.splits, return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def loose(root: Path) -> dict[str, int]:
    images(root)
    return {"": 6}


def below_each_other(root: Path) -> dict[str, int]:
    images(root / "unpacked" / "photos" / "all")
    images(root / "unpacked" / "photos", first=6)
    return {"": 12}


def beside_a_single_folder(root: Path) -> dict[str, int]:
    images(root)
    images(root / "more", 2, first=6)
    return {"": 8}


def in_splits(root: Path) -> dict[str, int]:
    images(root / "train")
    images(root / "val", 2, first=6)
    return {"train": 6, "validation": 2}


@pytest.mark.parametrize(
    "make", [loose, below_each_other, beside_a_single_folder, in_splits]
)
def test_folders_that_are_no_classes_give_images_without(
    make: object, tmp_path: Path
) -> None:
    wanted = make(tmp_path / "it")  # type: ignore[operator]
    source = guess_source(tmp_path / "it", CATALOG)
    assert source.kind == "dlstudio.sources.folder"
    samples = opened(source)
    assert samples.classes == () and samples.unlabeled.all()
    assert given(samples) == wanted
    found = [note.kind for note in samples.notes]
    assert found == ["unlabeled"]


def test_classes_come_as_soon_as_there_are_folders(tmp_path: Path) -> None:
    source = guess_source(images(tmp_path), CATALOG)
    for number in range(6):
        folder = tmp_path / ("even" if number % 2 == 0 else "odd")
        folder.mkdir(exist_ok=True)
        (tmp_path / f"{number}.png").rename(folder / f"{number}.png")
    samples = opened(source)
    assert samples.classes == ("even", "odd") and not samples.notes


def test_classes_are_left_out_on_demand(tmp_path: Path) -> None:
    for name in ("train", "test"):
        class_folders(tmp_path / name, count=2)
    source = guess_source(tmp_path, CATALOG)
    assert opened(source).classes == ("cat", "dog")
    samples = opened(source.with_param("unlabeled", True))
    assert not samples.classes and given(samples) == {"test": 4, "train": 4}
    assert not samples.notes  # that they have none was a choice
    only = source.with_param("unlabeled", True).with_param("path", f"{tmp_path}/test")
    some = opened(only.with_param("classes", ("cat",)))
    assert some.ids == ("cat/0.png", "cat/1.png")


def test_images_of_another_task_are_read_on_demand(tmp_path: Path) -> None:
    images(tmp_path / "images")
    content = {"images": [], "annotations": [], "categories": []}
    write(tmp_path / "boxes.json", json.dumps(content).encode())
    with pytest.raises(UserError, match="detection") as caught:
        guess_source(tmp_path, CATALOG)
    assert "autoencoder" in caught.value.hint
    source = guess_source(tmp_path, CATALOG, UNLABELED)
    assert len(opened(source.with_param("unlabeled", True))) == 6
    assert len(opened(guess_source(tmp_path / "images", CATALOG))) == 6


def test_images_dropped_together_are_one_dataset(tmp_path: Path) -> None:
    paths = sorted(images(tmp_path).iterdir())
    whole = guess_sources(paths, CATALOG)
    assert whole.params == FrozenMap({"path": tmp_path.as_posix()})
    some = guess_sources(paths[1:3], CATALOG)
    samples = opened(some)
    assert samples.ids == ("1.png", "2.png") and samples.unlabeled.all()
    below = images(tmp_path / "below", 1, first=7) / "7.png"
    assert opened(guess_sources([paths[0], below], CATALOG)).ids == (
        "0.png",
        "below/7.png",
    )
    gone = some.with_param("files", ("1.png", "2.png", "gone.png", "../x.png"))
    found = [note for note in opened(gone).notes if note.kind == "missing-file"]
    assert [note.path for note in found] == ["gone.png", "../x.png"]


def test_files_that_are_no_dataset_are_refused(tmp_path: Path) -> None:
    paths = sorted(images(tmp_path).iterdir())
    with pytest.raises(UserError, match="a single image"):
        guess_sources(paths[:1], CATALOG)
    text = write(tmp_path / "notes.txt", b"words")
    with pytest.raises(UserError, match="Not all of these files"):
        guess_sources([paths[0], text], CATALOG)


def test_a_table_of_files_alone_gives_images_without_classes(tmp_path: Path) -> None:
    images(tmp_path / "photos")
    rows = "".join(f"photos/{n}.png\n" for n in range(6))
    path = write(tmp_path / "list.csv", f"file\n{rows}".encode())
    samples = opened(guess_source(path, CATALOG))
    assert len(samples) == 6 and samples.unlabeled.all()
    assert [note.kind for note in samples.notes] == ["unlabeled"]


def test_labels_of_a_table_are_left_out_on_demand(tmp_path: Path) -> None:
    images(tmp_path)
    rows = "".join(f"{n}.png,{n / 7:.3f},{n % 3}\n" for n in range(6))
    path = write(tmp_path / "list.csv", f"file,age,size\n{rows}".encode())
    source = guess_source(path, CATALOG, UNLABELED).with_param("unlabeled", True)
    samples = opened(source)
    assert len(samples) == 6 and not samples.classes and not samples.notes


def test_a_scan_finds_all_but_what_is_about_classes(tmp_path: Path) -> None:
    images(tmp_path)
    for name in ("copy", "another", "third", "fourth"):  # not of two classes, either
        write(tmp_path / f"{name}.png", (tmp_path / "3.png").read_bytes())
    found = scan(opened(guess_source(tmp_path, CATALOG)))
    kinds = [each.kind for each in found.findings]
    assert kinds == ["unlabeled", *["duplicate"] * 4]
    plain = found.to_json()
    assert plain["classes"] == {} and plain["multi_label"] is False


def test_a_single_class_may_be_left_out(tmp_path: Path) -> None:
    source = guess_source(class_folders(tmp_path, ("only",)), CATALOG)
    samples = opened(source)
    (note,) = samples.notes
    (as_class,) = note.fixes
    assert samples.unlabeled.all()
    assert as_class.params == FrozenMap({"layout": "classes"})
    found = scan(opened(source.with_param("layout", "classes"))).findings
    (one,) = (each for each in found if each.kind == "one-class")
    (fix,) = one.fixes
    assert fix.params == FrozenMap({"unlabeled": True})


def test_labels_given_by_hand_make_classes_of_some(tmp_path: Path) -> None:
    samples = opened(guess_source(images(tmp_path), CATALOG))
    kept, left_out = labeled(samples)
    assert kept is samples and not left_out
    names = {f"{n}.png": FrozenMap({LABEL: "even"}) for n in (0, 2, 4)}
    names["1.png"] = FrozenMap({LABEL: "odd"})
    recipe = DataRecipe(changed=FrozenMap(names))
    changed = apply_recipe(samples, recipe)
    assert changed.classes == ("even", "odd") and changed.counts().tolist() == [3, 1]
    kept, left_out = labeled(changed)
    assert kept.ids == ("0.png", "1.png", "2.png", "4.png")
    assert [name for name, _why in left_out] == ["3.png", "5.png"]


def test_the_split_is_random_even_if_it_is_to_be_stratified(tmp_path: Path) -> None:
    samples = opened(guess_source(images(tmp_path, 20), CATALOG))
    plain = split(samples, Split(stratify=False, validation=0.2, test=0.2))
    made = split(samples, Split(validation=0.2, test=0.2))
    assert {name: rows.tolist() for name, rows in made.items()} == {
        name: rows.tolist() for name, rows in plain.items()
    }
    assert len(made["test"]) == len(made["validation"]) == 4
