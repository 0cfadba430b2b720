"""Predictions for files and folders; unreadable files do not affect others."""

from __future__ import annotations

import json
import os
import sys

import keras
import numpy as np
import pytest
from PIL import Image

from dlstudio.data.images.spec import ImageSpec
from dlstudio.engine.heads.classification import CLASSIFICATION as SINGLE
from dlstudio.engine.heads.multi_label import MULTI_LABEL as TAGGING
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.engine.prediction.image_files import predict, predictions
from dlstudio.engine.runtime.stop_token import Stopped, StopSource

COLORS = ("red", "green", "blue")


def trained_on_colors(head_type=SINGLE, activation="softmax") -> TrainedModel:
    """Says how red, green and blue an image is."""
    inputs = keras.Input((4, 4, 3))
    values = keras.layers.Rescaling(1 / 255)(inputs)
    means = keras.layers.GlobalAveragePooling2D()(values)
    model = keras.Model(inputs, keras.layers.Dense(3, activation)(means))
    model.layers[-1].set_weights([10 * np.eye(3), np.full(3, -5.0)])
    return TrainedModel(model, COLORS, ImageSpec(4, 4, 3), head_type, from_logits=False)


@pytest.fixture(scope="module")
def trained() -> TrainedModel:
    return trained_on_colors()


@pytest.fixture
def folder(tmp_path):
    """Images two folders deep, and other files."""
    (tmp_path / "b" / "deep").mkdir(parents=True)
    Image.new("RGB", (20, 10), "red").save(tmp_path / "a.png")
    Image.new("RGB", (20, 10), (0, 255, 0)).save(tmp_path / "b" / "2.jpg")
    Image.new("RGB", (20, 10), "blue").save(tmp_path / "b" / "deep" / "图.tiff")
    (tmp_path / "b" / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / ".hidden.png").write_bytes(b"")
    return tmp_path


def test_one_file(trained, folder):
    (found,) = predict(trained, [folder / "a.png"])
    assert found.label == "red"
    assert found.score == found.scores["red"] > 0.99
    assert sum(found.scores.values()) == pytest.approx(1)
    answer = {"label": "red", "score": found.score, "scores": found.scores}
    assert found.to_json() == {
        "input": str(folder / "a.png"),
        **answer,
        "outputs": {"label": answer},
    }


def test_a_folder_is_searched_in_order_and_a_bad_file_spoils_only_itself(
    trained, folder
):
    found = predict(trained, [folder])
    assert [os.path.relpath(each.input, folder) for each in found] == [
        "a.png",
        os.path.join("b", "2.jpg"),
        os.path.join("b", "broken.jpg"),
        os.path.join("b", "deep", "图.tiff"),
    ]
    assert [each.label for each in found] == ["red", "green", "", "blue"]
    entry = found[2].to_json()
    assert set(entry) == {"input", "error"}
    assert entry["error"]
    json.dumps([each.to_json() for each in found], allow_nan=False)


def test_batches_change_nothing(trained, folder):
    inputs = [folder, folder / "a.png", folder / "b"]
    whole = predict(trained, inputs)
    single = predict(trained, inputs, batch=1)
    assert [each.input for each in single] == [each.input for each in whole]
    assert [each.label for each in single] == [each.label for each in whole]


def test_what_is_missing_or_empty_is_an_error_of_its_own(trained, folder, tmp_path):
    (tmp_path / "empty").mkdir()
    found = predict(
        trained, [tmp_path / "gone.png", tmp_path / "empty", folder / "a.png"]
    )
    assert [bool(each.error) for each in found] == [True, True, False]
    assert "gone.png" in found[0].error
    assert "no images" in found[1].error


def test_a_named_file_is_tried_whatever_it_is_called(trained, folder):
    (folder / "a.png").rename(folder / "picture")
    (found, text) = predict(trained, [folder / "picture", folder / "notes.txt"])
    assert found.label == "red"
    assert text.error


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_that_loop_are_walked_once(trained, folder):
    (folder / "b" / "loop").symlink_to(folder, target_is_directory=True)
    assert len(predict(trained, [folder])) == 4


def test_tagging_gives_labels_above_the_threshold(tmp_path):
    trained = trained_on_colors(TAGGING, "sigmoid")
    Image.new("RGB", (4, 4), "yellow").save(tmp_path / "yellow.png")
    Image.new("RGB", (4, 4), "black").save(tmp_path / "black.png")
    black, yellow = predict(trained, [tmp_path])
    assert yellow.labels == ("red", "green")
    assert yellow.to_json()["labels"] == ["red", "green"]
    assert (black.labels, black.label) == ((), "")
    (low, _yellow) = predict(trained, [tmp_path], threshold=0.001)
    assert low.labels == COLORS


def test_predictions_come_one_batch_after_the_other(trained, folder):
    source = StopSource()
    found = predictions(trained, [folder / "a.png"] * 3, batch=1, stop=source.token)
    assert next(found).label == "red"
    source.stop()
    with pytest.raises(Stopped):
        next(found)
