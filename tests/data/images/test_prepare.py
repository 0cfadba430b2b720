"""Preparing: correct, resumable after any interruption, sensitive to every change."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from prepared_images import prepare
from small_images import CATALOG, class_folders, encoded, photo, write

from dlstudio.data.images.cache import row_cache
from dlstudio.data.images.cache.chunk_worker import with_channels
from dlstudio.data.images.cache.row_cache import RowCache
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.read import read_image
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.parallel import Stopped, in_parallel
from dlstudio.data.prepared import Prepared
from dlstudio.document.plan import IMAGE, DataRecipe, Split
from dlstudio.document.values import Spec, freeze_map
from dlstudio.errors import UserError
from tests.support.labels import relabeled

SPEC = ImageSpec(8, 10, 3, antialias=False)


def recipe_of(root: Path, **more: Any) -> DataRecipe:
    """A recipe for a folder."""
    source = Spec("dlstudio.sources.folder", freeze_map({"path": str(root)}))
    return DataRecipe(source=source, **more)


def prepared(root: Path, spec: ImageSpec = SPEC, **more: Any) -> Prepared:
    """The images below `root/pets`, prepared into `root/cache`."""
    recipe = more.pop("recipe", None) or recipe_of(root / "pets")
    return prepare(recipe, spec, CATALOG, root, root / "cache", **more)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """A folder with images in `pets`."""
    class_folders(tmp_path / "pets", count=6)
    return tmp_path


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of decoded images of each call."""
    calls: list[int] = []
    real_several, real_one = Decoder.several, Decoder.one

    def several(self: Decoder, data: Any) -> Any:
        made = real_several(self, data)
        calls.append(0 if made is None else len(data))
        return made

    def one(self: Decoder, data: bytes) -> Any:
        made = real_one(self, data)
        calls.append(1)
        return made

    monkeypatch.setattr(Decoder, "several", several)
    monkeypatch.setattr(Decoder, "one", one)
    return calls


def sets_of(root: Path) -> list[Path]:
    """Folders of prepared sets."""
    return sorted(path for path in (root / "cache/pictures").iterdir() if path.is_dir())


def test_images_are_what_prediction_reads(pets: Path) -> None:
    made = prepared(pets)
    images = made.rows[IMAGE]
    assert images.shape == (12, 8, 10, 3) and images.dtype == np.uint8
    assert isinstance(images, np.memmap) and not images.flags.writeable
    assert made.classes == ("cat", "dog") and made.labels.tolist() == [0] * 6 + [1] * 6
    assert made.labels.dtype == np.int32 and not made.has_several_labels
    assert not made.skipped
    assert sorted(np.concatenate(list(made.splits.values())).tolist()) == [*range(12)]
    for name, image in zip(made.ids, made.rows[IMAGE], strict=True):
        assert np.array_equal(read_image(pets / "pets" / name, SPEC), image)


def test_the_second_time_nothing_is_decoded(pets: Path, counted: list[int]) -> None:
    first, done = prepared(pets), sum(counted)
    calls: list[tuple[int, int]] = []
    second = prepared(pets, progress=lambda *each: calls.append(each))
    assert done == 12 and sum(counted) == 12 and calls[-1] == (12, 12)
    assert second.fingerprint == first.fingerprint
    assert np.array_equal(second.rows[IMAGE], first.rows[IMAGE])


def test_bad_images_are_skipped_and_reported(pets: Path) -> None:
    good = prepared(pets)
    write(pets / "pets/cat/00 empty.png", b"")
    write(pets / "pets/cat/words.jpg", b"words")
    write(pets / "pets/dog/cut.png", encoded(photo())[:300])
    for _again in range(2):
        made = prepared(pets)
        assert [name for name, _reason in made.skipped] == [
            "cat/00 empty.png",
            "cat/words.jpg",
            "dog/cut.png",
        ]
        assert "empty" in made.skipped[0][1]
        assert made.ids == good.ids
        assert np.array_equal(made.rows[IMAGE], good.rows[IMAGE])
        assert made.fingerprint == good.fingerprint


