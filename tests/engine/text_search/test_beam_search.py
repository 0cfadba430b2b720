"""Texts that are written token by token, against searches written plainly."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from small_pairs import built, feature_model, pairs, small_project

from dlstudio.document.project import MODEL
from dlstudio.document.values import Spec
from dlstudio.engine.text_search.beam_search import SearchOptions, search
from dlstudio.engine.text_search.sequence_model import cut_model
from dlstudio.engine.text_search.token_input import token_input
from dlstudio.errors import UserError

TEMPLATES = ("translate-transformer", "translate-gru")
DIGITS = [source for source, _target in pairs(9)] + ["", "7 7"]
SOURCES = tf.constant(DIGITS)[:, None]


@pytest.fixture(scope="module", params=TEMPLATES)
def model(request: pytest.FixtureRequest) -> Any:
    return built(small_project(request.param))


def found(model: Any, width: int, penalty: float = 0.6) -> npt.NDArray[Any]:
    parts = cut_model(model, token_input(model, "words"))
    return np.asarray(search(parts, [SOURCES], SearchOptions(width, penalty)))


def probabilities(model: Any, tokens: Any, each: int = 1) -> npt.NDArray[Any]:
    """What the whole model gives for texts, (n, positions, tokens).

    Args:
        model: The whole model.
        tokens: Their numbers, (n, length).
        each: Texts of each source.
    """
    words = model.get_layer("target_words").get_vocabulary()
    texts = [" ".join(words[one] for one in row if one) for row in tokens]
    sources = tf.repeat(SOURCES, each, axis=0)[: len(texts)]
    given = model([sources, tf.constant(texts)[:, None]], training=False)
    return np.array(given)


def test_greedy_search_takes_the_likeliest_token_at_each_place(model: Any) -> None:
    tokens = found(model, 1)
    end = model.outputs[0].shape[-1] - 1
    wanted = np.zeros_like(tokens)
    over = np.zeros(len(wanted), bool)
    for place in range(wanted.shape[1]):
        scores = probabilities(model, wanted)[:, place]
        scores[:, :2] = -1  # neither padding nor unknown tokens
        best = scores.argmax(axis=-1)
        over |= best == end
        wanted[:, place] = np.where(over, 0, best)
    np.testing.assert_array_equal(tokens, wanted)
    assert tokens.any()


def test_a_wide_beam_finds_the_best_text_of_all() -> None:
    project = small_project("translate-gru")
    words = project.model.nodes["target_words"]
    short = replace(words, params=words.params.set("output_sequence_length", 2))
    model = built(project.with_graph(MODEL, project.model.with_nodes([short])), 3)
    end = model.outputs[0].shape[-1] - 1
    known = range(2, end)
    texts = [(), *((a,) for a in known), *itertools.product(known, known)]
    padded = np.array([(*text, 0, 0)[:2] for text in texts])
    logs = np.log(probabilities(model, np.tile(padded, (len(DIGITS), 1)), len(texts)))
    logs = logs.reshape(len(DIGITS), len(texts), -1, end + 1)
    # Longer texts are cut off before they end.
    ended = [(*text, end)[:2] for text in texts]
    total = np.stack(
        [
            sum(logs[:, row, place, token] for place, token in enumerate(text))
            for row, text in enumerate(ended)
        ],
        axis=1,
    )
    sizes = np.array([len(text) for text in ended])
    for penalty in (0.0, 1.5):
        best = (total / ((5 + sizes) / 6) ** penalty).argmax(axis=1)
        np.testing.assert_array_equal(found(model, 64, penalty), padded[best])


def test_words_behind_a_place_do_not_change_what_follows_there(model: Any) -> None:
    one, other = np.full((4, 4), 3), np.full((4, 4), 3)
    other[:, 2:] = [[5, 4]]
    before, after = (probabilities(model, each) for each in (one, other))
    np.testing.assert_allclose(before[:, :3], after[:, :3], atol=1e-6)
    assert not np.allclose(before[:, 3:], after[:, 3:], atol=1e-6)


def test_padding_of_the_source_makes_no_difference() -> None:
    project = small_project("translate-gru")
    words = project.model.nodes["source_words"]
    wide = replace(words, params=words.params.set("output_sequence_length", 9))
    graph = project.model.with_nodes([wide])
    longer = built(project.with_graph(MODEL, graph))
    model = built(project)
    for mine, other in zip(model.variables, longer.variables, strict=True):
        if mine.dtype != "string":
            other.assign(mine)
    np.testing.assert_array_equal(found(model, 2), found(longer, 2))


def test_the_model_writes_texts_of_its_inputs_alone() -> None:
    project = small_project("translate-transformer")
    head = Spec(project.output.head.kind).with_param("beam_width", 3)
    project = replace(project, outputs=(replace(project.output, head=head),))
    model = feature_model(project)
    assert model.inputs == ("digits",)
    rows = {"digits": np.array(DIGITS, object)}
    outputs = model.predict(rows)["words"]
    np.testing.assert_array_equal(outputs, found(model.whole, 3))
    for size in (1, 7):
        model.predict({"digits": rows["digits"][:size]})
    assert model._predict.experimental_get_tracing_count() <= 2
    answers = model.outputs[0].head_type.answers(outputs, model.outputs[0].fitted)
    assert all(set(each) == {"text"} for each in answers)
    (text,) = (
        model.outputs[0]
        .head_type.tensors(tf.constant(outputs), model.outputs[0].fitted)
        .values()
    )
    assert [each.decode() for each in text.numpy()] == [e["text"] for e in answers]


def test_other_models_are_refused() -> None:
    text = keras.Input((1,), dtype="string", name="words")
    lookup = keras.layers.TextVectorization(output_sequence_length=4, name="split")
    lookup.set_vocabulary(["a"])
    tokens = lookup(text)
    out = keras.layers.Dense(4)(keras.layers.Embedding(3, 2)(tokens))
    alone = keras.Model(text, out)
    with pytest.raises(UserError, match="does not depend on both"):
        cut_model(alone, token_input(alone, "words"))
    hashed = keras.layers.Hashing(5)(text)
    with pytest.raises(UserError, match="numbered tokens"):
        token_input(keras.Model(text, keras.layers.Embedding(5, 2)(hashed)), "words")
