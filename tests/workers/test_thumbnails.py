"""Small images decoded in the background, and the cache limit."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6")

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from rooms import until
from small_images import CATALOG, class_folders, encoded, exif, photo, write

from dlstudio.document.values import FrozenMap, Spec
from dlstudio.workers.dataset import Dataset
from dlstudio.workers.image_dataset import dataset_of as opened
from dlstudio.workers.thumbnails import ThumbnailCache, Thumbnails, _make


def dataset_of(root: Path) -> Dataset:
    from dlstudio.data.open_source import open_source

    source = Spec("dlstudio.sources.folder", FrozenMap({"path": str(root)}))
    return opened(source, open_source(source, CATALOG, root))


def image(side: int) -> QImage:
    return QImage(side, side, QImage.Format.Format_RGB32)


def test_the_cache_stays_within_its_bytes() -> None:
    cache = ThumbnailCache(limit=10 * (4 * 100 + 64))
    for row in range(30):
        cache.put((row, 10), image(10))
        cache.get((0, 10))  # used repeatedly, and so kept
    assert cache.bytes <= cache.limit and len(cache) == 10
    assert (0, 10) in cache and (1, 10) not in cache and (29, 10) in cache
    cache.drop((0, 10))
    assert len(cache) == 9
    cache.clear()
    assert cache.bytes == 0


def test_one_larger_than_the_limit_is_kept_alone() -> None:
    cache = ThumbnailCache(limit=100)
    cache.put((1, 10), image(10))
    assert (1, 10) in cache


def test_images_arrive_upright_and_complete(qtbot: QtBot, tmp_path: Path) -> None:
    class_folders(tmp_path / "a", count=3)
    turned = encoded(photo(3, 400, 200), "JPEG", exif=exif(6))
    write(tmp_path / "a/cat/x.jpg", turned)
    write(tmp_path / "a/cat/y.png", b"\x89PNG\r\n\x1a\nbroken")
    dataset = dataset_of(tmp_path / "a")
    made = Thumbnails(threads=2)
    made.show(dataset)
    rows = list(range(len(dataset)))
    arrived: list[int] = []
    made.arrived.connect(lambda: arrived.extend(made.take()))
    made.want(rows, 32)
    until(lambda: sorted(arrived) == rows)
    found = made.image(dataset.rows["cat/x.jpg"], 32)
    assert found is not None and (found.width(), found.height()) == (16, 32)
    assert made.failed(dataset.rows["cat/y.png"], 32)
    assert not made.failed(dataset.rows["cat/x.jpg"], 32)
    small = made.image(dataset.rows["cat/0.png"], 32)
    assert small is not None and small.width() == 32
    made.want(rows, 32)
    assert made.idle
    assert made.close()


def test_the_newest_request_comes_first(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_folders(tmp_path / "a", count=20)
    dataset = dataset_of(tmp_path / "a")
    released = threading.Event()

    def make_when_released(*given: Any) -> QImage | None:
        released.wait(30)  # one is being decoded, none is ready before the new request
        return _make(*given)

    monkeypatch.setattr("dlstudio.workers.thumbnails._make", make_when_released)
    made = Thumbnails(threads=1)
    made.show(dataset)
    order: list[int] = []
    made.arrived.connect(lambda: order.extend(made.take()))
    made.want(range(30), 200)
    made.want([35, 36], 200)
    released.set()
    until(lambda: 36 in order)
    assert len(order) <= 4 and {35, 36} <= set(order)
    made.show(None)
    assert made.image(36, 200) is None
    assert made.close()


def test_nothing_starts_after_closing(tmp_path: Path) -> None:
    class_folders(tmp_path / "a")
    made = Thumbnails()
    made.show(dataset_of(tmp_path / "a"))
    assert made.close()
    made.want([0], 32)
    assert made.idle and made.close()
