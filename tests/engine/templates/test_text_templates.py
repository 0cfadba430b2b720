"""Templates for texts: layers that split them, and layers that read the words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import polars as pl
import pytest
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.features.text_profile import TextProfile
from dlstudio.engine.model.build import build
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.default_template import default_template
from dlstudio.engine.templates.table_features import InputFeature, TableFeatures
from dlstudio.errors import UserError
from tests.engine.templates.test_table_templates import (
    TARGETS,
    check_drawing,
    column,
)

CATALOG = Catalog.load()
SOURCE = Spec("dlstudio.sources.csv", FrozenMap({"path": "texts.csv"}))
TEXT, NUMBER = "dlstudio.features.text", "dlstudio.features.number"
NAMES = tuple(
    each.name for each in CATALOG.family("templates") if each.name.startswith("text-")
)
FOR_CLASSES = tuple(name for name in NAMES if name != "text-regression")
WORDS = ["good", "bad", "film", "very"]


def text(name: str = "review", length: int = 9) -> InputFeature:
    made = InputFeature.of(name, Feature(TEXT), 90, CATALOG)
    words = TextProfile(vocabulary=len(WORDS), length=length).words()
    layers = (words, TextProfile.of_layer(words).embedding(), *made.branch.layers[2:])
    return replace(made, branch=replace(made.branch, layers=layers))


def context(*inputs: InputFeature, target: int = 0) -> TemplateContext:
    features = TableFeatures(inputs, (TARGETS[target],))
    return TemplateContext("it", SOURCE, samples=500, table=features)


def made(name: str, given: TemplateContext) -> Project:
    return make_project(CATALOG.find("templates", name), given)


def answers(project: Project, texts: list[str]) -> np.ndarray:
    """The output for texts, with a few words in every vocabulary."""
    model: Any = build(project, CATALOG)
    for layer in model.layers:
        if isinstance(layer, keras.layers.TextVectorization):
            layer.set_vocabulary(WORDS)
    strings, numbers = tf.constant(texts)[:, None], tf.ones((len(texts), 1))
    rows = [strings if each.dtype == "string" else numbers for each in model.inputs]
    return np.asarray(model(rows if rows[1:] else rows[0], training=False))


@pytest.mark.parametrize("name", NAMES)
def test_a_template_makes_a_sound_project(name: str) -> None:
    given = context(text(), text("title"), target=2 if "regression" in name else 0)
    project = made(name, given)
    assert project_from_json(project_to_json(project)) == project
    check_drawing(project.model)
    assert [each.feature for each in project.inputs] == ["review", "title"]
    assert project.data.features["review"].kind == TEXT


@pytest.mark.parametrize("name", FOR_CLASSES)
def test_it_reads_words_and_nothing_is_no_problem(name: str) -> None:
    project = made(name, context(text()))
    found = answers(project, ["A good film.", "", "很好", "bad " * 50])
    assert found.shape == (4, 4) and np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    assert not np.allclose(found[0], found[1])


@pytest.mark.parametrize("name", ["text-lstm", "text-gru", "text-transformer"])
def test_padding_makes_no_difference(name: str) -> None:
    short, long = made(name, context(text(length=9))), made(name, context(text()))
    graph = short.model
    (words,) = (n for n in graph.nodes.values() if n.kind.endswith("Vectorization"))
    keras.utils.set_random_seed(3)
    one = answers(short, ["very good film"])
    wider = replace(words, params=words.params.set("output_sequence_length", 5))
    keras.utils.set_random_seed(3)
    other = answers(
        long.with_graph("model", graph.with_nodes([wider])), ["very good film"]
    )
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_texts_stand_beside_the_columns_of_a_table() -> None:
    size = column("size", Feature(NUMBER), 30)
    project = made("text-and-table", context(text(), size, target=2))
    assert answers(project, ["good", "bad"]).shape == (2, 1)
    assert default_template(context(text(), size)).endswith("text-and-table")
    assert default_template(context(text())).endswith("text-cnn")
    assert default_template(context(size)).endswith("table-mlp")


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("text-cnn", context(column("size", Feature(NUMBER), 9)), "column of texts"),
        ("text-cnn", context(text(), column("size", Feature(NUMBER), 9)), "size"),
        ("text-and-table", context(column("size", Feature(NUMBER), 9)), "of texts"),
        ("text-regression", context(text()), "kind"),
    ],
)
def test_what_does_not_fit_is_refused(
    name: str, given: TemplateContext, said: str
) -> None:
    with pytest.raises(UserError, match=said) as caught:
        made(name, given)
    assert caught.value.hint


def test_every_template_has_an_example_without_data() -> None:
    for name in NAMES:
        assert made(name, TemplateContext("it")).model.nodes


def test_a_profile_says_how_texts_are_split() -> None:
    few = ["The film is good.", "the film, it is bad!", None, "one odd word"]
    english = TextProfile.of(pl.Series(few * 20))
    assert not english.characters
    assert (english.length, english.vocabulary) == (8, 50)
    chinese = TextProfile.of(pl.Series(["很快，好吃，味道足，量大", "没有送水没有"]))
    assert chinese.characters and chinese.length == 12
    assert TextProfile.of(pl.Series([None, None], dtype=pl.String)) == TextProfile()
    long = TextProfile.of(pl.Series([" ".join(f"w{n}" for n in range(3000))] * 2))
    assert (long.length, long.vocabulary) == (256, 3000)
