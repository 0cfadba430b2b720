"""An Embedding begins with word vectors, by the words of the layer before it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_words import ANIMALS, words_project, write_texts

from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.plan import SUPERVISED
from dlstudio.document.project import MODEL, Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.engine.codegen.project_script import ProjectScripts
from dlstudio.engine.project.data import prepare_project
from dlstudio.engine.runtime.devices import choose_placement
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.setup import PreparedTraining, assemble
from dlstudio.engine.words.initial_vectors import file_sha256
from dlstudio.engine.words.vector_export import write_vectors
from dlstudio.engine.words.word_vectors import WordVectors
from dlstudio.errors import UserError

CATALOG = Catalog.load()
SIZE = 6
VECTORS = np.random.default_rng(5).normal(size=(6, SIZE)).astype(np.float32)
WORDS = (*ANIMALS, "unheard")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embedding")
    write_texts(folder / "texts.csv")
    write_vectors(WordVectors(WORDS, VECTORS), folder / "animals.bin", binary=True)
    return folder


def classifier(folder: Path, units: int = SIZE, sha256: str = "") -> Project:
    nodes = [
        node("text", INPUT, shape=(), dtype="string"),
        node("words", "keras.layers.TextVectorization", output_sequence_length=9),
        node("embed", "keras.layers.Embedding", input_dim=14, output_dim=units),
        node("pool", "keras.layers.GlobalAveragePooling1D"),
        node("topic", "keras.layers.Dense", units=2, activation="softmax"),
    ]
    nodes[2] = replace(nodes[2], frozen=True)
    base = words_project(folder / "texts.csv", {"epochs": 1})
    topic = Feature("dlstudio.features.category")
    digest = sha256 or file_sha256(folder / "animals.bin")
    return replace(
        base.with_graph(MODEL, Graph.chain(nodes)),
        data=replace(base.data, features=base.data.features.set("topic", topic)),
        outputs=(OutputBinding("topic"),),
        plan=replace(base.plan, method=SUPERVISED),
        word_vectors=FrozenMap({"embed": VectorsReference("animals.bin", digest)}),
    )


def made(project: Project, folder: Path, learned: Any = None) -> PreparedTraining:
    token = StopSource().token
    samples = prepare_project(project, folder, CATALOG, None, token)
    place = choose_placement("cpu")
    return assemble(project, samples, CATALOG, place, folder=folder, learned=learned)


def test_words_with_a_vector_begin_with_it(folder: Path) -> None:
    training = made(classifier(folder), folder)
    layers = {each.name: each for each in training.model.layers}
    vocabulary: list[str] = layers["words"].get_vocabulary()
    (table,) = layers["embed"].weights
    for word, vector in zip(ANIMALS, VECTORS, strict=False):
        np.testing.assert_array_equal(table.numpy()[vocabulary.index(word)], vector)
    other = table.numpy()[vocabulary.index("car")]
    assert other.any() and not (other == VECTORS).all(axis=1).any()
    assert not layers["embed"].trainable
    assert training.learned["embed"] == {"words_found": 5, "words": len(vocabulary)}
    # A run that is resumed has its weights in a checkpoint and needs no file.
    gone = classifier(folder, sha256="0" * 64)
    assert made(gone, folder, training.learned).learned == training.learned


def test_a_file_that_was_changed_or_does_not_fit_is_refused(folder: Path) -> None:
    with pytest.raises(UserError, match="have changed since they were chosen"):
        made(classifier(folder, sha256="0" * 64), folder)
    with pytest.raises(UserError, match="vectors have size 6, but embed has 4"):
        made(classifier(folder, units=4), folder)


def test_the_reference_is_part_of_the_project(folder: Path) -> None:
    project = classifier(folder)
    item = project_to_json(project)
    assert project_from_json(item) == project
    plain = replace(project, word_vectors=FrozenMap())
    assert "word_vectors" not in project_to_json(plain)
    text = ProjectScripts(CATALOG).write(project, folder).text
    assert text.endswith(
        "# The word vectors of animals.bin are not read by this script.\n"
    )
