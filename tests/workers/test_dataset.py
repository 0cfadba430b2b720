"""Jobs on datasets: open, recognise, split, examine; without TensorFlow."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6")

from small_images import CATALOG, class_folders, encoded, photo, write

from dlstudio.data.images.samples import images_of
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError
from dlstudio.workers.dataset import EXCLUDED, Dataset
from dlstudio.workers.dataset_files import unpack_archive
from dlstudio.workers.dataset_opener import fit_model, open_dataset, recognise
from dlstudio.workers.image_examination import examine, findings, notes, split_dataset
from dlstudio.workers.image_files import FileChanges, find_changes, load_full_image
from dlstudio.workers.jobs import Cancelled
from dlstudio.workers.progress import Progress
from tests.support.labels import relabeled

DIGITS = Spec("dlstudio.sources.digits")


FIRST_DROP = """
import sys
from pathlib import Path
from dlstudio.catalog.store import Catalog
from dlstudio.workers import dataset_opener

class Context:
    def should_stop(self):
        return False
    def report(self, event):
        pass

catalog, folder = Catalog.load(), Path(sys.argv[1])
dataset_opener.load_readers(Context(), catalog)
before = set(sys.modules)
assert len(dataset_opener.recognise(Context(), catalog, [folder], None)) == 12
print(sorted(name for name in set(sys.modules) - before if "dlstudio" in name))
print([name for name in ("tensorflow", "polars") if name in sys.modules])
"""


class FakeContext:
    """A stand-in for `ReportingContext`."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.reported: list[Any] = []
        self.cancel_event = threading.Event()
        self._left = stop_after

    def should_stop(self) -> bool:
        self._left -= 1
        return self._left < 0

    def report(self, event: Any) -> None:
        self.reported.append(event)


def opened(root: Path, context: FakeContext | None = None) -> Dataset:
    return recognise(context or FakeContext(), CATALOG, [root], root.parent)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    return class_folders(tmp_path / "pets", count=6)


def test_a_folder_of_classes_is_recognised(pets: Path) -> None:
    context = FakeContext()
    found = opened(pets, context)
    assert found.source == Spec("dlstudio.sources.folder", FrozenMap({"path": "pets"}))
    assert found.classes == ("cat", "dog") and len(found) == 12
    assert (found.width, found.height, found.channels) == (40, 28, 3)
    assert found.rows["dog/0.png"] == found.ids.index("dog/0.png")
    assert not found.has_several_labels and not found.has_splits and found.in_files
    (first,) = context.reported
    assert not first.complete and set(first.ids) <= set(found.ids)


def test_after_loading_the_readers_a_drop_imports_nothing(pets: Path) -> None:
    command = [sys.executable, "-c", FIRST_DROP, str(pets)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.split("\n")[:2] == ["[]", "[]"], done.stdout + done.stderr


def test_without_a_project_folder_paths_stay_absolute(pets: Path) -> None:
    found = recognise(FakeContext(), CATALOG, [pets], None)
    assert found.source.params["path"] == pets.as_posix()


def test_class_folders_dropped_together_are_one_set(pets: Path) -> None:
    class_folders(pets, classes=("cow",), count=2)
    found = recognise(FakeContext(), CATALOG, [pets / "dog", pets / "cat"], None)
    assert found.classes == ("cat", "dog")
    assert found.source.params["classes"] == ("cat", "dog")


def test_split_folders_dropped_together_are_splits(tmp_path: Path) -> None:
    for name in ("train", "test"):
        class_folders(tmp_path / name)
    found = recognise(
        FakeContext(), CATALOG, [tmp_path / "train", tmp_path / "test"], None
    )
    assert found.classes == ("cat", "dog") and found.has_splits


def test_a_table_with_several_labels_is_recognised(pets: Path) -> None:
    table = write(
        pets.parent / "t.csv", b"file,labels\npets/cat/0.png,a|b\npets/dog/1.png,b\n"
    )
    found = opened(table)
    assert found.has_several_labels and found.classes == ("a", "b")


@pytest.mark.parametrize(
    ("names", "count"), [(["cat/0.png", "dog/1.png"], 2), (["cat"], 6)]
)
def test_images_without_classes_are_opened(
    pets: Path, names: list[str], count: int
) -> None:
    found = recognise(FakeContext(), CATALOG, [pets / name for name in names], None)
    assert found.classes == () and found.labels.tolist() == [-1] * count
    made = split_dataset(FakeContext(), found, DataRecipe(source=found.source))
    assert made.counts.sum() == count and made.counts.shape == (1, 3)
    fitted = fit_model(FakeContext(), _catalog(), found, "pets")
    assert fitted.head == "dlstudio.heads.reconstruction"


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["pets/cat/0.png"], "a single image"),
        (["t.csv"], "for example a.png"),
        (["nothing"], "does not exist"),
        (["pets/cat", "other/cow"], "not in the same folder"),
    ],
)
def test_unrecognised_data_is_reported_with_a_hint(
    pets: Path, names: list[str], reason: str
) -> None:
    class_folders(pets.parent / "other", classes=("cow",))
    write(pets.parent / "t.csv", b"file,label\na.png,cat\nb.png,dog\n")
    with pytest.raises(UserError, match=reason) as caught:
        recognise(FakeContext(), CATALOG, [pets.parent / name for name in names], None)
    assert caught.value.hint


