"""Draws of random layers that are computed once: the same again, and used in turn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from dlstudio.engine.preprocessing.augmented_passes import AugmentedPasses
from dlstudio.engine.preprocessing.feature_rows import FeatureRows, FrontFeatures
from dlstudio.engine.preprocessing.frozen_features import FrozenFront

COUNT, TRAINED = 70, 50


def made(images: Any, folder: Path | None = None, seed: int = 5) -> FrontFeatures:
    entry = keras.Input(images.shape[1:])
    flipped = keras.layers.RandomFlip("horizontal", name="flip")(entry)
    front = keras.Model(entry, keras.layers.Flatten()(flipped))
    passes = AugmentedPasses(3, np.arange(TRAINED), seed)
    return FrontFeatures(
        FrozenFront(front, front, ("flat_features",)),
        [("image", lambda batch: batch)],
        {"image": images},
        np.arange(COUNT),
        "f",
        folder,
        passes=passes,
    )


def table(features: FrontFeatures, epoch: int) -> Any:
    features.begin(epoch)
    return FeatureRows(features, 0)[np.arange(COUNT)]


def test_each_pass_draws_for_training_samples_alone(tmp_path: Path) -> None:
    images = np.random.default_rng(0).random((COUNT, 2, 3, 1), np.float32)
    features = made(images, tmp_path / ".cache")
    state = features.divided.front.get_layer("flip").generator.state
    before = state.numpy()
    told: list[tuple[int, int]] = []
    features.compute(lambda done, total: told.append((done, total)))
    assert told[0] == (0, 170) and told[-1] == (170, 170)
    assert (state.numpy() == before).all(), "draws of the training itself go on"
    tables = [table(features, epoch) for epoch in range(4)]
    assert (tables[0] == tables[3]).all() and features.turns == 3
    plain = images.reshape(COUNT, -1)
    mirrored = images[:, :, ::-1].reshape(COUNT, -1)
    flips = []
    for each in tables[:3]:
        assert (each[TRAINED:] == plain[TRAINED:]).all()
        flip = (each == mirrored).all(1)
        assert (flip | (each == plain).all(1)).all()
        flips.append(flip[:TRAINED])
        assert 10 < flips[-1].sum() < 40
    assert (flips[0] != flips[1]).any() and (flips[1] != flips[2]).any()

    # Computed again or read from the file they are the same; another seed draws others.
    assert (table(made(images), 1) == tables[1]).all()
    read = made(images, tmp_path / ".cache")
    read.compute(lambda _done, _total: None)
    assert (table(read, 2) == tables[2]).all()
    assert (table(made(images, seed=6), 0) != tables[0]).any()
