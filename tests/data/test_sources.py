"""Sources: reading folders, tables and arrays, and refusing invalid ones."""

from __future__ import annotations

import gzip
import io
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_images import CATALOG, class_folders, encoded, photo, write

from dlstudio.data.guess_source import guess_source
from dlstudio.data.images.samples import image_path, image_pixels, images_of
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.sources import arrays, folder, idx
from dlstudio.data.sources import csv as table
from dlstudio.document.values import Spec, freeze_map
from dlstudio.errors import UserError


def read(name: str, base: Path, **params: Any) -> Samples:
    """Read a source by its name."""
    return open_source(
        Spec(f"dlstudio.sources.{name}", freeze_map(params)), CATALOG, base
    )


def kinds(samples: Samples) -> set[tuple[str, str]]:
    """The kinds of findings of a source."""
    return {(note.kind, note.path) for note in samples.notes}


def labels_by_id(samples: Samples) -> dict[str, str]:
    """The class of each sample."""
    pairs = zip(samples.ids, samples.labels, strict=True)
    return {name: samples.classes[label] for name, label in pairs}


# Folders


def test_folder_of_classes(tmp_path: Path) -> None:
    class_folders(tmp_path / "pets", ["cat", "big dog", "猫"])
    samples = read("folder", tmp_path, path="pets")
    assert samples.classes == ("big dog", "cat", "猫")
    assert len(samples) == 12 and samples.ids == tuple(sorted(samples.ids))
    assert labels_by_id(samples)["big dog/3.png"] == "big dog"
    assert set(samples.splits.tolist()) == {""}
    assert image_path(samples, 0).read_bytes()[:4] == b"\x89PNG"
    assert not samples.has_several_labels and samples.labels.dtype == np.int32


@pytest.mark.parametrize(
    "names", [("train", "val", "test"), ("Training", "VALIDATION", "Testing")]
)
def test_folder_with_splits(tmp_path: Path, names: tuple[str, str, str]) -> None:
    for count, name in enumerate(names, 2):
        class_folders(tmp_path / name, count=count)
    samples = read("folder", tmp_path, path=".")
    found = dict(zip(*np.unique(samples.splits, return_counts=True), strict=True))
    assert found == {"train": 4, "validation": 6, "test": 8}
    assert samples.classes == ("cat", "dog")


def test_classes_may_be_called_train_or_test(tmp_path: Path) -> None:
    class_folders(tmp_path, ["car", "train"])
    assert read("folder", tmp_path, path=".").classes == ("car", "train")


def test_folder_inside_a_folder_as_archives_unpack(tmp_path: Path) -> None:
    class_folders(tmp_path / "pets" / "pets")
    write(tmp_path / "pets" / "__MACOSX" / "pets" / "cat" / "._1.png", b"litter")
    samples = read("folder", tmp_path, path="pets")
    assert samples.classes == ("cat", "dog")
    assert samples.ids[0] == "pets/cat/0.png"


def test_litter_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    class_folders(tmp_path)
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._0.png", ".hidden.png"):
        write(tmp_path / "cat" / name, b"litter")
    write(tmp_path / ".git" / "picture.png", encoded(photo()))
    samples = read("folder", tmp_path, path=".")
    assert len(samples) == 8 and not samples.notes


def test_what_is_noted_about_a_folder(tmp_path: Path) -> None:
    class_folders(tmp_path)
    (tmp_path / "bird").mkdir()
    write(tmp_path / "cat" / "notes.txt", b"not an image")
    write(tmp_path / "cat" / "no suffix", encoded(photo()))
    write(tmp_path / "loose.png", encoded(photo()))
    samples = read("folder", tmp_path, path=".")
    assert ("empty-folder", "bird") in kinds(samples)
    assert ("not-an-image", "cat/notes.txt") in kinds(samples)
    assert ("no-class", ".") in kinds(samples)
    assert "cat/no suffix" in samples.ids and samples.classes == ("cat", "dog")


