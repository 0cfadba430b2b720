"""What layers have learned, as the inspector gets it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from learned_world import learned_project, write_run

from dlstudio.catalog.store import Catalog
from dlstudio.engine.preprocessing.adaptation import MOST
from dlstudio.workers.learned_layers import (
    LEARNING,
    MOST_FOR_STATISTICS,
    LayerReference,
    read_learned_layer,
    value_names,
)

CATALOG = Catalog.load()


class NeverStopped:
    """The context of a job that nobody cancels."""

    def should_stop(self) -> bool:
        return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("learned")
    write_run(place)
    return place


def read(folder: Path, id: str, kind: str) -> Any:
    layer = LayerReference(folder, id, f"keras.layers.{kind}")
    return read_learned_layer(NeverStopped(), CATALOG, layer)  # type: ignore[arg-type]


def test_means_have_the_names_of_the_columns(folder: Path) -> None:
    found = read(folder, "scale", "Normalization")
    assert found.names == ("rooms", "area")
    assert found.means == (3.0, 20.0) and found.deviations == (2.0, 5.0)
    assert found.samples == 20_000, "so many are enough for statistics"
    assert found.run == "1" and found.noun == "rows"


def test_words_and_boundaries_come_in_their_order(folder: Path) -> None:
    words = read(folder, "words", "StringLookup")
    assert words.vocabulary == ("[UNK]", "Rome", "") and words.samples == 30_000
    assert read(folder, "bins", "Discretization").boundaries == (1.5, 2.5)


def test_another_layer_or_a_changed_file_says_nothing(folder: Path) -> None:
    assert read(folder, "scale", "StringLookup") is None
    assert read(folder, "gone", "Normalization") is None
    assert read(folder / "nowhere", "scale", "Normalization") is None
    assert "keras.layers.Normalization" in LEARNING


def test_values_of_one_feature_are_numbered() -> None:
    made = learned_project()
    assert value_names(made, "words", 3) == ("city [1]", "city [2]", "city [3]")
    assert value_names(made, "end", 2) == ("1", "2")


def test_the_limit_and_the_layers_are_those_of_the_engine() -> None:
    assert MOST == MOST_FOR_STATISTICS
