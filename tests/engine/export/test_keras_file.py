"""The .keras file as used by a program without dlstudio."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest

from dlstudio.engine.export.inference_default import inference_by_default

from .conftest import CLASSES, build_model, listing


def test_stands_with_its_companions(keras_file):
    assert listing(keras_file.path.parent) == [
        "animals.keras",
        "animals.keras.card.json",
        "animals.keras.card.md",
        "animals.keras.certificate.json",
        "animals.keras.labels.txt",
    ]
    labels = keras_file.path.with_name("animals.keras.labels.txt").read_text("utf-8")
    assert labels == "".join(f"{name}\n" for name in CLASSES)


def test_is_the_same_model_without_compile_state(keras_file, trained, prepared):
    model = keras.saving.load_model(keras_file.path)
    assert not model.compiled
    images = prepared.rows["image"][:5]
    outputs = np.asarray(model(images.astype(np.float32), training=False))
    np.testing.assert_allclose(outputs, trained.outputs(images), atol=1e-5)


@pytest.mark.parametrize("sequential", [False, True])
def test_takes_a_batch_of_images_without_a_warning(tmp_path, sequential):
    model = build_model()
    if sequential:
        model = keras.Sequential(
            [keras.Input(model.input_shape[1:]), *model.layers[1:]]
        )
    keras.saving.save_model(inference_by_default(model), tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    images = np.random.default_rng(0).random((3, *model.input_shape[1:]), np.float32)
    # Warnings are errors in tests; Keras warns if it expects a list of one tensor.
    outputs = np.asarray(loaded(images))
    np.testing.assert_allclose(outputs, model.predict(images, verbose=0), atol=1e-5)


def test_certificate_and_result_agree(keras_file):
    path = keras_file.path.with_name("animals.keras.certificate.json")
    found = json.loads(path.read_text("utf-8"))
    result = keras_file.to_json()
    assert result["path"] == str(keras_file.path)
    assert result["format"] == "keras"
    assert result["certificate"] == found
    assert found["passed"] is True
    assert found["samples"] == 32
    assert found["drawn_from"] == {"test": 20, "validation": 10, "train": 2}
    assert found["label_agreement"] == 1
    assert found["max_abs_difference"] < 1e-5
    assert found["size_bytes"] == keras_file.path.stat().st_size
    assert found["latency_ms"] > 0
