"""Keras' datasets of texts: from its cache folder, with a message when offline."""

from __future__ import annotations

import hashlib
import json
import socket
from pathlib import Path

import keras
import numpy as np
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.cli.opened_project import source_of
from dlstudio.data.columns import Cells
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.sources.keras_texts import NAMES, read
from dlstudio.errors import UserError

CATALOG = Catalog.load()
WORDS = {"the": 1, "film": 2, "was": 3, "good": 4, "bad": 5}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Keras cache, and no network."""

    def refuse(*arguments: object, **more: object) -> None:
        raise OSError("the network is unreachable")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(
        "keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path)
    )
    (tmp_path / "datasets").mkdir()
    return tmp_path / "datasets"


def opened(name: str, base: Path) -> Samples:
    return open_source(source_of(name, CATALOG), CATALOG, base)


def rows(samples: Samples) -> list[tuple[str, str, str]]:
    text, label = samples.columns["text"], samples.columns["label"]
    assert isinstance(text, Cells) and isinstance(label, Cells)
    return sorted(
        zip(
            samples.splits.tolist(),
            text.values.to_list(),
            label.values.to_list(),
            strict=True,
        )
    )


def filled(cache: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files such as those that Keras downloads, with their own checksums."""
    given = [[1, 2, 3, 4], [1, 2, 3, 5]]
    ragged = np.empty(2, object)
    ragged[:] = given
    y = np.array([1, 0])
    arrays = (
        {"x_train": ragged, "y_train": y, "x_test": ragged[:1], "y_test": y[:1]}
        if name == "imdb"
        else {"x": np.tile(ragged, 5), "y": np.tile(np.array([3, 0]), 5)}
    )
    np.savez(cache / f"{name}.npz", **arrays)
    (cache / f"{name}_word_index.json").write_text(json.dumps(WORDS), "utf-8")
    real = keras.utils.get_file

    def get_file(fname: str, **more: object) -> str:
        data = (cache / fname).read_bytes()
        own = hashlib.sha256(data).hexdigest()
        return str(real(fname, **{**more, "file_hash": own}))

    module = getattr(keras.src.datasets, name)
    monkeypatch.setattr(module, "get_file", get_file)


def test_imdb_from_the_cache(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(cache, "imdb", monkeypatch)
    assert rows(opened("imdb", tmp_path)) == [
        ("test", "the film was good", "positive"),
        ("train", "the film was bad", "negative"),
        ("train", "the film was good", "positive"),
    ]


def test_reuters_from_the_cache(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(cache, "reuters", monkeypatch)
    found = rows(opened("reuters", tmp_path))
    assert len(found) == 10 and {split for split, *_rest in found} == {"train", "test"}
    assert {(text, label) for _split, text, label in found} == {
        ("the film was good", "earn"),
        ("the film was bad", "cocoa"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_being_offline_is_reported(cache: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="could not be downloaded") as caught:
        opened(name, tmp_path)
    assert "internet" in caught.value.hint


def test_unknown_name() -> None:
    with pytest.raises(UserError, match="no text dataset called “dogs”"):
        read({"name": "dogs"}, Path())