def test_opening_can_be_stopped(pets: Path) -> None:
    with pytest.raises(Cancelled):
        opened(pets, FakeContext(stop_after=0))


def test_splits_are_those_of_the_training(pets: Path) -> None:
    found = opened(pets)
    recipe = DataRecipe(
        source=found.source,
        split=Split(validation=0.2, test=0.2),
        leave_out=("cat/0.png",),
        changed=relabeled({"dog/0.png": "wolf"}),
        moved=FrozenMap({"cat/5.png": "test"}),
    )
    made = split_dataset(FakeContext(), found, recipe)
    assert made.classes == ("cat", "dog", "wolf") and not made.problem
    assert made.assignments[found.rows["cat/0.png"]] == EXCLUDED
    assert made.assignments[found.rows["cat/5.png"]] == 2
    assert made.counts.sum(axis=1).tolist() == [5, 5, 1]
    assert made.counts.sum(axis=0).tolist() == [
        int((made.assignments == part).sum()) for part in range(3)
    ]


def test_an_impossible_split_is_reported(pets: Path) -> None:
    found = opened(pets)
    wrong = DataRecipe(split=Split(group_by="name", group_pattern="("))
    made = split_dataset(FakeContext(), found, wrong)
    assert "pattern" in made.problem and not made.counts.any()
    assert (made.assignments == EXCLUDED).all()


def test_groups_are_counted(pets: Path) -> None:
    made = split_dataset(
        FakeContext(), opened(pets), DataRecipe(split=Split(group_by="folder"))
    )
    assert made.groups == 2


def test_findings_disappear_when_the_recipe_fixes_them(pets: Path) -> None:
    copy = (pets / "cat" / "0.png").read_bytes()
    write(pets / "dog" / "copy.png", copy)
    write(pets / "dog" / "broken.png", copy[:60])
    found = opened(pets)
    context = FakeContext()
    seen = examine(context, found)
    assert isinstance(context.reported[-1], Progress) and context.reported[
        -1
    ].done == len(found)
    assert seen.widths[found.rows["cat/0.png"]] == 40

    def kinds(recipe: DataRecipe) -> set[str]:
        return {each.kind for each in findings(FakeContext(), found, seen, recipe)}

    before = kinds(DataRecipe())
    assert "conflicting-labels" in before and "duplicate" not in before
    assert {"truncated", "unreadable"} & before
    relabelled = DataRecipe(changed=relabeled({"dog/copy.png": "cat"}))
    assert "conflicting-labels" not in kinds(relabelled)
    assert "duplicate" in kinds(relabelled)
    out = DataRecipe(leave_out=("dog/copy.png", "dog/broken.png"))
    assert not kinds(out) & {"conflicting-labels", "duplicate", "unreadable"}
    places = FrozenMap({"dog/copy.png": "test", "cat/0.png": "train"})
    moved = DataRecipe(moved=places, changed=relabelled.changed)
    assert "duplicate-across-splits" in kinds(moved)


def test_examining_can_be_stopped(pets: Path) -> None:
    with pytest.raises(Cancelled):
        examine(FakeContext(stop_after=0), opened(pets))


def test_notes_from_reading_the_source_are_kept(pets: Path) -> None:
    (pets / "empty").mkdir()
    assert [each.kind for each in notes(opened(pets))] == ["empty-folder"]


def test_a_model_fits_the_images(pets: Path) -> None:
    made = fit_model(FakeContext(), _catalog(), opened(pets), "pets")
    (head,) = (n for n in made.model.nodes.values() if n.id == "head")
    assert head.params["units"] == 2


def test_a_full_image_has_its_metadata(pets: Path) -> None:
    write(pets / "dog" / "broken.png", b"\x89PNG\r\n\x1a\nnothing")
    found = opened(pets)
    seen = load_full_image(FakeContext(), found, found.rows["cat/0.png"], 20)
    assert seen.pixels is not None and max(seen.pixels.shape[:2]) == 20
    assert (seen.width, seen.height, seen.format) == (40, 28, "PNG")
    assert seen.bytes == (pets / "cat/0.png").stat().st_size
    broken = load_full_image(FakeContext(), found, found.rows["dog/broken.png"], 20)
    assert broken.pixels is None and broken.problem
    digit = load_full_image(
        FakeContext(), open_dataset(FakeContext(), CATALOG, DIGITS, pets), 5, 64
    )
    assert digit.pixels is not None and digit.pixels.shape == (8, 8, 3)
    assert digit.path == "" and digit.bytes == 0