def test_nested_folders_belong_to_their_class(tmp_path: Path) -> None:
    class_folders(tmp_path)
    write(tmp_path / "dog" / "small" / "old" / "x.png", encoded(photo()))
    assert (
        labels_by_id(read("folder", tmp_path, path="."))["dog/small/old/x.png"] == "dog"
    )


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_that_loop_end(tmp_path: Path) -> None:
    class_folders(tmp_path)
    without_links = read("folder", tmp_path, path=".").ids
    (tmp_path / "cat" / "again").symlink_to(tmp_path / "cat")
    (tmp_path / "cat" / "all").symlink_to(tmp_path)
    (tmp_path / "cat" / "gone.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "cat" / "self.png").symlink_to(tmp_path / "cat" / "self.png")
    (tmp_path / "all").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "cat" / "pipe.png")
    samples = read("folder", tmp_path, path=".")
    assert samples.ids == without_links and samples.classes == ("cat", "dog")
    assert ("missing-file", "cat/gone.png") in kinds(samples)
    assert ("missing-file", "cat/self.png") in kinds(samples)
    assert not any("pipe" in name for name in samples.ids)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text_are_read(tmp_path: Path) -> None:
    class_folders(tmp_path)
    os.makedirs(os.fsencode(tmp_path) + b"/caf\xe9")
    with open(os.fsencode(tmp_path) + b"/caf\xe9/\xff.png", "wb") as stream:
        stream.write(encoded(photo()))
    samples = read("folder", tmp_path, path=".")
    assert len(samples) == 9 and image_path(samples, 4).is_file()
    assert all(name.encode() for name in (*samples.ids, *samples.classes))


def test_folder_that_is_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read("folder", tmp_path, path="nowhere")
    (tmp_path / "cat").mkdir()
    with pytest.raises(UserError, match="No images"):
        read("folder", tmp_path, path=".")
    with pytest.raises(UserError, match="needs “path”"):
        read("folder", tmp_path)


# Tables


