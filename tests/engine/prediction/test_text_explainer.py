"""Attributions and attention of models that read texts."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from dlstudio.document.project import Project
from dlstudio.engine.model.build import build
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.integrated_gradients import CLOSE
from dlstudio.engine.prediction.text_explainer import TextExplainer
from dlstudio.engine.prediction.text_places import places_within
from dlstudio.errors import UserError
from tests.engine.templates.test_table_templates import CATEGORY, column
from tests.engine.templates.test_text_templates import (
    CATALOG,
    NUMBER,
    WORDS,
    Feature,
    context,
    made,
    text,
)

SAID = "  A very GOOD film, bad 很好!"
TOKENS = ["a", "very", "good", "film", "bad", "很好"]
CLASSES = ("w", "x", "y", "z")


def model_of(project: Project) -> FeatureModel:
    keras.utils.set_random_seed(3)
    model: Any = build(project, CATALOG)
    for layer in model.layers:
        if isinstance(layer, keras.layers.TextVectorization):
            layer.set_vocabulary(WORDS)
        elif isinstance(layer, keras.layers.StringLookup):
            layer.set_vocabulary(["Rome", "Bern"])
    fitted: Any = {each.feature: {"names": CLASSES} for each in project.outputs}
    fitted["city"] = {"names": ["Rome", "Bern"]}
    fitted["size"] = {"fill": 1.0, "low": 0.0, "high": 9.0}
    return FeatureModel(model, project, fitted, CATALOG)


def one_word(weights: dict[str, float], mode: str = "int") -> TextExplainer:
    """A model that adds up a number for each word, and calls it a price."""
    project = made("text-regression", context(text(), target=2))
    given = keras.Input((1,), dtype="string")
    words = keras.layers.TextVectorization(
        output_mode=mode, output_sequence_length=9 if mode == "int" else None
    )
    words.set_vocabulary(list(weights))
    numbers = words(given)
    if mode == "int":
        look_up = keras.layers.Embedding(len(weights) + 2, 1)
        vectors = look_up(numbers)
        look_up.set_weights(
            [np.array([[0.0], [0.5], *([v] for v in weights.values())])]
        )
        output = keras.layers.Flatten()(keras.ops.sum(vectors, axis=1))
    else:
        dense = keras.layers.Dense(1)
        output = dense(keras.layers.Flatten()(numbers))
        values = [0.5, *weights.values()]
        dense.set_weights([np.array(values)[:, None], np.array([3.0])])
    model = keras.Model(given, output)
    fitted: Any = {each.feature: {} for each in project.outputs}
    return TextExplainer(FeatureModel(model, project, fitted, CATALOG))


@pytest.mark.parametrize(
    "name",
    ["text-bow", "text-cnn", "text-attention", "text-transformer", "text-and-table"],
)
def test_attributions_sum_up_to_the_difference(name: str) -> None:
    inputs = [text()]
    if name == "text-and-table":
        # A category is a string in the model, too, but no text.
        inputs.append(column("size", Feature(NUMBER), 30))
        inputs.append(column("city", Feature(CATEGORY), 2))
    numeric = name == "text-and-table"
    model = model_of(made(name, context(*inputs, target=2 if numeric else 0)))
    explainer = TextExplainer(model)
    values = {"review": SAID, "size": "3", "city": "Rome"}
    found = explainer.explain({each: values[each] for each in model.inputs})
    (read,) = found.texts
    assert [each.text for each in read.tokens] == TOKENS
    places = [SAID[each.start : each.end].lower() for each in read.tokens]
    assert places == TOKENS
    assert read.unknown == ("a", "很好") and not read.cut
    total = sum(each.share for each in read.tokens) * found.total
    difference = found.value - found.baseline
    assert total - found.gap == pytest.approx(difference, rel=1e-4, abs=1e-6)
    assert abs(found.gap) <= CLOSE * max(abs(difference), 1e-3) and found.total > 0
    assert found.label in CLASSES or numeric
    kinds = {"text-attention": [1], "text-transformer": [4, 4]}
    assert [len(each.heads) for each in found.attention] == kinds.get(name, [])
    for each in found.attention:
        np.testing.assert_allclose(np.sum(each.heads, axis=1), 1, atol=1e-5)
        assert len(each.mean) == len(TOKENS)


@pytest.mark.parametrize("mode", ["int", "multi_hot", "count"])
def test_each_word_has_what_it_adds(mode: str) -> None:
    weights = {"good": 2.0, "bad": -3.0, "film": 0.0}
    found = one_word(weights, mode).explain({"review": "good film: BAD, odd"})
    shares = [each.share * found.total for each in found.texts[0].tokens]
    np.testing.assert_allclose(shares, [2, 0, -3, 0.5], atol=1e-5)
    assert found.value - found.baseline == pytest.approx(-0.5)
    assert (found.label, found.attention, found.texts[0].unknown) == ("", (), ("odd",))


def test_words_beyond_the_length_are_counted_and_no_text_has_no_tokens() -> None:
    explainer = one_word({"good": 1.0, "bad": -1.0})
    found = explainer.explain({"review": "good " * 12})
    assert (len(found.texts[0].tokens), found.texts[0].cut) == (9, 3)
    empty = explainer.explain({"review": " "})
    assert empty.texts[0].tokens == () and empty.total == 0
    assert empty.to_json()["texts"][0]["tokens"] == []


def test_what_cannot_be_explained_says_so() -> None:
    model = one_word({"good": 1.0}).model
    given = keras.Input((1,), dtype="string")
    words = keras.layers.TextVectorization(
        vocabulary=["good"], output_sequence_length=4
    )
    output = keras.layers.Dense(1)(keras.ops.cast(words(given), "float32"))
    model.model = keras.Model(given, output)
    with pytest.raises(UserError, match="review") as caught:
        TextExplainer(model)
    assert "Embedding" in caught.value.hint
    with pytest.raises(UserError, match="nothing"):
        one_word({"good": 1.0}).explain({"review": "good"}, output="nothing")


def test_places_are_those_of_the_text_that_was_given() -> None:
    assert places_within("ab c", " a b  c") == [1, 3, 4, 6]
    assert places_within("ab", "ax") is None
