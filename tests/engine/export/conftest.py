"""One small model, images in many formats, and one export of each kind."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import keras
import numpy as np
import pytest
from PIL import Image
from warm_verification import warm_verification

from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.data.images.spec import ImageSpec
from dlstudio.engine.export.image_samples import (
    verification_samples as make_questions,
)
from dlstudio.engine.export.verified_export import export_trained
from dlstudio.engine.heads.classification import CLASSIFICATION
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.engine.prediction.model_origin import ModelFacts

HEIGHT, WIDTH = 12, 10
CLASSES = ("cat", "big dog", "猫头鹰", "fox")
FACTS = ModelFacts(
    run="20260101-000000-abcd",
    project="Animals",
    task="dlstudio.tasks.image_classification",
    source="dlstudio.sources.folder",
    fingerprint="0123456789abcdef",
    metrics={"accuracy": 0.5},
    versions={"tensorflow": "2"},
)


def build_model():
    """A model that depends on every pixel, so that a wrong rotation is detected."""
    keras.utils.set_random_seed(7)
    layers = keras.layers
    images = values = keras.Input((HEIGHT, WIDTH, 3))
    for layer in (
        layers.Rescaling(1 / 255),
        layers.RandomFlip(),
        layers.Conv2D(4, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(len(CLASSES), kernel_initializer="he_normal"),
    ):
        values = layer(values)
    return keras.Model(images, values)


@pytest.fixture(scope="session")
def trained() -> TrainedModel:
    spec = ImageSpec(HEIGHT, WIDTH, 3)
    return TrainedModel(
        build_model(), CLASSES, spec, CLASSIFICATION, from_logits=True, facts=FACTS
    )


@pytest.fixture(scope="session")
def prepared() -> SimpleNamespace:
    rng = np.random.default_rng(0)
    return SimpleNamespace(
        rows={"image": rng.integers(0, 256, (60, HEIGHT, WIDTH, 3), np.uint8)},
        ids=[f"{number}.png" for number in range(60)],
        splits={
            "train": np.arange(30),
            "validation": np.arange(30, 40),
            "test": np.arange(40, 60),
        },
    )


@pytest.fixture(scope="session")
def verification_samples(trained, prepared):
    return make_questions(trained, prepared, count=32)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog(BUILTIN)


@pytest.fixture(scope="session")
def savedmodel(trained, verification_samples, catalog, tmp_path_factory, warm):
    """The certified SavedModel, exported once. A journey verifies one as users do."""
    out = tmp_path_factory.mktemp("savedmodel") / "animals"
    description = catalog.find("formats", "savedmodel")
    report = {"split": "test", "samples": 20, "metrics": {"accuracy": 0.25}}
    with warm_verification(warm):
        return export_trained(
            trained, description, out, verification_samples, report=report
        )


@pytest.fixture(scope="session")
def keras_file(trained, verification_samples, catalog, tmp_path_factory):
    """The certified .keras file, exported once."""
    out = tmp_path_factory.mktemp("keras") / "animals.keras"
    description = catalog.find("formats", "keras")
    return export_trained(trained, description, out, verification_samples)


@pytest.fixture(scope="session")
def photo() -> np.ndarray:
    """A smooth colour image of 40 × 30 pixels whose corners all differ."""
    rows, columns = np.mgrid[0:40, 0:30]
    planes = [rows * 6, columns * 8, (rows + columns) * 3]
    return np.stack(planes, axis=-1).clip(0, 255).astype(np.uint8)


def encode(pixels: np.ndarray, form: str, orientation: int = 1, **options) -> bytes:
    """An image file in memory, with an EXIF orientation."""
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    extra = {"exif": exif} if form in ("JPEG", "PNG", "WEBP", "TIFF") else {}
    Image.fromarray(pixels).save(stream, form, **extra, **options)
    return stream.getvalue()


@pytest.fixture
def format_of(monkeypatch):
    """Create a format's description for an exporter function."""

    def make(export) -> Description:
        module = ModuleType("exporter_of_a_test")
        module.export = export
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return Description(
            kind="dlstudio.formats.test",
            family="formats",
            implementation=f"{module.__name__}:export",
        )

    return make


def listing(folder: Path) -> list[str]:
    """All files of a folder, including hidden ones."""
    return sorted(each.name for each in folder.iterdir())