def make_table(root: Path, text: str, encoding: str = "utf-8") -> Path:
    """A table beside four images called a.png to d.png."""
    for number, name in enumerate("abcd"):
        write(root / "pics" / f"{name}.png", encoded(photo(number)))
    return write(root / "table.csv", text.encode(encoding))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_table_of_files_and_labels(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    lines = ["file,label", "pics/b.png,狗", "pics/a.png,cat", "pics/c.png,狗"]
    make_table(tmp_path, "\r\n".join(lines).replace(",", delimiter), encoding)
    samples = read("csv", tmp_path, path="table.csv")
    assert samples.ids == ("pics/a.png", "pics/b.png", "pics/c.png")
    assert labels_by_id(samples)["pics/b.png"] == "狗"


def test_table_without_header(tmp_path: Path) -> None:
    make_table(tmp_path, "pics/a.png,cat\npics/b.png,dog\n")
    assert len(read("csv", tmp_path, path="table.csv")) == 2


def test_table_with_a_split_column(tmp_path: Path) -> None:
    text = "path,split,class\npics/a.png,train,x\npics/b.png,val,y\npics/c.png,TEST,x\n"
    make_table(tmp_path, text)
    samples = read("csv", tmp_path, path="table.csv")
    assert samples.splits.tolist() == ["train", "validation", "test"]


def test_several_labels_in_one_cell(tmp_path: Path) -> None:
    make_table(tmp_path, "file,tags\npics/a.png,red|big\npics/b.png,\npics/c.png,big\n")
    samples = read("csv", tmp_path, path="table.csv")
    assert samples.has_several_labels and samples.classes == ("big", "red")
    assert samples.labels.tolist() == [[1, 1], [0, 0], [1, 0]]
    assert samples.labels.dtype == np.uint8


def test_several_columns_of_flags(tmp_path: Path) -> None:
    make_table(
        tmp_path, "file,red,big\npics/a.png,1,0\npics/b.png,0,0\npics/c.png,1,1\n"
    )
    samples = read("csv", tmp_path, path="table.csv")
    assert samples.classes == ("red", "big")
    assert samples.labels.tolist() == [[1, 0], [0, 0], [1, 1]]


def test_columns_that_are_named(tmp_path: Path) -> None:
    text = "n,where,size,what\n1,pics/a.png,big,cat\n2,pics/b.png,small,dog\n"
    make_table(tmp_path, text)
    with pytest.raises(UserError, match="which columns"):
        read("csv", tmp_path, path="table.csv")
    samples = read("csv", tmp_path, path="table.csv", label_columns=["what"])
    assert samples.classes == ("cat", "dog")
    with pytest.raises(UserError, match="no column called “colour”"):
        read("csv", tmp_path, path="table.csv", label_columns=["colour"])


def test_table_without_any_label(tmp_path: Path) -> None:
    make_table(tmp_path, "file,tags\npics/a.png,|\npics/b.png,|\n")
    with pytest.raises(UserError, match="No image in the table has a label"):
        read("csv", tmp_path, path="table.csv")


def test_rows_that_cannot_be_used_are_noted(tmp_path: Path) -> None:
    rows = ["pics/a.png,x", "pics/gone.png,x", "pics/a.png,x", "pics/b.png,y"]
    rows += ["pics/b.png,x", "pics/c.png,", "//host/share/d.png,x", "\\\\host\\d.png,x"]
    make_table(tmp_path, "\n".join(["file,label", *rows]))
    samples = read("csv", tmp_path, path="table.csv")
    assert labels_by_id(samples) == {"pics/a.png": "x", "pics/b.png": "y"}
    assert kinds(samples) == {
        ("missing-file", "pics/gone.png"),
        ("duplicate", "pics/a.png"),
        ("conflicting-labels", "pics/b.png"),
        ("no-class", "pics/c.png"),
        ("missing-file", "//host/share/d.png"),
        ("missing-file", "//host/d.png"),
    }


def test_paths_of_windows_and_absolute_ones(tmp_path: Path) -> None:
    absolute = write(tmp_path / "else" / "x.png", encoded(photo()))
    make_table(
        tmp_path,
        f"file,label\npics\\a.png,x\n{absolute},y\n../{tmp_path.name}/pics/b.png,x\n",
    )
    assert len(read("csv", tmp_path, path="table.csv")) == 3


@pytest.mark.parametrize(
    "text", ["", "\n\n", "a,b\nc,d\n", '"' + "x" * 200_000, "file,label\nx.png,1\n"]
)
def test_tables_that_are_none(tmp_path: Path, text: str) -> None:
    write(tmp_path / "table.csv", text.encode())
    with pytest.raises(UserError):
        read("csv", tmp_path, path="table.csv")


@given(st.binary(max_size=300))
def test_any_bytes_as_a_table(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "t.csv"
    path.write_bytes(data)
    with pytest.raises(UserError):
        table.read({"path": str(path)}, path.parent)


# IDX


def idx_bytes(array: np.ndarray, kind: int = 8) -> bytes:
    """An array in an IDX file."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
    return head + array.tobytes()


def write_idx(root: Path, suffix: str = "") -> None:
    """MNIST's four files with a few images."""
    pack = gzip.compress if suffix else bytes
    for name, count in (("train", 6), ("t10k", 4)):
        pixels = np.arange(count * 20, dtype=np.uint8).reshape(count, 4, 5)
        labels = (np.arange(count) % 3).astype(np.uint8)
        write(root / f"{name}-images-idx3-ubyte{suffix}", pack(idx_bytes(pixels)))
        write(root / f"{name}-labels-idx1-ubyte{suffix}", pack(idx_bytes(labels)))


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_idx_files(tmp_path: Path, suffix: str) -> None:
    write_idx(tmp_path, suffix)
    samples = read("idx", tmp_path, path=".")
    assert len(samples) == 10 and samples.classes == ("0", "1", "2")
    assert samples.splits.tolist() == ["test"] * 4 + ["train"] * 6
    row = samples.ids.index("train/2")
    assert samples.labels[row] == 2
    assert image_pixels(samples, row).shape == (4, 5, 1)
    assert image_pixels(samples, row)[0, :, 0].tolist() == [40, 41, 42, 43, 44]
    one = read("idx", tmp_path, path=f"train-images-idx3-ubyte{suffix}")
    assert len(one) == 6
    assert guess_source(tmp_path, CATALOG).kind == "dlstudio.sources.idx"


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: b"\1" + data[1:],
        lambda data: data[:2] + b"\x0d" + data[3:],
        lambda data: data[:4] + b"\xff\xff\xff\xff" + data[8:],
        lambda data: data[:3] + b"\x09" + data[4:],
        lambda data: data[:6],
        lambda data: b"",
    ],
)
def test_idx_that_does_not_fit_is_refused(
    tmp_path: Path, suffix: str, change: Any
) -> None:
    pack = gzip.compress if suffix else bytes
    data = idx_bytes(np.zeros((6, 4, 5), np.uint8))
    path = write(tmp_path / f"x-images-idx3-ubyte{suffix}", pack(change(data)))
    with pytest.raises(UserError):
        idx.read_idx(path)


