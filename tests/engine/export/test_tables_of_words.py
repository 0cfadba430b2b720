"""Tables of words survive a SavedModel."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from dlstudio.engine.export.formats.resources import kept_resources
from dlstudio.engine.preprocessing.layer_state import adapt, set_state, state_of

layers = keras.layers
WORDS = np.array([["b a"], ["b"], ["c b"], [""]], object)


def test_a_loaded_model_answers_for_text(tmp_path: Path) -> None:
    given = keras.Input((1,), dtype="string")
    look = layers.StringLookup(output_mode="one_hot")
    words = layers.TextVectorization(output_mode="tf_idf")
    for layer in (look, words):
        adapt(layer, lambda: [WORDS])
        set_state(layer, state_of(layer))
    flat = layers.Flatten()(words(given))
    joined = layers.Concatenate()([look(given), flat])
    model = keras.Model(given, layers.Dense(2)(joined))
    expected = model(tf.constant(WORDS)).numpy()

    spec = tf.TensorSpec((None, 1), tf.string)
    module = tf.Module()
    module.kept = kept_resources(model)
    serve = tf.function(lambda text: {"scores": model(text)}, input_signature=[spec])
    tf.saved_model.save(module, str(tmp_path / "saved"), {"serve": serve})
    loaded = tf.saved_model.load(str(tmp_path / "saved"))
    found = loaded.signatures["serve"](text=tf.constant(WORDS))["scores"]
    np.testing.assert_array_equal(found, expected)
