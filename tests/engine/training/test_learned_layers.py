"""Trainings with strings and layers that learn: the same after a kill, and all kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import killed_features
import numpy as np
import pytest
import tensorflow as tf
from tiny import layer
from tiny_features import tiny_features, with_trees

from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding
from dlstudio.document.graph import INPUT, NESTED, Graph, Node, node
from dlstudio.document.project import Project
from dlstudio.engine.model.build import build
from dlstudio.engine.preprocessing.adaptation import Restoration
from dlstudio.engine.preprocessing.learned_layers import LEARNED, read_learned
from dlstudio.engine.runs.checkpoints import Checkpoints, assign
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies
from dlstudio.errors import UserError


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The uninterrupted training."""
    run: Run = killed_features.train(tmp_path_factory.mktemp("whole"))
    assert run.outcome == "succeeded", run.record.message
    return run


def answers(run: Run) -> Any:
    assert run.model_path is not None
    model = keras.saving.load_model(run.model_path, safe_mode=True)
    return answers_of(model)


def answers_of(model: keras.Model) -> Any:
    rows, trees = tiny_features().rows, tiny_features().fitted["tree"]["names"]
    given = {
        "image": rows["image"].astype("float32"),
        "width": rows["width"][:, None],
        "height": rows["height"][:, None],
        "tree": np.array(trees, object)[rows["tree"]][:, None],
    }
    inputs = [tf.constant(given[tensor.name]) for tensor in model.inputs]
    return [np.asarray(each) for each in model(inputs)]


def test_what_was_learned_is_kept_and_comes_from_the_training_split(
    whole: Run,
) -> None:
    expected = str(whole.record.data["learned"])
    learned = read_learned(whole.folder, expected)
    assert learned is not None and set(learned) == {"look", "hot", "norm"}
    samples = tiny_features()
    chosen = samples.splits["train"]
    names = np.array(samples.fitted["tree"]["names"])[samples.rows["tree"][chosen]]
    words, counts = np.unique(names, return_counts=True)
    order = sorted(zip(counts, words, strict=True), reverse=True)
    assert learned["look"]["vocabulary"] == ["[UNK]", *(word for _n, word in order)]
    mean = samples.rows["height"][chosen].mean()
    assert learned["norm"]["mean"] == pytest.approx([mean], rel=1e-5)


def test_a_checkpoint_answers_as_the_model_does(whole: Run) -> None:
    """Its weights, and what the layers have learned, from the run's folder alone."""
    learned = read_learned(whole.folder, str(whole.record.data["learned"]))
    assert learned is not None
    project: Project = whole.project()
    model = build(project, Catalog.load(), before_call=Restoration(learned))
    newest, _damaged = Checkpoints(whole.checkpoints).newest()
    assert newest is not None
    assign(model.variables, newest.arrays[: len(model.variables)])
    model.get_layer("norm").finalize_state()
    for mine, other in zip(answers_of(model), answers(whole), strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize(
    ("feature", "behind"),
    [
        ("tree", [layer("look", "IntegerLookup", output_mode="one_hot")]),
        (
            "height",
            [layer("bins", "Discretization", num_bins=3, output_mode="one_hot")],
        ),
        ("tree", [layer("hash", "Hashing", num_bins=4, output_mode="one_hot")]),
    ],
)
def test_numbers_are_looked_up_within_the_step(
    tmp_path: Path, feature: str, behind: list[Node]
) -> None:
    project = with_trees(*behind, epochs=1)
    dtype = "int64" if feature == "tree" else "float32"
    given = project.model.nodes["tree"].params.set("dtype", dtype)
    project = project.with_graph("model", project.model.with_params("tree", given))
    inputs = (*project.inputs[:-1], InputBinding(feature, input="tree"))
    run = trained(replace(project, inputs=inputs), tmp_path)
    assert run.outcome == "succeeded", run.record.message


def test_words_of_texts_are_learned(tmp_path: Path) -> None:
    words = layer("words", "TextVectorization", output_mode="multi_hot")
    flat = layer("flat_words", "Flatten")
    run = trained(with_trees(words, flat, epochs=1), tmp_path)
    assert run.outcome == "succeeded", run.record.message
    learned = read_learned(run.folder, str(run.record.data["learned"]))
    assert learned is not None and len(learned["words"]["vocabulary"]) == 5


def test_lookups_in_nested_graphs_cannot_learn(tmp_path: Path) -> None:
    inner = Graph.chain(
        [
            node("in", INPUT, shape=(1,), dtype="string"),
            layer("look", "StringLookup"),
        ]
    )
    nested = node("inner", NESTED, graph="words")
    encode = layer("encode", "CategoryEncoding", num_tokens=9)
    project = with_trees(nested, encode).with_graph("words", inner)
    with pytest.raises(UserError, match="“look” cannot learn within a nested model"):
        trained(project, tmp_path)


def trained(project: Project, folder: Path) -> Run:
    return Trainer(
        project,
        folder,
        Catalog.load(),
        lambda event: None,
        StopSource().token,
        TrainerDependencies(lambda _project: tiny_features()),
    ).train()


def test_a_damaged_file_is_refused_and_a_missing_one_learned_again(
    tmp_path: Path,
) -> None:
    run: Run = killed_features.train(tmp_path)
    path = run.folder / LEARNED
    text = path.read_text("utf-8")
    item = json.loads(text)
    item["layers"]["look"]["vocabulary"].reverse()
    path.write_text(json.dumps(item), "utf-8")
    with pytest.raises(UserError, match="was changed or is damaged"):
        killed_features.train(tmp_path, run.id)
    path.unlink()
    killed_features.train(tmp_path, run.id)
    assert path.read_text("utf-8") == text