def test_idx_pairs_that_do_not_belong_together(tmp_path: Path) -> None:
    write_idx(tmp_path)
    write(tmp_path / "train-labels-idx1-ubyte", idx_bytes(np.zeros(5, np.uint8)))
    with pytest.raises(UserError, match="6 images"):
        read("idx", tmp_path, path=".")
    broken = gzip.compress(idx_bytes(np.zeros((6, 4, 5), np.uint8)))[:30]
    path = write(tmp_path / "y-images-idx3-ubyte.gz", broken)
    with pytest.raises(UserError, match="damaged"):
        idx.read_idx(path)


@given(st.binary(max_size=80))
def test_any_bytes_as_idx(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "i"
    path.write_bytes(b"\0\0\x08" + data)
    try:
        array = idx.read_idx(path)
    except UserError:
        return
    assert array.size + 4 + 4 * array.ndim == 3 + len(data)


# Arrays

RANDOM = np.random.default_rng(0)
PIXELS = RANDOM.integers(0, 256, (7, 4, 5, 3), dtype=np.uint8)
NUMBERS = np.array([0, 1, 2, 0, 1, 2, 0])


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz_with_splits(tmp_path: Path, save: Any) -> None:
    save(
        tmp_path / "set.npz",
        x_train=PIXELS,
        y_train=NUMBERS,
        x_test=PIXELS[:2],
        y_test=NUMBERS[:2, np.newaxis],
        classes=np.array(["ant", "bee", "cow"]),
    )
    samples = read("arrays", tmp_path, path="set.npz")
    assert samples.classes == ("ant", "bee", "cow")
    assert samples.ids[:1] + samples.ids[-1:] == ("train/0", "test/1")
    assert np.array_equal(image_pixels(samples, 5), PIXELS[5])
    assert np.array_equal(image_pixels(samples, 8), PIXELS[1])
    assert isinstance(images_of(samples).blocks[0].array, np.memmap) == (
        save is np.savez
    )
    assert guess_source(tmp_path / "set.npz", CATALOG).kind == "dlstudio.sources.arrays"


@pytest.mark.parametrize(
    ("pixels", "wanted"),
    [
        (PIXELS / np.float32(255), PIXELS),
        (PIXELS.astype(np.float64), PIXELS),
        (PIXELS.astype(np.int64), PIXELS),
        (PIXELS.astype(np.uint16) * 257, PIXELS),
        (PIXELS > 127, (PIXELS > 127) * np.uint8(255)),
        (PIXELS[..., 0], PIXELS[..., :1]),
        (np.asfortranarray(PIXELS), PIXELS),
    ],
)
def test_arrays_of_any_numbers(tmp_path: Path, pixels: Any, wanted: Any) -> None:
    np.savez(tmp_path / "set.npz", images=pixels, labels=NUMBERS)
    samples = read("arrays", tmp_path, path="set.npz")
    assert np.array_equal(images_of(samples).pixel_rows(np.arange(7)), wanted)


def test_labels_in_columns(tmp_path: Path) -> None:
    hot = np.eye(3)[NUMBERS]
    np.savez(tmp_path / "hot.npz", x=PIXELS, y=hot)
    assert read("arrays", tmp_path, path="hot.npz").labels.tolist() == NUMBERS.tolist()
    hot[0] = 1
    np.savez(tmp_path / "many.npz", x=PIXELS, y=hot)
    many = read("arrays", tmp_path, path="many.npz")
    assert many.has_several_labels and many.labels[0].tolist() == [1, 1, 1]


def test_npy_pairs(tmp_path: Path) -> None:
    np.save(tmp_path / "images.npy", PIXELS)
    np.save(tmp_path / "labels.npy", np.array(list("abcabca")))
    assert read("arrays", tmp_path, path="images.npy").classes == ("a", "b", "c")
    np.save(tmp_path / "other.npy", NUMBERS)
    named = read("arrays", tmp_path, path="images.npy", labels="other.npy")
    assert named.classes == ("0", "1", "2")
    with pytest.raises(UserError, match="No file with labels"):
        read("arrays", tmp_path, path="other.npy")


def test_arrays_that_are_refused(tmp_path: Path) -> None:
    objects = np.array([{"run": "code"}] * 7, dtype=object)
    np.savez(tmp_path / "objects.npz", x=objects, y=NUMBERS)
    np.savez_compressed(tmp_path / "packed.npz", x=objects, y=NUMBERS)
    np.save(tmp_path / "objects.npy", objects)
    np.savez(tmp_path / "uneven.npz", x=PIXELS, y=NUMBERS[:3])
    np.savez(tmp_path / "none.npz", x=PIXELS[:0], y=NUMBERS[:0])
    np.savez(tmp_path / "names.npz", a=PIXELS, b=NUMBERS)
    np.savez(tmp_path / "flat.npz", x=PIXELS.reshape(7, -1), y=NUMBERS)
    np.savez(tmp_path / "floats.npz", x=PIXELS, y=NUMBERS + 0.5)
    write(tmp_path / "words.npz", b"words")
    write(tmp_path / "words.npy", b"words")
    for name in sorted(path.name for path in tmp_path.iterdir()):
        with pytest.raises(UserError):
            read("arrays", tmp_path, path=name)


@given(st.data())
def test_damaged_npz_is_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    stream = io.BytesIO()
    np.savez(stream, x=PIXELS, y=NUMBERS)
    raw = bytearray(stream.getvalue())
    for _change in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place] = data.draw(st.integers(0, 255))
    path = write(tmp_path_factory.mktemp("any") / "x.npz", bytes(raw))
    try:
        samples = arrays.read({"path": str(path)}, path.parent)
    except UserError:
        return
    assert len(samples) == 7


