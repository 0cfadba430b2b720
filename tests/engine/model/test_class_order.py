"""Imported weights of classes in another order are put into that of the data."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project
from dlstudio.engine.file_import.import_file import import_file
from dlstudio.engine.file_import.import_request import ImportRequest
from dlstudio.engine.model.build import build
from dlstudio.engine.model.class_order import adopt_class_order
from dlstudio.engine.model.initial_weights import set_initial_weights
from dlstudio.engine.typing import KerasModel

IMAGES = np.linspace(0, 1, 3 * 8 * 8 * 3, dtype="float32").reshape(3, 8, 8, 3)


def begun(
    folder: Path, layers: list[object], labels: str
) -> tuple[Project, KerasModel]:
    """A project of a model with these last layers, and its model before a training."""
    keras.utils.set_random_seed(3)
    head = keras.Sequential([keras.Input((3,)), *layers], name="head")
    x = keras.Input((8, 8, 3))
    outputs = head(keras.layers.GlobalAveragePooling2D()(x))
    keras.Model(x, outputs).save(folder / "pets.keras")
    (folder / "labels.txt").write_text(labels)
    catalog = Catalog.load()
    import_file(ImportRequest(folder / "pets.keras", folder / "p"), catalog)
    project = load_project(folder / "p")
    model = build(project, catalog)
    set_initial_weights(project, model, folder / "p", None)
    return project, model


@pytest.mark.parametrize("separate", [False, True])
def test_scores_stay_those_of_their_classes(tmp_path: Path, separate: bool) -> None:
    dense = keras.layers.Dense(3, activation=None if separate else "softmax")
    layers = [dense, keras.layers.Softmax()] if separate else [dense]
    project, model = begun(tmp_path, layers, "dog\nowl\ncat\n")
    dog, owl, cat = np.asarray(model(IMAGES)).T
    found = adopt_class_order(project, model, {"label": ("cat", "dog", "owl")})
    assert found.to_json() == {"reordered": ["head"]}
    np.testing.assert_allclose(np.asarray(model(IMAGES)).T, [cat, dog, owl], rtol=1e-6)


def test_one_score_of_two_classes_is_turned(tmp_path: Path) -> None:
    layers = [keras.layers.Dense(1, activation="sigmoid")]
    project, model = begun(tmp_path, layers, "dog\ncat\n")
    before = np.asarray(model(IMAGES))
    assert adopt_class_order(project, model, {"label": ("cat", "dog")}).reordered
    np.testing.assert_allclose(np.asarray(model(IMAGES)), 1 - before, rtol=1e-6)


def test_other_classes_are_named_and_their_weights_kept(tmp_path: Path) -> None:
    layers = [keras.layers.Dense(2, activation="softmax", name="scores")]
    project, model = begun(tmp_path, layers, "dog\ncat\n")
    before = np.asarray(model(IMAGES))
    new = {"label": ("ant", "bee")}
    assert adopt_class_order(project, model, new).to_json() == {"different": ["head"]}
    np.testing.assert_allclose(np.asarray(model(IMAGES)), before, rtol=1e-6)
    changed = ["head/scores"]  # of another shape now, and so without the weights
    assert adopt_class_order(project, model, new, changed).to_json() == {}
    same = {"label": ("dog", "cat")}
    assert adopt_class_order(project, model, same).to_json() == {}