def test_nothing_but_bad_images_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "pets/cat/x.jpg", b"words")
    with pytest.raises(UserError, match=r"The only image.*cat/x\.jpg"):
        prepared(tmp_path)


def test_changes_are_noticed_and_only_they_are_decoded(
    pets: Path, counted: list[int]
) -> None:
    before = prepared(pets)
    counted.clear()
    write(pets / "pets/cat/0.png", encoded(photo(50)))
    write(pets / "pets/dog/new.png", encoded(photo(51)))
    (pets / "pets/dog/3.png").unlink()
    os.utime(pets / "pets/cat/1.png", ns=(1, 1))
    (pets / "pets/cat/2.png").rename(pets / "pets/cat/renamed.png")
    after = prepared(pets)
    assert sum(counted) == 2
    assert after.fingerprint != before.fingerprint and len(after) == 12
    shutil.rmtree(pets / "cache")
    anew = prepared(pets)
    assert np.array_equal(anew.rows[IMAGE], after.rows[IMAGE])
    assert anew.fingerprint == after.fingerprint


def test_the_fingerprint_changes_with_the_data(pets: Path) -> None:
    root = pets / "pets"
    prints = [
        prepared(pets, recipe=recipe).fingerprint
        for recipe in (
            recipe_of(root),
            recipe_of(root, split=Split(seed=1)),
            recipe_of(root, leave_out=("cat/0.png",)),
            recipe_of(root, changed=relabeled({"cat/0.png": "dog"})),
        )
    ]
    prints.append(prepared(pets, ImageSpec(8, 10, 3, antialias=True)).fingerprint)
    assert len(set(prints)) == len(prints)
    for path in root.rglob("*.png"):
        os.utime(path, ns=(5, 5))
    assert prepared(pets).fingerprint == prints[0]