def test_npz_that_claims_too_much(tmp_path: Path) -> None:
    head = "{'descr': '|u1', 'fortran_order': False, 'shape': (9999999, 999, 999, 3), }"
    npy = b"\x93NUMPY\1\0" + struct.pack("<H", len(head) + 1) + head.encode() + b"\n"
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(tmp_path / "x.npz", "w", method) as archive:
            archive.writestr("x.npy", npy)
            archive.writestr("y.npy", npy)
        with pytest.raises(UserError):
            read("arrays", tmp_path, path="x.npz")


# Others


def test_digits(tmp_path: Path) -> None:
    samples = read("digits", tmp_path)
    assert len(samples) == 1797 and samples.classes == tuple("0123456789")
    pixels = images_of(samples).pixel_rows(np.arange(1797))
    assert pixels.shape == (1797, 8, 8, 1) and pixels.max() == 255 and pixels.min() == 0


def test_guessing(tmp_path: Path) -> None:
    class_folders(tmp_path / "pets")
    assert guess_source(tmp_path / "pets", CATALOG).kind == "dlstudio.sources.folder"
    make_table(tmp_path / "t", "file,label\npics/a.png,x\n")
    spec = guess_source(tmp_path / "t" / "table.csv", CATALOG)
    assert spec.kind == "dlstudio.sources.csv"
    assert len(open_source(spec, CATALOG, tmp_path)) == 1
    alone = write(tmp_path / "alone" / "t.csv", b"file,label\n")
    assert guess_source(tmp_path / "alone", CATALOG).params["path"] == alone.as_posix()
    for name in ("nothing", "words.doc", "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        write(tmp_path / "words.doc", b"words")
        with pytest.raises(UserError):
            guess_source(tmp_path / name, CATALOG)


def test_specs_that_are_refused(tmp_path: Path) -> None:
    for spec in (
        Spec(""),
        Spec("dlstudio.sources.nothing"),
        Spec("dlstudio.formats.keras"),
        Spec("dlstudio.sources.digits", freeze_map({"colour": 1})),
    ):
        with pytest.raises(UserError):
            open_source(spec, CATALOG, tmp_path)


def test_images_are_opened_without_heavy_imports(tmp_path: Path) -> None:
    class_folders(tmp_path)
    code = (
        "import sys, dlstudio.data.images.scan, dlstudio.data.split,"
        " dlstudio.data.images.spec, dlstudio.data.sources.keras_set\n"
        "from pathlib import Path\n"
        "from dlstudio.catalog.store import Catalog\n"
        "from dlstudio.data.guess_source import guess_sources\n"
        "from dlstudio.data.open_source import open_source\n"
        "path, catalog = Path(sys.argv[1]), Catalog.load()\n"
        "assert open_source(guess_sources([path], catalog), catalog, path).ids\n"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'polars'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == 0


def test_folder_is_read_the_same_whatever_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_folders(tmp_path)
    wanted = folder.read({"path": str(tmp_path)}, tmp_path).ids
    real = os.scandir

    class Backwards:
        def __init__(self, path: Any) -> None:
            with real(path) as entries:
                self.entries = sorted(entries, key=lambda e: e.name, reverse=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *error: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", Backwards)
    assert folder.read({"path": str(tmp_path)}, tmp_path).ids == wanted
