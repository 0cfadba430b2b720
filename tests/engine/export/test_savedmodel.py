"""The SavedModel as used by a program without dlstudio."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from gifs import COMMENT, frame, gif
from tensorflow.core.protobuf import saved_model_pb2

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.decoders.decode import GRAPH_FORMATS
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.decoders.pillow_decoder import decode_with_pillow
from dlstudio.data.images.spec import ImageSpec
from dlstudio.engine.export.formats import image_classes_savedmodel as exporter
from dlstudio.engine.file_import.examined_model import preview_file
from dlstudio.engine.heads.multi_label import MULTI_LABEL as TAGGING
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.engine.prediction.image_files import predict

from .conftest import CLASSES, HEIGHT, WIDTH, encode


@pytest.fixture(scope="module")
def loaded(savedmodel):
    return tf.saved_model.load(str(savedmodel.path))


def predict_bytes(loaded, *encoded):
    answer = loaded.signatures["serve_bytes"](image_bytes=tf.constant(encoded))
    return answer["scores"].numpy(), [
        each.decode() for each in answer["labels"].numpy()
    ]


def test_has_the_two_signatures(loaded):
    assert sorted(loaded.signatures) == ["serve_bytes", "serving_default"]
    _none, inputs = loaded.signatures["serving_default"].structured_input_signature
    assert inputs["images"].shape.as_list() == [None, HEIGHT, WIDTH, 3]
    assert inputs["images"].dtype == tf.float32
    _none, inputs = loaded.signatures["serve_bytes"].structured_input_signature
    assert inputs["image_bytes"].dtype == tf.string


def test_it_can_be_imported_again(savedmodel, trained):
    report = preview_file(savedmodel.path, Catalog.load()).report
    assert report.classes == tuple(trained.classes)
    assert report.labels.endswith("labels.txt")
    assert [each.class_name for each in report.blocks] == ["SavedModel"]


def test_pixels_are_predicted_as_in_the_studio(loaded, trained, prepared):
    images = prepared.rows["image"][:7]
    answer = loaded.signatures["serving_default"](
        images=tf.constant(images, tf.float32)
    )
    scores = trained.scores(images)
    np.testing.assert_allclose(answer["scores"].numpy(), scores, atol=1e-6)
    labels = [each.decode() for each in answer["labels"].numpy()]
    assert labels == trained.labels(scores)
    assert len(set(labels)) > 1


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_encoded_images_are_rotated_and_predicted_as_in_the_studio(
    loaded, trained, photo, tmp_path, form
):
    files = []
    for orientation in range(1, 9):
        path = tmp_path / f"{orientation}.{form.lower()}"
        path.write_bytes(encode(photo, form, orientation))
        files.append(path)
    scores, labels = predict_bytes(loaded, *(path.read_bytes() for path in files))
    expected = predict(trained, files)
    assert labels == [each.label for each in expected]
    for row, each in zip(scores, expected, strict=True):
        np.testing.assert_allclose(row, list(each.scores.values()), atol=1e-6)
    # Eight orientations are eight different images, else rotation was not tested.
    assert len({tuple(row.round(4)) for row in scores}) == 8


@pytest.mark.parametrize("form", ["BMP", "GIF"])
def test_formats_without_exif(loaded, trained, photo, tmp_path, form):
    path = tmp_path / f"photo.{form.lower()}"
    path.write_bytes(encode(photo, form))
    scores, _labels = predict_bytes(loaded, path.read_bytes())
    (expected,) = predict(trained, [path])
    np.testing.assert_allclose(scores[0], list(expected.scores.values()), atol=1e-6)


def test_card_names_what_a_graph_cannot_decode(loaded, savedmodel, photo):
    card = json.loads((savedmodel.path / "model_card.json").read_text("utf-8"))
    assert card["picture_formats"]["decoded"] == list(GRAPH_FORMATS)
    assert "TIFF" in card["picture_formats"]["not_decoded"]
    with pytest.raises(tf.errors.InvalidArgumentError):
        predict_bytes(loaded, encode(photo, "TIFF"))


DECODED_GIFS = {
    "plain": gif(8, 6, [frame(0, 0, 8, 6)]),
    "interlaced": gif(8, 16, [frame(0, 0, 8, 16, interlaced=True)]),
    "animated": gif(8, 6, [frame(0, 0, 8, 6), frame(2, 1, 4, 3)]),
    "with its own colors": gif(8, 6, [frame(0, 0, 8, 6, palette=True)], palette=False),
    "with a comment": gif(8, 6, [frame(0, 0, 8, 6)], before=COMMENT),
    "larger than its canvas": gif(8, 6, [frame(0, 0, 10, 9)]),
    "without an end": gif(8, 6, [frame(0, 0, 8, 6)], end=b""),
    "cut in its second frame": gif(8, 6, [frame(0, 0, 8, 6)] * 2)[:-20],
}
REFUSED_GIFS = {
    "without a color table": gif(8, 6, [frame(0, 0, 8, 6)], palette=False),
    "smaller than its canvas": gif(8, 6, [frame(2, 1, 4, 3)]),
    "damaged": gif(8, 6, [frame(0, 0, 8, 6)], before=b"\0" + COMMENT),
}


def pixels_by_pillow(trained, data: bytes) -> np.ndarray:
    return Decoder(trained.image_spec).fit(decode_with_pillow(data, 3)[np.newaxis])


@pytest.mark.parametrize("name", list(DECODED_GIFS))
def test_gifs_are_decoded_as_by_pillow(loaded, trained, name):
    data = DECODED_GIFS[name]
    expected = trained.scores(pixels_by_pillow(trained, data))
    scores, _labels = predict_bytes(loaded, data)
    np.testing.assert_allclose(scores, expected, atol=1e-5)


def test_transparent_pixels_of_a_gif_are_black_as_the_card_says(
    loaded, savedmodel, trained, tmp_path
):
    data = gif(WIDTH, HEIGHT, [frame(0, 0, WIDTH, HEIGHT, clear=7)])
    pixels = pixels_by_pillow(trained, data)
    opaque = gif(WIDTH, HEIGHT, [frame(0, 0, WIDTH, HEIGHT)])
    clear = (pixels != pixels_by_pillow(trained, opaque)).any(axis=-1)
    assert clear.any()
    pixels = np.where(clear[..., np.newaxis], np.uint8(0), pixels)
    scores, _labels = predict_bytes(loaded, data)
    np.testing.assert_allclose(scores, trained.scores(pixels), atol=1e-5)
    (tmp_path / "image.gif").write_bytes(data)
    (answer,) = predict(trained, [tmp_path / "image.gif"])
    np.testing.assert_allclose(scores[0], list(answer.scores.values()), atol=1e-5)
    text = (savedmodel.path / "model_card.md").read_text("utf-8")
    assert "transparent pixels of a GIF become black" in text


@pytest.mark.parametrize("name", list(REFUSED_GIFS))
def test_gifs_that_the_card_excludes_are_refused_not_misread(
    loaded, savedmodel, trained, name, tmp_path
):
    data = REFUSED_GIFS[name]
    with pytest.raises(tf.errors.InvalidArgumentError):
        predict_bytes(loaded, data)
    # The studio reads them with Pillow.
    (tmp_path / "image.gif").write_bytes(data)
    (answer,) = predict(trained, [tmp_path / "image.gif"])
    expected = trained.scores(pixels_by_pillow(trained, data))[0]
    np.testing.assert_allclose(list(answer.scores.values()), expected, atol=1e-5)
    text = (savedmodel.path / "model_card.md").read_text("utf-8")
    assert "GIF without a color table" in text
    assert "smaller than its canvas" in text
    assert "damaged files" in text


def test_labels_are_an_asset(loaded, savedmodel):
    lines = (savedmodel.path / "assets" / "labels.txt").read_text("utf-8").split("\n")
    assert tuple(lines[:-1]) == CLASSES
    assert loaded.labels.asset_path.numpy().endswith(b"labels.txt")


def test_graph_holds_no_python_and_pins_no_weights(savedmodel):
    proto = saved_model_pb2.SavedModel()
    proto.ParseFromString((savedmodel.path / "saved_model.pb").read_bytes())
    graph = proto.meta_graphs[0].graph_def
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    operations = {node.op for node in nodes}
    assert {"Conv2D", "MatMul", "DecodeJpeg"} <= operations
    assert not operations & {"PyFunc", "EagerPyFunc", "PyFuncStateless"}
    free = [node.device for node in nodes if node.op in ("Conv2D", "MatMul")]
    assert set(free) == {""}


def test_card_has_data_metrics_and_versions(savedmodel):
    card = json.loads((savedmodel.path / "model_card.json").read_text("utf-8"))
    assert card["classes"] == list(CLASSES)
    assert card["data"]["fingerprint"] == "0123456789abcdef"
    assert card["training"]["versions"] == {"tensorflow": "2"}
    assert card["evaluation"]["metrics"] == {"accuracy": 0.25}
    assert card["certificate"]["passed"] is True
    text = (savedmodel.path / "model_card.md").read_text("utf-8")
    for part in ("0123456789abcdef", "0.2500", "curl", "猫头鹰", "TIFF"):
        assert part in text


def test_tagging_marks_every_label_above_the_threshold(tmp_path):
    layers = [keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]
    model = keras.Sequential(layers)
    model.layers[-1].set_weights([np.zeros((4, 3)), np.array([5.0, -5.0, 5.0])])
    spec = ImageSpec(2, 2, 1)
    names = ("a", "b", "c")
    trained = TrainedModel(model, names, spec, TAGGING, from_logits=True)
    exported = exporter.export(trained, tmp_path / "tags")
    loaded = tf.saved_model.load(str(exported.path))
    answer = loaded.signatures["serving_default"](images=tf.zeros((2, 2, 2, 1)))
    assert answer["labels"].numpy().tolist() == [[b"a", b"", b"c"]] * 2
    zeros = np.zeros((2, 2, 2, 1), np.uint8)
    np.testing.assert_allclose(answer["scores"], trained.scores(zeros), atol=1e-6)
    low = TrainedModel(model, names, spec, TAGGING, from_logits=True, threshold=0.005)
    exported = exporter.export(low, tmp_path / "all")
    loaded = tf.saved_model.load(str(exported.path))
    answer = loaded.signatures["serving_default"](images=tf.zeros((1, 2, 2, 1)))
    assert answer["labels"].numpy().tolist() == [[b"a", b"b", b"c"]], "as it was chosen"
    assert low.labels(low.scores(zeros)) == [["a", "b", "c"]] * 2


def test_images_of_any_size_are_accepted_if_the_model_resizes(tmp_path):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            layers.Resizing(6, 5),
            layers.Flatten(),
            layers.Dense(2, "softmax"),
        ]
    )
    from dlstudio.engine.heads.classification import CLASSIFICATION

    trained = TrainedModel(
        model, ("a", "b"), ImageSpec(6, 5), CLASSIFICATION, from_logits=False
    )
    exported = exporter.export(trained, tmp_path / "any")
    loaded = tf.saved_model.load(str(exported.path))
    answer = loaded.signatures["serving_default"](images=tf.zeros((1, 50, 31, 3)))
    assert answer["scores"].shape == (1, 2)
