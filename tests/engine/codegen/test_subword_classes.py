"""The classes of scripts for layers that Keras lacks do as those of the studio."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from subword_texts import TEXTS
from tiny import layer
from tiny_features import connected

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, node
from dlstudio.document.project import MODEL, Project
from dlstudio.engine.codegen.script import script
from dlstudio.engine.model.byte_pair import BytePair
from dlstudio.engine.model.random_tokens import RandomTokens
from dlstudio.engine.model.word_piece import WordPiece
from dlstudio.engine.script_reader.project_merge import project_from_script

CATALOG = Catalog.load()
KINDS = {"WordPiece": WordPiece, "BytePair": BytePair}


def project() -> Project:
    """A model with each of these layers."""
    nodes = [
        node("text", INPUT, shape=(1,), dtype="string"),
        node("pieces", "dlstudio.layers.WordPiece", max_tokens=60),
        node("pairs", "dlstudio.layers.BytePair", max_tokens=60, lowercase=False),
        layer("words", "TextVectorization", max_tokens=9, output_sequence_length=6),
        node("mix", "dlstudio.layers.RandomTokens", swap=0.3, synonyms=("film good",)),
        layer("vectors", "Embedding", input_dim=60, output_dim=2),
        layer("same", "Embedding", input_dim=60, output_dim=2),
        layer("third", "Embedding", input_dim=9, output_dim=2),
        layer("mean", "GlobalAveragePooling1D"),
        layer("mean_2", "GlobalAveragePooling1D"),
        layer("mean_3", "GlobalAveragePooling1D"),
        layer("all", "Concatenate"),
        layer("out", "Dense", units=2, activation="softmax"),
    ]
    links = [
        *(("text", "pieces"), ("pieces", "vectors"), ("vectors", "mean")),
        *(("text", "pairs"), ("pairs", "same"), ("same", "mean_2")),
        *(("text", "words"), ("words", "mix"), ("mix", "third"), ("third", "mean_3")),
        *(("mean", "all"), ("mean_2", "all"), ("mean_3", "all"), ("all", "out")),
    ]
    return Project("Subwords").with_graph(MODEL, connected(nodes, links))


@pytest.fixture(scope="module")
def text() -> str:
    return script(project(), CATALOG).text


@pytest.fixture(scope="module")
def program(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, "<script>", "exec"), names)
    return names


def test_the_project_comes_back(text: str) -> None:
    assert max(map(len, text.splitlines())) <= 88
    assert project_from_script(text, project(), CATALOG) == project()
    edited = text.replace("swap=0.3", "swap=0.4").replace(
        "max_tokens=60", "max_tokens=70", 1
    )
    nodes = project_from_script(edited, project(), CATALOG).model.nodes
    assert nodes["mix"].params["swap"] == 0.4
    assert nodes["pieces"].params["max_tokens"] == 70


@pytest.mark.parametrize("lowercase", [True, False])
@pytest.mark.parametrize("name", KINDS)
def test_subwords_are_learned_and_found(
    name: str, lowercase: bool, program: dict[str, Any], tmp_path: Path
) -> None:
    options = {"max_tokens": 60, "lowercase": lowercase}
    mine = KINDS[name](**options)
    mine.reset_state()
    mine.update_state(tf.constant(TEXTS)[:, None])
    mine.finalize_state()
    other = program[name](**options)
    other.adapt(tf.constant(TEXTS)[:, None])
    assert tuple(other.vocabulary) == mine.vocabulary
    assert list(getattr(other, "merges", ())) == list(getattr(mine, "merges", ()))
    asked = tf.constant([*TEXTS, "unbelieved ÜBER x" + "y" * 120, " "])[:, None]
    expected = np.asarray(mine(asked))
    np.testing.assert_array_equal(np.asarray(other(asked)), expected)
    entered = keras.Input((1,), dtype="string")
    keras.Model(entered, other(entered)).save(tmp_path / "model.keras")
    loaded: Any = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(np.asarray(loaded(asked)), expected)


def test_tokens_are_changed_in_the_same_way(program: dict[str, Any]) -> None:
    words = keras.layers.TextVectorization(vocabulary=["film", "good", "we", "saw"])
    options = {"delete": 0.2, "swap": 0.3, "replace": 0.9, "seed": 3}
    mine = RandomTokens(**options, groups=[[2, 3]])
    other = program["RandomTokens"](**options, synonyms=["film, good"])
    other.adapt(words)
    assert other.groups == [[2, 3]]
    tokens = words(tf.constant(["we saw film", "good film film saw", ""])[:, None])
    for _step in range(3):
        found = np.asarray(other(tokens, training=True))
        np.testing.assert_array_equal(found, np.asarray(mine(tokens, training=True)))
    assert not np.array_equal(found, np.asarray(tokens))
    np.testing.assert_array_equal(np.asarray(other(tokens)), np.asarray(tokens))