def test_copies_stay_in_one_split(tmp_path: Path) -> None:
    for number in range(10):
        for name in "abcd":
            write(tmp_path / f"pets/x/{number}{name}.png", encoded(photo(number)))
            write(tmp_path / f"pets/y/{number}{name}.png", encoded(photo(90 + number)))
    made = prepared(
        tmp_path, recipe=recipe_of(tmp_path / "pets", split=Split("random", 0.3, 0.3))
    )
    where = {row: part for part, rows in made.splits.items() for row in rows.tolist()}
    assert set(where.values()) == {"train", "validation", "test"}
    for row in range(0, 80, 4):
        assert len({where[row + copy] for copy in range(4)}) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "rows.u8").write_bytes(b"short"),
        lambda folder: flip(folder / "rows.u8"),
        lambda folder: flip(folder / "journal.bin"),
        lambda folder: (folder / "journal.bin").unlink(),
        lambda folder: (folder / "rows.u8").unlink(),
        lambda folder: (folder / "done.json").write_text("{"),
        lambda folder: (folder / "done.json").write_text('{"file": "../x"}'),
        lambda folder: (folder / "done.json").unlink(),
        lambda folder: (folder / "listing.json").write_text("[1]"),
    ],
)
def test_a_damaged_cache_is_rebuilt(pets: Path, damage: Any) -> None:
    first = prepared(pets)
    wanted, mark = np.array(first.rows[IMAGE]), first.fingerprint
    del first
    damage(sets_of(pets)[0])
    made = prepared(pets)
    assert made.fingerprint == mark and np.array_equal(made.rows[IMAGE], wanted)


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_stopped_work_resumes_where_it_was(
    pets: Path, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    class_folders(pets / "pets", count=40)
    monkeypatch.setattr("dlstudio.data.images.cache.chunk_worker.FILES_AT_ONCE", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    with pytest.raises(Stopped):
        prepared(pets, should_stop=lambda: sum(counted) >= 4)
    before = sum(counted)
    assert 4 <= before < 40
    prepared(pets)
    assert sum(counted) == 80


def test_an_interrupt_leaves_a_cache_that_resumes(
    pets: Path, counted: list[int]
) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepared(pets, progress=interrupt)
    assert len(prepared(pets)) == 12 and sum(counted) == 12


CHILD = """
import sys
from pathlib import Path
from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.store import Catalog
from dlstudio.data.images.cache import chunk_worker, row_cache
from dlstudio.data.images.prepare import prepare_images
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.open_source import open_source
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import Spec, freeze_map
import time

root = Path(sys.argv[1])
chunk_worker.FILES_AT_ONCE = 4
real = row_cache.RowWriter.write

def slow(self, *arguments):
    real(self, *arguments)
    time.sleep(0.05)

row_cache.RowWriter.write = slow
source = Spec("dlstudio.sources.folder", freeze_map({"path": str(root / "pets")}))
prepare_images(
    open_source(source, Catalog(BUILTIN), root),
    DataRecipe(source=source), ImageSpec(8, 10, 3, antialias=False), root / "cache",
    progress=lambda done, total: print(done, flush=True),
)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_work_killed_at_any_moment_resumes(tmp_path: Path, counted: list[int]) -> None:
    class_folders(tmp_path / "pets", count=40)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 12:
            break
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    made = prepared(tmp_path)
    assert 0 < sum(counted) <= 68
    shutil.rmtree(tmp_path / "cache")
    anew = prepared(tmp_path)
    assert anew.fingerprint == made.fingerprint
    assert np.array_equal(anew.rows[IMAGE], made.rows[IMAGE])


def test_a_journal_truncated_anywhere_is_resumed(pets: Path) -> None:
    first = prepared(pets)
    wanted = np.array(first.rows[IMAGE])
    folder = sets_of(pets)[0]
    journal = (folder / "journal.bin").read_bytes()
    for cut in (1, len(journal) // 2 + 3, len(journal) - 1):
        (folder / "done.json").unlink()
        (folder / "journal.bin").write_bytes(journal[:cut])
        assert np.array_equal(prepared(pets).rows[IMAGE], wanted)


def test_two_at_once_make_it_once(pets: Path, counted: list[int]) -> None:
    made: list[Prepared] = []
    threads = [
        threading.Thread(target=lambda: made.append(prepared(pets))) for _n in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counted) == 12
    assert len({each.fingerprint for each in made}) == 1 and len(made) == 3


def test_waiting_for_another_can_be_stopped(pets: Path) -> None:
    import filelock

    prepared(pets)
    name = sets_of(pets)[0].name
    with filelock.FileLock(pets / "cache/pictures" / f"{name}.lock"):
        start = time.monotonic()
        with pytest.raises(Stopped):
            prepared(pets, should_stop=lambda: time.monotonic() > start + 0.3)


def test_a_full_disk_is_reported_and_recovered_from(
    pets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        usage = shutil.disk_usage(pets)._replace(free=1000)
        patch.setattr(shutil, "disk_usage", lambda path: usage)
        with pytest.raises(UserError, match="disk is full"):
            prepared(pets)
    real, left = row_cache.write_all, [3000]

    def write_all(stream: Any, data: bytes | memoryview) -> None:
        room = left[0]
        view = memoryview(data).cast("B")
        left[0] -= len(view)
        real(stream, view[: max(0, room)])
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(row_cache, "write_all", write_all)
        with pytest.raises(UserError, match="disk is full"):
            prepared(pets)
    made = prepared(pets)
    shutil.rmtree(pets / "cache")
    assert np.array_equal(prepared(pets).rows[IMAGE], made.rows[IMAGE])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not count")
def test_folder_that_cannot_be_written(pets: Path) -> None:
    (pets / "cache").mkdir(mode=0o500)
    with pytest.raises(UserError, match="cannot be written"):
        prepared(pets)


def test_cache_that_is_a_file(pets: Path) -> None:
    (pets / "cache").write_text("in the way")
    with pytest.raises(UserError):
        prepared(pets)


def test_old_sets_are_removed_in_the_end(
    pets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dlstudio.data.images.cache.cache_builder.SETS_KEPT", 2)
    for number in range(4):
        write(pets / "pets/cat/0.png", encoded(photo(number)))
        prepared(pets)
    assert len(sets_of(pets)) == 2


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_arrays_are_prepared_like_files(tmp_path: Path, channels: int) -> None:
    random = np.random.default_rng(0)
    spec = ImageSpec(12, 9, channels)
    for have in (1, 3, 4):
        pixels = random.integers(0, 256, (5, 10, 14, have), dtype=np.uint8)
        labels = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0], [0, 0, 1]])
        np.savez(tmp_path / f"{have}.npz", x_train=pixels, y_train=labels)
        source = Spec("dlstudio.sources.arrays", freeze_map({"path": f"{have}.npz"}))
        made = prepared(tmp_path, spec, recipe=DataRecipe(source=source))
        assert made.has_several_labels and np.array_equal(made.labels, labels)
        for image, wanted in zip(pixels, made.rows[IMAGE], strict=True):
            shown = Image.fromarray(image[..., 0] if have == 1 else image)
            as_file = read_image(encoded(shown), spec)
            assert np.abs(as_file.astype(int) - wanted).max() <= 1


def test_arrays_of_small_images_are_prepared_in_few_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    counts = {"train": 2000, "val": 500}
    arrays = {}
    for name, count in counts.items():
        shape = (count, 4, 4, 1)
        arrays[f"x_{name}"] = random.integers(0, 256, shape, dtype=np.uint8)
        arrays[f"y_{name}"] = np.arange(count) % 2
    np.savez(tmp_path / "set.npz", **arrays)
    pieces: list[int] = []
    real = row_cache.RowWriter.write

    def write_rows(self: Any, rows: Any, *more: Any) -> None:
        pieces.append(len(rows))
        real(self, rows, *more)

    monkeypatch.setattr(row_cache.RowWriter, "write", write_rows)
    params = freeze_map({"path": str(tmp_path / "set.npz")})
    source = Spec("dlstudio.sources.arrays", params)
    recipe = DataRecipe(source=source, split=Split("folders", test=0.0))
    spec = ImageSpec(4, 4, 1, antialias=False)
    made = prepared(tmp_path, spec, recipe=recipe)
    assert sorted(pieces) == [500, 976, 1024], "no piece is of two arrays"
    assert np.array_equal(made.rows[IMAGE], [*arrays["x_train"], *arrays["x_val"]])
    assert {name: len(rows) for name, rows in made.splits.items()} == {
        "train": 2000,
        "validation": 500,
        "test": 0,
    }


def test_digits_keep_their_pixels(tmp_path: Path) -> None:
    recipe = DataRecipe(source=Spec("dlstudio.sources.digits"))
    made = prepared(tmp_path, ImageSpec(8, 8, 1), recipe=recipe)
    assert len(made) == 1797 and made.rows[IMAGE].max() == 255
    again = prepared(tmp_path, ImageSpec(8, 8, 1), recipe=recipe)
    assert again.fingerprint == made.fingerprint and len(sets_of(tmp_path)) == 1


def test_channels() -> None:
    grey = np.array([[[[7]]]], np.uint8)
    assert with_channels(grey, 4).tolist() == [[[[7, 7, 7, 255]]]]
    clear = np.array([[[[0, 0, 0, 0]]]], np.uint8)
    assert with_channels(clear, 1).tolist() == [[[[255]]]]
    assert with_channels(with_channels(grey, 3), 1).tolist() == grey.tolist()


@settings(max_examples=25)
@given(st.binary(max_size=300), st.integers(0, 6))
def test_any_bytes_as_a_journal(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, rows: int
) -> None:
    folder = tmp_path_factory.mktemp("any") / "set"
    folder.mkdir()
    (folder / "journal.bin").write_bytes(data)
    (folder / "rows.u8").write_bytes(data)
    made = RowCache(folder, (2, 2, 1))
    assert len(made.begin([str(number) for number in range(rows)])) == 0
    assert (folder / "rows.u8").stat().st_size == rows * 4


def test_work_in_parallel_keeps_order_and_stays_small() -> None:
    taken: list[int] = []

    def items() -> Any:
        for number in range(100):
            taken.append(number)
            yield number

    results = in_parallel(lambda each: each * 2, items(), threads=2)
    assert next(results) == 0 and len(taken) < 10
    assert list(results) == [each * 2 for each in range(1, 100)]