def test_changes_since_the_last_preparation_are_found(pets: Path) -> None:
    import json
    import os

    found = opened(pets)
    folder = pets.parent
    assert not find_changes(FakeContext(), found, DataRecipe(), folder)
    listing = write(
        folder / ".cache/pictures/a-b/listing.json",
        json.dumps(images_of(found.samples).tokens()).encode(),
    )
    assert not find_changes(FakeContext(), found, DataRecipe(), folder)
    (pets / "cat" / "0.png").unlink()
    write(pets / "cat" / "new.png", encoded(photo(77)))
    os.utime(pets / "dog" / "1.png", (5, 5))
    again = opened(pets)
    changes = find_changes(FakeContext(), again, DataRecipe(), folder)
    assert changes.added == ("cat/new.png",)
    assert changes.changed == ("dog/1.png",)
    assert [Path(p).name for p in changes.gone] == ["0.png"]
    assert changes.when == pytest.approx(listing.stat().st_mtime)
    out = DataRecipe(leave_out=("cat/new.png",))
    assert find_changes(FakeContext(), again, out, folder).added == ()
    listing.write_bytes(b"{nonsense")
    assert not find_changes(FakeContext(), again, DataRecipe(), folder)


def test_changes_of_arrays_are_those_of_their_files(tmp_path: Path) -> None:
    import json

    def listed(found: Dataset) -> None:
        write(
            tmp_path / ".cache/pictures/a-b/listing.json",
            json.dumps(images_of(found.samples).tokens()).encode(),
        )

    def changes(found: Dataset) -> FileChanges:
        return find_changes(FakeContext(), found, DataRecipe(), tmp_path)

    digits = open_dataset(FakeContext(), CATALOG, DIGITS, tmp_path)
    listed(digits)
    assert not changes(digits)
    path = tmp_path / "set.npz"
    pixels, labels = np.zeros((6, 8, 8), np.uint8), np.arange(6) % 2
    np.savez(path, x=pixels, y=labels)
    source = Spec("dlstudio.sources.arrays", FrozenMap({"path": str(path)}))
    first = open_dataset(FakeContext(), CATALOG, source, tmp_path)
    assert not changes(first)  # the digits are another source
    listed(first)
    assert not changes(first)
    np.savez(path, x=pixels[:5], y=labels[:5])
    found = changes(open_dataset(FakeContext(), CATALOG, source, tmp_path))
    assert (len(found.added), len(found.changed), len(found.gone)) == (0, 5, 1)


def test_an_archive_is_unpacked_into_the_project(pets: Path, tmp_path: Path) -> None:
    import shutil

    packed = Path(shutil.make_archive(str(tmp_path / "zipped"), "zip", pets))
    project = tmp_path / "project"
    first = unpack_archive(FakeContext(), CATALOG, packed, project)
    second = unpack_archive(FakeContext(), CATALOG, packed, project)
    assert first == project / "data" / "zipped" and second != first
    assert len(opened(first)) == 12
    with pytest.raises(Cancelled):
        unpack_archive(FakeContext(stop_after=2), CATALOG, packed, project)
    letter = write(tmp_path / "letter" / "to you.txt", b"hello").parent
    text = Path(shutil.make_archive(str(tmp_path / "text"), "zip", letter))
    with pytest.raises(UserError, match="No data can be read"):
        unpack_archive(FakeContext(), CATALOG, text, project)
    assert {each.name for each in (project / "data").iterdir()} == {
        first.name,
        second.name,
    }


def test_labels_of_arrays_have_no_files() -> None:
    digits = open_dataset(FakeContext(), CATALOG, DIGITS, Path.cwd())
    assert len(digits) == 1797 and not digits.in_files
    assert digits.channels == 1 and digits.width == 8
    assert np.array_equal(digits.samples.labels, digits.labels)


def _catalog() -> Any:
    from dlstudio.catalog.store import Catalog

    return Catalog.load()


def test_a_split_taken_from_training_is_reported(tmp_path: Path) -> None:
    for name in ("train", "val"):
        class_folders(tmp_path / "pets" / name, count=10)
    found = opened(tmp_path / "pets")
    made = split_dataset(
        FakeContext(), found, DataRecipe(found.source, Split("folders"))
    )
    (note,) = made.notes
    assert "no test split" in note
    assert not split_dataset(FakeContext(), found, DataRecipe(found.source)).notes
