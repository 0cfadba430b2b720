"""Findings of a scan in messy data."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_images import CATALOG, class_folders, encoded, photo, write

from dlstudio.data.guess_source import guess_source
from dlstudio.data.images.checks.near_duplicates import find_near_duplicates
from dlstudio.data.images.decoders.pillow_decoder import quiet_pillow
from dlstudio.data.images.scan import Scan, scan
from dlstudio.data.open_source import open_source
from dlstudio.data.parallel import Stopped
from dlstudio.document.values import Spec


def scanned(root: Path) -> Scan:
    """A scan of a folder."""
    return scan(open_source(guess_source(root, CATALOG), CATALOG, root))


def found(result: Scan) -> set[tuple[str, str]]:
    """Kinds and paths of the findings."""
    return {(each.kind, each.path) for each in result.findings}


def test_a_good_dataset_has_no_findings(tmp_path: Path) -> None:
    class_folders(tmp_path, count=12)
    result = scanned(tmp_path)
    assert result.to_json() == {
        "samples": 24,
        "classes": {"cat": 12, "dog": 12},
        "splits": {},
        "sizes": {
            "height": {"min": 28, "median": 28, "max": 28},
            "width": {"min": 40, "median": 40, "max": 40},
        },
        "modes": {"RGB": 24},
        "formats": {"PNG": 24},
        "multi_label": False,
        "findings": [],
    }


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    class_folders(tmp_path, count=12)
    jpeg = encoded(photo(), "JPEG")
    bomb = bytearray(jpeg)
    place = bomb.index(b"\xff\xc0")
    bomb[place + 5 : place + 9] = b"\xff\xf0\xff\xf0"
    for name, data in {
        "zero-byte.jpg": b"",
        "truncated.jpg": jpeg[:-200],
        "not-an-image.jpg": b"words",
        "too-large.jpg": bytes(bomb),
    }.items():
        write(tmp_path / "cat" / name, data)
    wanted = {
        (name, f"cat/{name}.jpg")
        for name in ("zero-byte", "truncated", "not-an-image", "too-large")
    }
    result = scanned(tmp_path)
    assert found(result) == wanted
    assert result.samples == 28 and result.modes == {"RGB": 24}


def test_copies(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", count=12)
    class_folders(tmp_path / "test", count=12)
    for path in (tmp_path / "test").rglob("*.png"):
        number = 100 + int(path.stem) + (50 if path.parent.name == "dog" else 0)
        path.write_bytes(encoded(photo(number)))
    big = photo(7, 200, 150)
    write(tmp_path / "train/cat/same.png", (tmp_path / "train/cat/1.png").read_bytes())
    write(tmp_path / "train/dog/other.png", (tmp_path / "train/cat/2.png").read_bytes())
    write(tmp_path / "test/dog/leak.png", (tmp_path / "train/dog/3.png").read_bytes())
    write(tmp_path / "train/cat/big.png", encoded(big))
    tall = photo(8, 150, 200)
    write(tmp_path / "train/dog/tall.jpg", encoded(tall, "JPEG", quality=60))
    write(tmp_path / "train/dog/tall.webp", encoded(tall, "WEBP"))
    write(tmp_path / "test/cat/small.jpg", encoded(big.resize((80, 60)), "JPEG"))
    assert found(scanned(tmp_path)) == {
        ("duplicate", "train/cat/same.png"),
        ("conflicting-labels", "train/dog/other.png"),
        ("duplicate-across-splits", "train/dog/3.png"),
        ("near-duplicate", "train/dog/tall.webp"),
        ("duplicate-across-splits", "train/cat/big.png"),
    }


def test_classes_that_are_odd(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", ["a", "b"], count=2)
    for number in range(30):
        write(tmp_path / f"train/b/x{number}.png", encoded(photo(300 + number)))
    class_folders(tmp_path / "test", ["a"], count=11)
    for path in (tmp_path / "test").rglob("*.png"):
        path.write_bytes(encoded(photo(600 + int(path.stem))))
    (tmp_path / "test" / "c").mkdir()
    assert found(scanned(tmp_path)) == {
        ("empty-folder", "test/c"),
        ("class-not-in-split", "b"),
    }
    class_folders(tmp_path / "alone", ["only"], count=2)
    assert found(scanned(tmp_path / "alone")) == {("unlabeled", "")}
    source = guess_source(tmp_path / "alone", CATALOG).with_param("layout", "classes")
    assert found(scan(open_source(source, CATALOG, tmp_path))) == {
        ("one-class", "only"),
        ("few-samples", "only"),
    }


def test_imbalance_and_formats_of_exports(tmp_path: Path) -> None:
    class_folders(tmp_path, ["few"], count=10)
    for number in range(100):
        data = encoded(photo(1000 + number), "TIFF")
        write(tmp_path / f"many/{number}.tif", data)
    result = scanned(tmp_path)
    assert found(result) == {("imbalance", ""), ("not-in-export", "")}
    assert "100 images have the format TIFF" in result.findings[-1].message


def test_arrays_are_scanned_too(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 8, 9), dtype=np.uint8)
    pixels[29] = pixels[0]
    np.savez(tmp_path / "x.npz", x=pixels, y=np.arange(30) % 2)
    result = scanned(tmp_path / "x.npz")
    assert [(e.kind, e.path, e.original) for e in result.findings] == [
        ("conflicting-labels", "picture/29", "picture/0")
    ]
    assert result.modes == {"L": 30}


def test_progress_and_stopping(tmp_path: Path) -> None:
    samples = open_source(Spec("dlstudio.sources.digits"), CATALOG, tmp_path)
    calls: list[tuple[int, int]] = []
    scan(samples, lambda done, total: calls.append((done, total)))
    assert calls[-1] == (1797, 1797) and calls == sorted(calls)
    with pytest.raises(Stopped):
        scan(samples, should_stop=lambda: True)


def test_near_duplicates_are_distinguished_from_chance() -> None:
    random = np.random.default_rng(0)
    hashes = [int(each) for each in random.integers(0, 2**63, 3000)]
    thumbs = random.integers(0, 256, (3000, 256), dtype=np.uint8)
    assert find_near_duplicates(hashes, thumbs) == []
    hashes[2999], hashes[17] = hashes[5] ^ 0b1_0000_0001, hashes[5] ^ (7 << 30)
    thumbs[2999] = thumbs[17] = np.clip(thumbs[5].astype(int) + 1, 0, 255)
    assert find_near_duplicates(hashes, thumbs) == [(5, 17), (5, 2999)]
    # The same hash alone is not enough.
    hashes[100] = hashes[200]
    assert find_near_duplicates(hashes, thumbs) == [(5, 17), (5, 2999)]


def test_many_of_one_kind_cost_little() -> None:
    thumbs = np.zeros((5_000, 256), np.uint8)
    pairs = find_near_duplicates([7] * 5_000, thumbs)
    assert len(pairs) == 4_999 and {first for first, _second in pairs} == {0}


def test_pillows_warnings_are_silenced_and_come_back() -> None:
    image = Image.new("1", (8_000, 8_000))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet_pillow(), quiet_pillow(), Image.open(stream) as opened:
            assert opened.width == 8_000
        with pytest.raises(Image.DecompressionBombWarning):
            Image.open(stream)
