"""Every mode of TextVectorization, from what it learns to a SavedModel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import killed_features
import numpy as np
import pytest
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.data.tokens import Tokenization
from dlstudio.engine.export.formats import feature_keras, feature_savedmodel
from dlstudio.engine.prediction.feature_model import load_feature_model
from dlstudio.engine.prediction.model_file import load_model
from dlstudio.engine.preprocessing.learned_layers import read_learned
from dlstudio.engine.runs.store import Run
from dlstudio.errors import UserError

TEXTS = ["It is near, from place 3!", "很好 near 🙂", "", "away " * 500]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    found: Run = killed_features.train(
        tmp_path_factory.mktemp("modes"), kind=killed_features.TEXT
    )
    assert found.outcome == "succeeded", found.record.message
    return found


@pytest.fixture(scope="module")
def learned(run: Run) -> Any:
    return read_learned(run.folder, str(run.record.data["learned"]))


def test_what_each_mode_learns_is_kept(learned: Any) -> None:
    assert set(learned) == {"words", "mix", "pieces", "weights", "counts", "letters"}
    assert learned["pieces"]["vocabulary"][:2] == ["[PAD]", "[UNK]"]
    words = learned["words"]["vocabulary"]
    groups = [{words[token] for token in each} for each in learned["mix"]["groups"]]
    assert groups == [{"near", "away"}, {"it", "is"}]
    assert all(len(learned[each]["vocabulary"]) == 9 for each in ("weights", "counts"))
    assert learned["words"]["vocabulary"][:2] == ["", "[UNK]"]
    assert learned["counts"]["vocabulary"][0] == "[UNK]"
    assert all(len(each) == 1 for each in learned["letters"]["vocabulary"][1:])
    pairs = [word for word in learned["weights"]["vocabulary"] if " " in word]
    assert pairs and len(learned["weights"]["idf_weights"]) == 9


def test_counts_and_weights_are_those_of_the_words(run: Run, learned: Any) -> None:
    """Computed again without Keras, from the layers of the run's model."""
    assert run.model_path is not None
    model = load_model(run.model_path)
    modes = {
        "weights": Tokenization("lower_and_strip_punctuation", "whitespace", (1, 2)),
        "counts": Tokenization("lower_and_strip_punctuation", "whitespace", (2, 3)),
        "letters": Tokenization("lower_and_strip_punctuation", "character"),
    }
    for name, how in modes.items():
        words = [each.encode() for each in learned[name]["vocabulary"]]
        counts = np.zeros((len(TEXTS), len(words)))
        for row, tokens in enumerate(how.tokens(TEXTS)):
            for token in tokens:
                counts[row, words.index(token) if token in words else 0] += 1
        if name == "letters":
            counts = np.minimum(counts, 1)
        if name == "weights":
            counts *= learned[name]["idf_weights"]
        found = np.asarray(model.get_layer(name)(tf.constant(TEXTS)[:, None]))
        np.testing.assert_allclose(found, counts, rtol=1e-5)


def test_a_savedmodel_takes_raw_texts(run: Run, tmp_path: Path) -> None:
    model = load_feature_model(run, Catalog.load())
    feature_savedmodel.export(model, tmp_path / "saved")
    serve = tf.saved_model.load(str(tmp_path / "saved")).signatures["serving_default"]
    found = serve(note=tf.constant(TEXTS))
    expected = np.asarray(
        model.model(tf.constant([each.strip() for each in TEXTS])[:, None])
    )
    scores = [each for each in found.values() if each.dtype == tf.float32]
    np.testing.assert_allclose(scores[0], expected, atol=1e-6)


def test_what_keras_cannot_load_is_said(run: Run, tmp_path: Path) -> None:
    catalog = Catalog.load()
    model = load_feature_model(run, catalog)
    with pytest.raises(UserError, match="“pieces” splits words") as caught:
        feature_keras.export(model, tmp_path / "model.keras")
    assert "SavedModel" in (caught.value.hint or "")
