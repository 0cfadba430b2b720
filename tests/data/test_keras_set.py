"""Keras' datasets: from its cache folder, with a clear message when offline."""

from __future__ import annotations

import gzip
import hashlib
import socket
import struct
from pathlib import Path

import keras
import numpy as np
import pytest
from small_images import CATALOG, write

from dlstudio.data.images.samples import image_pixels
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.sources.keras_set import CLASSES
from dlstudio.document.values import Spec, freeze_map
from dlstudio.errors import UserError


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Keras cache, and no network."""

    def refuse(*arguments: object, **more: object) -> None:
        raise OSError("the network is unreachable")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(
        "keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path)
    )
    return tmp_path


def read(name: str) -> Samples:
    """Read one of Keras' datasets."""
    spec = Spec("dlstudio.sources.keras_set", freeze_map({"name": name}))
    return open_source(spec, CATALOG, Path())


@pytest.mark.parametrize("name", CLASSES)
def test_being_offline_is_reported(
    offline: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError, match="could not be downloaded") as caught:
        read(name)
    assert "internet" in caught.value.hint
    assert capsys.readouterr().out == ""


def test_unknown_name() -> None:
    with pytest.raises(UserError, match="no image dataset called “dogs”"):
        read("dogs")


def test_fashion_mnist_from_the_cache(offline: Path) -> None:
    folder = offline / "datasets" / "fashion-mnist"
    for name, count in (("train", 6), ("t10k", 3)):
        pixels = np.arange(count * 784, dtype=np.uint32).astype(np.uint8)
        head = struct.pack(">IIII", 2051, count, 28, 28)
        data = gzip.compress(head + pixels.tobytes())
        write(folder / f"{name}-images-idx3-ubyte.gz", data)
        labels = struct.pack(">II", 2049, count) + bytes(range(count))
        write(folder / f"{name}-labels-idx1-ubyte.gz", gzip.compress(labels))
    samples = read("fashion_mnist")
    assert len(samples) == 9 and samples.classes == CLASSES["fashion_mnist"]
    assert samples.splits.tolist() == ["train"] * 6 + ["test"] * 3
    assert image_pixels(samples, 1).shape == (28, 28, 1)
    assert image_pixels(samples, 1)[0, :3, 0].tolist() == [16, 17, 18]


def test_mnist_from_the_cache(offline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = offline / "datasets" / "mnist.npz"
    path.parent.mkdir(parents=True)
    pixels, labels = np.zeros((4, 28, 28), np.uint8), np.array([0, 9, 3, 3], np.uint8)
    np.savez(path, x_train=pixels, y_train=labels, x_test=pixels, y_test=labels)
    own = hashlib.sha256(path.read_bytes()).hexdigest()
    real = keras.utils.get_file

    def get_file(*arguments: object, **more: object) -> str:
        return str(real(*arguments, **{**more, "file_hash": own}))

    monkeypatch.setattr(keras.src.datasets.mnist, "get_file", get_file)
    samples = read("mnist")
    assert len(samples) == 8 and samples.classes == tuple("0123456789")
    assert samples.labels.tolist() == [0, 9, 3, 3] * 2


def test_class_names_are_as_many_as_labels() -> None:
    counts = {name: len(set(names)) for name, names in CLASSES.items()}
    assert counts == {"mnist": 10, "fashion_mnist": 10, "cifar10": 10, "cifar100": 100}
