"""The code shown with an export, run unchanged, predicts as the studio."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from code_blocks import blocks, run_python
from PIL import Image

from dlstudio.data.images.spec import ImageSpec
from dlstudio.engine.export.agreement import TOLERANCE, tolerance
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.export.formats import image_classes_keras as keras_exporter
from dlstudio.engine.export.formats import (
    image_classes_savedmodel as savedmodel_exporter,
)
from dlstudio.engine.heads.classification import CLASSIFICATION
from dlstudio.engine.heads.multi_label import MULTI_LABEL as TAGGING
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.engine.prediction.image_files import predict

from .conftest import CLASSES, HEIGHT, WIDTH, encode

TIMES = 3
"""What augments or drops out would differ each time."""
SUFFIXES = {"keras": ".keras", "savedmodel": ""}
EXPORTERS = {
    "keras": keras_exporter.export,
    "savedmodel": savedmodel_exporter.export,
}


def model_of(head, channels: int = 3, front=()):
    """A model that augments, drops out and normalizes, with some head."""
    keras.utils.set_random_seed(11)
    layers = keras.layers
    images = values = keras.Input((HEIGHT, WIDTH, channels))
    for layer in (
        layers.Rescaling(1 / 255),
        *(front or (layers.RandomFlip(), layers.RandomRotation(0.2))),
        layers.Conv2D(4, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dropout(0.5),
        head,
    ):
        values = layer(values)
    return keras.Model(images, values)


def dense(units: int, activation: str | None):
    return keras.layers.Dense(units, activation, kernel_initializer="he_normal")


def spec_of(channels: int = 3, **fields) -> ImageSpec:
    return ImageSpec(HEIGHT, WIDTH, channels, **fields)


def softmax() -> TrainedModel:
    model = model_of(dense(4, "softmax"))
    return TrainedModel(model, CLASSES, spec_of(), CLASSIFICATION, from_logits=False)


def logits() -> TrainedModel:
    model = model_of(dense(4, None))
    spec = spec_of(crop_to_aspect_ratio=True)
    return TrainedModel(model, CLASSES, spec, CLASSIFICATION, from_logits=True)


def more_units() -> TrainedModel:
    model = model_of(dense(6, "softmax"))
    return TrainedModel(model, CLASSES, spec_of(), CLASSIFICATION, from_logits=False)


def one_unit() -> TrainedModel:
    model = model_of(dense(1, "sigmoid"))
    return TrainedModel(
        model, ("no", "yes"), spec_of(), CLASSIFICATION, from_logits=False
    )


def one_logit() -> TrainedModel:
    model = model_of(dense(1, None), channels=1)
    spec = spec_of(1, pad_to_aspect_ratio=True, fill_value=9.0)
    return TrainedModel(model, ("no", "yes"), spec, CLASSIFICATION, from_logits=True)


def one_number() -> TrainedModel:
    inner = model_of(dense(1, "sigmoid"))
    outputs = keras.layers.Reshape(())(inner.outputs[0])
    model = keras.Model(inner.inputs[0], outputs)
    return TrainedModel(
        model, ("no", "yes"), spec_of(), CLASSIFICATION, from_logits=False
    )


def tags() -> TrainedModel:
    model = model_of(dense(3, None), channels=4)
    spec = spec_of(4, interpolation="nearest", antialias=False)
    return TrainedModel(model, ("a", "b", "c"), spec, TAGGING, from_logits=True)


HEADS = (softmax, logits, more_units, one_unit, one_logit, one_number, tags)
# Tracing what decodes files takes seconds; the heads are alike in both formats.
SHOWN = [
    *((head, "keras") for head in HEADS),
    *((head, "savedmodel") for head in (softmax, one_logit, tags)),
]


@pytest.fixture(scope="module", params=SHOWN, ids=lambda p: f"{p[0].__name__}-{p[1]}")
def shown(request, tmp_path_factory) -> tuple[TrainedModel, ExportedModel]:
    head, kind = request.param
    path = tmp_path_factory.mktemp("shown") / f"it's a {kind}{SUFFIXES[kind]}"
    trained = head()
    return trained, EXPORTERS[kind](trained, path)


def check(
    code: str, folder: Path, trained: TrainedModel, image: bytes, monkeypatch, times=1
) -> None:
    """Run `code` on one image, some times; each time it must predict as the studio."""
    (folder / "image.jpg").write_bytes(image)
    monkeypatch.chdir(folder)
    (expected,) = predict(trained, [folder / "image.jpg"])
    assert not expected.error
    for _time in range(times):
        ran = run_python(code)
        (row,) = ran.names["scores"]
        np.testing.assert_allclose(
            row, list(expected.scores.values()), atol=tolerance(trained)
        )
        # A score beside each name, and each name beside its score.
        printed = [line.rpartition(": ") for line in ran.lines[-len(row) :]]
        assert [name for name, _, _ in printed] == list(expected.scores)
        assert np.allclose([float(score) for *_, score in printed], row, atol=1e-4)


def test_every_head_gives_a_score_for_each_name(shown, photo, monkeypatch):
    trained_model, exported = shown
    (code,) = (s for s in exported.snippets if s.language == "python")
    folder = exported.path.parent
    text = code.filled(exported.path.name)
    check(text, folder, trained_model, encode(photo, "PNG"), monkeypatch)


def test_every_entry_predicts_as_the_studio(shown, photo):
    trained_model, exported = shown
    names: dict = {}
    exec(exported.load.filled(str(exported.path)), names)
    channels = trained_model.image_spec.channels
    pixels = np.random.default_rng(0).integers(
        0, 256, (3, HEIGHT, WIDTH, channels), np.uint8
    )
    encoded = [encode(each.squeeze(), "PNG") for each in pixels]
    given = {"images": pixels.astype(np.float32), "files": encoded}
    expected = trained_model.scores(pixels)
    assert len(exported.entries) == 2
    for entry in exported.entries.values():
        for _time in range(2):
            names.update(given)
            exec(entry.code, names)
            np.testing.assert_allclose(names["scores"], expected, atol=TOLERANCE)


def test_the_card_s_python_predicts_as_the_studio(
    trained, keras_file, savedmodel, photo, monkeypatch
):
    folder = keras_file.path.parent
    card = (folder / "animals.keras.card.md").read_text("utf-8")
    (code,) = blocks(card, "python")
    check(code, folder, trained, encode(photo, "PNG"), monkeypatch, TIMES)
    card = (savedmodel.path / "model_card.md").read_text("utf-8")
    (code,) = blocks(card, "python")
    check(code, savedmodel.path.parent, trained, encode(photo, "PNG"), monkeypatch)
    (folder / "image.jpg").unlink()


def test_the_verification_calls_what_the_card_shows(keras_file, savedmodel):
    card = keras_file.path.with_name("animals.keras.card.md").read_text("utf-8")
    shown, plain = keras_file.certificate.entries
    assert shown in blocks(card, "python")[0]
    assert plain == "model(images)"
    card = (savedmodel.path / "model_card.md").read_text("utf-8")
    for name in savedmodel.certificate.entries:
        assert name in card


def transparent(photo: np.ndarray) -> bytes:
    alpha = np.linspace(0, 255, photo.shape[0] * photo.shape[1], dtype=np.uint8)
    return encode(np.dstack([photo, alpha.reshape(photo.shape[:2])]), "PNG")


def sixteen_bits(photo: np.ndarray) -> bytes:
    return encode(photo[..., 0].astype(np.uint16) * 257, "PNG")


def large_jpeg(photo: np.ndarray) -> bytes:
    image = Image.fromarray(photo).resize((300, 400), Image.Resampling.BICUBIC)
    return encode(np.asarray(image), "JPEG", quality=95)


@pytest.mark.parametrize(
    ("make", "far"),
    [
        (lambda photo: encode(photo, "PNG", 6), TOLERANCE),
        (lambda photo: encode(photo, "BMP"), TOLERANCE),
        (transparent, TOLERANCE),
        (sixteen_bits, TOLERANCE),
        # TensorFlow and Pillow round a JPEG's colours differently.
        (lambda photo: encode(photo, "JPEG", 8, quality=95), 0.01),
        (large_jpeg, 0.01),
    ],
    ids=["turned", "bmp", "transparent", "16 bits", "jpeg", "large jpeg"],
)
def test_keras_code_reads_images_as_the_studio_does(
    trained, keras_file, photo, monkeypatch, tmp_path, make, far
):
    image = tmp_path / "image.jpg"
    image.write_bytes(make(photo))
    card = keras_file.path.with_name("animals.keras.card.md").read_text("utf-8")
    (code,) = blocks(card, "python")
    for each in keras_file.path.parent.glob("animals.keras*"):
        os.link(each, tmp_path / each.name)
    monkeypatch.chdir(tmp_path)
    (expected,) = predict(trained, [image])
    (row,) = run_python(code).names["scores"]
    np.testing.assert_allclose(row, list(expected.scores.values()), atol=far)


def shared(*layers):
    return keras.Sequential(layers)


AUGMENTING = {
    "pipeline": lambda: [
        keras.layers.Pipeline([keras.layers.RandomFlip(), keras.layers.RandomZoom(0.3)])
    ],
    "nested": lambda: [
        shared(keras.layers.RandomFlip(), keras.layers.GaussianNoise(0.5))
    ],
    "twice nested": lambda: [shared(shared(keras.layers.RandomContrast(0.9)))],
    "late": lambda: [keras.layers.Dropout(0.5), keras.layers.RandomBrightness(0.9)],
    "choosing": lambda: [keras.layers.RandAugment(value_range=(0, 1))],
}


@pytest.mark.parametrize("front", list(AUGMENTING))
def test_a_keras_file_infers_unless_called_with_training(tmp_path, front):
    front = AUGMENTING[front]()
    trained = TrainedModel(
        model_of(dense(4, "softmax"), front=front),
        CLASSES,
        spec_of(),
        CLASSIFICATION,
        from_logits=False,
    )
    images = np.random.default_rng(1).integers(
        0, 256, (4, HEIGHT, WIDTH, 3), dtype=np.uint8
    )
    before = trained.scores(images)
    exported = keras_exporter.export(trained, tmp_path / "model.keras")
    np.testing.assert_array_equal(trained.scores(images), before)
    model = keras.saving.load_model(exported.path)
    pixels = images.astype(np.float32)
    weights = [value.numpy() for value in model.weights]
    expected = model.predict(pixels, verbose=0)
    np.testing.assert_allclose(expected, before, atol=TOLERANCE)
    for _time in range(TIMES):
        np.testing.assert_allclose(model(pixels), expected, atol=TOLERANCE)
    for value, old in zip(model.weights, weights, strict=True):
        np.testing.assert_array_equal(value.numpy(), old)
    trains = {np.asarray(model(pixels, training=True)).tobytes() for _ in range(9)}
    assert len(trains) > 1, "it no longer augments in run"
    # The same layers under the same names, so that training can be resumed.
    names = [layer.name for layer in model.layers]
    assert names == [layer.name for layer in trained.model.layers]


needs_shell = pytest.mark.skipif(os.name == "nt", reason="it is for a shell")


@needs_shell
def test_shell_code_sends_the_image_to_the_server(savedmodel, photo, tmp_path):
    serving, _cli = blocks((savedmodel.path / "model_card.md").read_text("utf-8"), "sh")
    shutil.copytree(savedmodel.path, tmp_path / "animals")
    (tmp_path / "image.jpg").write_bytes(encode(photo, "PNG"))
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, script in (
        ("docker", 'printf "%s\\n" "$@" > docker.txt'),
        ("curl", "cat > curl.txt"),
    ):
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    run_shell(serving, tmp_path, tools)
    mounted = (tmp_path / "docker.txt").read_text().splitlines()
    assert f"{tmp_path / 'animals'}:/models/model/1" in mounted
    trained_model = json.loads((tmp_path / "curl.txt").read_text())
    assert trained_model["signature_name"] == "serve_bytes"
    encoded = base64.b64decode(trained_model["instances"][0]["image_bytes"]["b64"])
    assert encoded == encode(photo, "PNG")


@needs_shell
def test_saved_model_cli_code_runs(savedmodel, prepared, tmp_path, monkeypatch, capsys):
    from tensorflow.python.tools import saved_model_cli

    _serving, code = blocks(
        (savedmodel.path / "model_card.md").read_text("utf-8"), "sh"
    )
    shutil.copytree(savedmodel.path, tmp_path / "animals")
    np.save(tmp_path / "images.npy", prepared.rows["image"][:2].astype(np.float32))
    tool = tmp_path / "tools" / "saved_model_cli"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\nprintf "%s\\n" "$@" end >> called.txt\n')
    tool.chmod(0o755)
    run_shell(code, tmp_path, tool.parent)
    assert shutil.which(tool.name, path=Path(sys.executable).parent)
    monkeypatch.chdir(tmp_path)
    *calls, rest = Path("called.txt").read_text("utf-8").split("end\n")
    assert len(calls) == 2 and not rest
    for call in calls:  # in this process, which has TensorFlow already
        saved_model_cli.create_parser().parse_args(call.splitlines()).func()
    printed = capsys.readouterr().out
    assert "serving_default" in printed
    assert "Result for output key scores" in printed


def run_shell(code: str, folder: Path, tools: Path) -> str:
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", code],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
    )
    return done.stdout
