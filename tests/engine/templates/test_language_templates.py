"""Templates for language models: sized by the text, and blind to what follows."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import polars as pl
import pytest
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Texts
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples, split_array
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.features.language_profile import LanguageProfile
from dlstudio.engine.heads.token_model import answering_model, vocabulary_of
from dlstudio.engine.model.build import build
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext, table_context
from dlstudio.engine.templates.default_template import default_template
from dlstudio.engine.templates.table_features import TableFeatures
from dlstudio.errors import UserError
from tests.engine.templates.test_table_templates import TARGETS, check_drawing, column

CATALOG = Catalog.load()
KIND, HEAD = "dlstudio.features.continuous_text", "dlstudio.heads.language_model"
NAMES = ("generate-lstm", "generate-transformer")


def language_context(unit: str = "characters", window: int = 8) -> TemplateContext:
    feature = Feature(KIND, "", FrozenMap({"unit": unit, "window": window}))
    column = Texts(pl.Series(["to be or ", "not to be", "that is"] * 40))
    splits = split_array(["train"] * 100 + ["test"] * 20)
    samples = Samples(RowIds(np.arange(120)), {"text": column}, splits)
    source = Spec("dlstudio.sources.long_text", FrozenMap({"path": "a.txt"}))
    return table_context(
        "it", source, samples, {"text": feature}, {"text": HEAD}, CATALOG
    )


def built(project: Project) -> Any:
    model = build(project, CATALOG)
    for layer in model.layers:
        if isinstance(layer, keras.layers.TextVectorization):
            layer.set_vocabulary([" ", "e", "t", "o", "b"])
    return model


@pytest.mark.parametrize("name", NAMES)
def test_a_position_sees_nothing_of_what_follows(name: str) -> None:
    given = language_context()
    project = make_project(CATALOG.find("templates", name), given)
    assert project_from_json(project_to_json(project)) == project
    check_drawing(project.model)
    assert default_template(given).endswith("generate-lstm")
    assert project.data.split.mode == "folders" and not project.data.split.validation
    model = built(project)
    first, second = model(tf.constant([["to be"], ["to bt"]]), training=False).numpy()
    assert first.shape == (8, 22)
    np.testing.assert_allclose(first[:4], second[:4], atol=1e-5)
    assert np.abs(first[4] - second[4]).max() > 1e-4
    assert vocabulary_of(model) == (["", "[UNK]", " ", "e", "t", "o", "b"], "")
    answers = answering_model(model)(tf.constant([["to b"], ["to bt"], [""]])).numpy()
    np.testing.assert_allclose(answers[0], first[3], atol=1e-5)
    np.testing.assert_allclose(answers[1], second[4], atol=1e-5)
    assert np.isfinite(answers[2]).all(), "of nothing"


def test_words_are_counted_as_they_are_written() -> None:
    given = language_context("words", 9)
    project = make_project(CATALOG.find("templates", "generate-lstm"), given)
    (layer,) = (
        n for n in project.model.nodes.values() if n.kind.endswith("ctorization")
    )
    assert layer.params["split"] == "whitespace" and layer.params["standardize"] is None
    assert layer.params["output_sequence_length"] == 9
    assert [each.kind for each in project.plan.metrics] == [
        "dlstudio.metrics.perplexity"
    ]


def test_the_vocabulary_leaves_out_what_occurs_once() -> None:
    texts = Texts(pl.Series(["".join(map(chr, range(65, 115))) * 2 + "é", None]))
    found = LanguageProfile.of(Feature(KIND), texts)
    assert found.vocabulary == 50 and found.length == 64 and found.total == 101


def test_other_data_is_refused() -> None:
    with pytest.raises(UserError, match="running text"):
        size = column("size", Feature("dlstudio.features.number"), 9)
        table = TableFeatures((size,), (TARGETS[0],))
        given = TemplateContext("it", Spec("dlstudio.sources.csv"), table=table)
        make_project(CATALOG.find("templates", "generate-lstm"), given)
    example = make_project(CATALOG.find("templates", NAMES[1]), TemplateContext("it"))
    assert example.outputs[0].head.kind == HEAD
