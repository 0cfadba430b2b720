"""Attention in templates equals the formulas of the papers, computed by NumPy."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.engine.model.build import build
from dlstudio.engine.templates.text_transformer import BLOCKS, HEADS, SIZE
from tests.engine.templates.test_text_templates import (
    CATALOG,
    WORDS,
    context,
    made,
    text,
)

Floats = npt.NDArray[np.float64]
SAID = ["good film very bad film", "bad"]
IDS = np.array([[2, 4, 5, 3, 4, 0, 0], [3, 0, 0, 0, 0, 0, 0]])


def built(name: str) -> Any:
    """A template's model of 7 words, with weights of a usual size everywhere."""
    model: Any = build(made(name, context(text(length=7))), CATALOG)
    random = np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.TextVectorization):
            layer.set_vocabulary(WORDS)
        else:
            shapes = [each.shape for each in layer.get_weights()]
            layer.set_weights([random.normal(0, 0.4, shape) for shape in shapes])
    return model


def answer(model: Any) -> Floats:
    given = tf.constant(SAID)[:, None]
    return np.asarray(model(given, training=False), np.float64)


def softmax(values: Floats) -> Floats:
    shifted = np.exp(values - values.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def sigmoid(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-values))


def dense(layer: Any, values: Floats) -> Floats:
    kernel, *bias = (np.asarray(each, np.float64) for each in layer.get_weights())
    return values @ kernel + (bias[0] if bias else 0.0)


def of_kind(model: Any, kind: Any) -> list[Any]:
    return [each for each in model.layers if type(each) is kind]


def lstm(layer: Any, vectors: Floats) -> Floats:
    """The states (words, units) of an LSTM on the words of one text."""
    kernel, recurrent, bias = (np.asarray(w, np.float64) for w in layer.get_weights())
    state = cell = np.zeros(recurrent.shape[0])
    states = []
    for each in vectors:
        gates = each @ kernel + state @ recurrent + bias
        enter, forget, new, out = np.split(gates, 4)
        cell = sigmoid(forget) * cell + sigmoid(enter) * np.tanh(new)
        state = sigmoid(out) * np.tanh(cell)
        states.append(state)
    return np.array(states)


def test_additive_attention_weighs_the_words_by_v_tanh() -> None:
    model = built("text-attention")
    (table,) = of_kind(model, keras.layers.Embedding)
    (reader,) = of_kind(model, keras.layers.LSTM)
    (attention,) = of_kind(model, keras.layers.AdditiveAttention)
    query, key, output = of_kind(model, keras.layers.Dense)
    if query.use_bias is False:
        query, key = key, query
    v = np.asarray(attention.get_weights()[0], np.float64)
    found = []
    for row in IDS:
        vectors = np.asarray(table.get_weights()[0], np.float64)[row[row > 0]]
        states = lstm(reader, vectors)
        scores = np.tanh(dense(key, states) + dense(query, states[-1])) @ v
        found.append(softmax(dense(output, softmax(scores) @ states)))
    np.testing.assert_allclose(answer(model), found, atol=1e-5)


def normalized(layer: Any, values: Floats) -> Floats:
    gamma, beta = (np.asarray(each, np.float64) for each in layer.get_weights())
    centred = values - values.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + layer.epsilon)
    return centred / spread * gamma + beta


def attended(layer: Any, values: Floats) -> Floats:
    """Multi-head self-attention of the words (words, SIZE) of one text."""
    names = ("query", "key", "value", "output")
    parts = [np.asarray(each, np.float64) for each in layer.get_weights()]
    weights = dict(zip(names, zip(parts[::2], parts[1::2], strict=True), strict=True))
    query, key, value = (
        np.einsum("ts,shd->htd", values, weights[name][0])
        + weights[name][1][:, None, :]
        for name in names[:3]
    )
    scores = softmax(query @ key.transpose(0, 2, 1) / np.sqrt(SIZE // HEADS))
    kernel, bias = weights["output"]
    return np.einsum("htd,hds->ts", scores @ value, kernel) + bias


def test_a_transformer_block_attends_to_the_words_alone() -> None:
    model = built("text-transformer")
    words, places = of_kind(model, keras.layers.Embedding)
    if places.input_dim != IDS.shape[1] + 1:
        words, places = places, words
    attention = of_kind(model, keras.layers.MultiHeadAttention)
    norms = of_kind(model, keras.layers.LayerNormalization)
    *forward, output = of_kind(model, keras.layers.Dense)
    assert (len(attention), len(norms), len(forward)) == (
        BLOCKS,
        2 * BLOCKS + 1,
        2 * BLOCKS,
    )
    found = []
    for row in IDS:
        row = row[row > 0]
        tables = [np.asarray(e.get_weights()[0], np.float64) for e in (words, places)]
        values = tables[0][row] + tables[1][1 : len(row) + 1]
        for block in range(BLOCKS):
            first, second = norms[2 * block : 2 * block + 2]
            wide, narrow = forward[2 * block : 2 * block + 2]
            values = normalized(first, values + attended(attention[block], values))
            inner = dense(narrow, np.maximum(dense(wide, values), 0))
            values = normalized(second, values + inner)
        whole = normalized(norms[-1], values.sum(axis=0))
        found.append(softmax(dense(output, whole)))
    np.testing.assert_allclose(answer(model), found, atol=1e-5)
