"""Trainings of features that kill themselves, as a program for a subprocess.

A kind is one entry of `KINDS`: its project, and its data, made in a folder.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from killed_language import language_project, write_story
from tiny import layer
from tiny_features import connected, tiny_features, with_trees
from warm_processes import WarmProcesses

from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, Edge, node
from dlstudio.document.plan import DataRecipe, EarlyStopping, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec

STRINGS = "strings and numbers to a class and labels"
CLASS, NUMBER = "numbers to a class", "numbers to a number"
TEXT, PAIRS = "a text to a class", "a text to a text"
TAGS, LANGUAGE = "tokens to tags", "a text to its next characters"
LENGTHS = "texts in batches by length"
ADAM = Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": 0.02}))
SUPPORT = Path(__file__).parent


@dataclass(frozen=True)
class Kind:
    """What is trained.

    Attributes:
        project: Makes the project.
        samples: Gives the prepared data of the project; a folder may keep its files.
    """

    project: Callable[[], Project]
    samples: Callable[[Project, Path], Any]


def learning_project() -> Project:
    """Two branches of strings that learn their words, a learned number, and dropout."""
    project = with_trees(
        layer("look", "StringLookup"),
        layer("embed", "Embedding", input_dim=6, output_dim=3),
        layer("flat", "Flatten"),
        layer("drop", "Dropout", rate=0.3),
        epochs=4,
        optimizer=ADAM,
        class_weights="balanced",
        steps_per_execution=2,
        checkpoint_minutes=1e-9,
    )
    graph = project.model
    hot = layer("hot", "StringLookup", output_mode="one_hot")
    norm = layer("norm", "Normalization")
    edges = [
        edge for edge in graph.edges if (edge.source, edge.target) != ("height", "join")
    ]
    edges += [Edge("tree", "hot"), Edge("height", "norm")]
    edges += [Edge("norm", "join", target_port=2), Edge("hot", "join", target_port=4)]
    graph = replace(graph.with_nodes([hot, norm]), edges=tuple(edges))
    return project.with_graph("model", graph)


def table_project(target: str, head: str, units: int, activation: str) -> Project:
    """Two learned numbers of a table with blanks, dropout and batch normalization.

    Args:
        target: The column to predict.
        head: Name of its head.
        units: Of the output.
        activation: Likewise.
    """
    nodes = [
        node("a", INPUT, shape=(1,)),
        node("b", INPUT, shape=(1,)),
        layer("scale_a", "Normalization"),
        layer("scale_b", "Normalization"),
        layer("join", "Concatenate"),
        layer("hidden", "Dense", units=8, activation="relu"),
        layer("batch", "BatchNormalization"),
        layer("drop", "Dropout", rate=0.3),
        layer("out", "Dense", units=units, activation=activation),
    ]
    links = [("a", "scale_a"), ("b", "scale_b"), ("scale_a", "join")]
    links += [("scale_b", "join"), ("join", "hidden"), ("hidden", "batch")]
    links += [("batch", "drop"), ("drop", "out")]
    numbers = {name: Feature("dlstudio.features.number") for name in ("a", "b", "far")}
    classes = {"kind": Feature("dlstudio.features.category")}
    of_classes = head == "classification"
    loss = "SparseCategoricalCrossentropy" if of_classes else "MeanSquaredError"
    return Project(
        graphs=FrozenMap({MODEL: connected(nodes, links)}),
        data=DataRecipe(
            Spec("dlstudio.sources.table", FrozenMap({"path": "rows.csv"})),
            features=FrozenMap({**numbers, **classes}),
        ),
        inputs=(InputBinding("a", input="a"), InputBinding("b", input="b")),
        outputs=(OutputBinding(target, Spec(f"dlstudio.heads.{head}")),),
        plan=TrainingPlan(
            loss=Spec(f"keras.losses.{loss}"),
            optimizer=ADAM,
            metrics=(Spec("dlstudio.metrics." + ("f1" if of_classes else "r2")),),
            epochs=4,
            batch_size=8,
            early_stopping=EarlyStopping(patience=3),
            class_weights="balanced" if of_classes else "none",
            steps_per_execution=2,
            checkpoint_minutes=1e-9,
        ),
    )


def text_project() -> Project:
    """Words read by an LSTM, beside bags of words; some texts are missing."""
    project = table_project("kind", "classification", 3, "softmax")

    def bag(id: str, mode: str, **more: Any) -> Any:
        given = {"max_tokens": 9, "pad_to_max_tokens": True, "output_mode": mode}
        return layer(id, "TextVectorization", **given, **more)

    words = [
        layer("words", "TextVectorization", max_tokens=12, output_sequence_length=6),
        node(
            "pieces",
            "dlstudio.layers.WordPiece",
            max_tokens=40,
            output_sequence_length=8,
        ),
        bag("weights", "tf_idf", ngrams=2),
        bag("counts", "count", ngrams=(2, 3)),
        bag("letters", "multi_hot", split="character"),
    ]
    chain = [
        node("mix", "dlstudio.layers.RandomTokens", synonyms=("near away", "it is")),
        layer("embed", "Embedding", input_dim=12, output_dim=4, mask_zero=True),
        layer("lstm", "LSTM", units=5),
        layer("join", "Concatenate"),
        layer("drop", "Dropout", rate=0.3),
        layer("out", "Dense", units=3, activation="softmax"),
    ]
    chain += [
        layer("table", "Embedding", input_dim=40, output_dim=3),
        layer("most", "GlobalMaxPooling1D"),
    ]
    bags = [layer(f"{each.id}_row", "Flatten") for each in words[2:]]
    links = [("note", each.id) for each in words]
    links += [("words", "mix"), ("mix", "embed"), ("embed", "lstm"), ("lstm", "join")]
    links += [("pieces", "table"), ("table", "most"), ("most", "join")]
    for each in words[2:]:
        links += [(each.id, f"{each.id}_row"), (f"{each.id}_row", "join")]
    links += [("join", "drop"), ("drop", "out")]
    nodes = [node("note", INPUT, shape=(1,), dtype="string"), *words, *bags, *chain]
    features = project.data.features.set("note", Feature("dlstudio.features.text"))
    return replace(
        project.with_graph(MODEL, connected(nodes, links)),
        data=replace(project.data, features=features),
        inputs=(InputBinding("note", input="note"),),
    )


def lengths_project() -> Project:
    """Words read by an LSTM that skips padding, in batches by length."""
    project = table_project("kind", "classification", 3, "softmax")
    nodes = [
        node("note", INPUT, shape=(1,), dtype="string"),
        layer("words", "TextVectorization", max_tokens=12, output_sequence_length=9),
        node("mix", "dlstudio.layers.RandomTokens"),
        layer("embed", "Embedding", input_dim=12, output_dim=4, mask_zero=True),
        layer("lstm", "LSTM", units=5),
        layer("drop", "Dropout", rate=0.3),
        layer("out", "Dense", units=3, activation="softmax"),
    ]
    links = [(a.id, b.id) for a, b in itertools.pairwise(nodes)]
    features = project.data.features.set("note", Feature("dlstudio.features.text"))
    return replace(
        project.with_graph(MODEL, connected(nodes, links)),
        data=replace(project.data, features=features),
        inputs=(InputBinding("note", input="note"),),
        plan=replace(project.plan, bucket_by_length=True),
    )


def tag_project() -> Project:
    """Words that are learned and read in both directions; a tag for each of them."""
    project = table_project("note", "token_classification", 5, "softmax")
    lstm = Spec("keras.layers.LSTM", FrozenMap({"units": 4, "return_sequences": True}))
    nodes = [
        node("sentence", INPUT, shape=(1,), dtype="string"),
        layer(
            *("words", "TextVectorization"),
            **{"max_tokens": 12, "standardize": "lower", "output_sequence_length": 7},
        ),
        layer("embed", "Embedding", input_dim=12, output_dim=4, mask_zero=True),
        layer("both", "Bidirectional", layer=lstm),
        layer("drop", "Dropout", rate=0.3),
        layer("out", "Dense", units=5, activation="softmax"),
    ]
    links = [(a.id, b.id) for a, b in itertools.pairwise(nodes)]
    features = {
        "sentence": Feature("dlstudio.features.tokens"),
        "note": Feature("dlstudio.features.tags"),
    }
    return replace(
        project.with_graph(MODEL, connected(nodes, links)),
        data=DataRecipe(
            Spec("dlstudio.sources.table", FrozenMap({"path": "rows.csv"})),
            features=FrozenMap(features),
        ),
        inputs=(InputBinding("sentence", input="sentence"),),
        plan=replace(
            project.plan,
            loss=Spec("keras.losses.SparseCategoricalCrossentropy"),
            metrics=(Spec("dlstudio.metrics.entity_f1"),),
        ),
    )


def tag_samples(project: Project, folder: Path) -> Any:
    """The prepared sentences of a table, which is written first."""
    lines = ["sentence,note"]
    for row in range(60):
        place = ("Rome", "New York", "Oslo")[row % 3]
        tags = " ".join(("B-a", "I-a")[: len(place.split())])
        lines.append(f"Ann{row % 7} sees {place}{' .' * (row % 4)},")
        lines[-1] += f"B-b O {tags}{' O' * (row % 4)}"
    return written_samples(project, folder, lines)


def language_samples(project: Project, folder: Path) -> Any:
    """The prepared windows of a text, which is written first."""
    write_story(folder)
    return prepared(project, folder)


def pair_project() -> Project:
    """Pairs of texts with attention, dropout and words that are learned."""
    from small_pairs import small_project

    project = small_project("translate-transformer")
    plan = replace(
        project.plan,
        epochs=4,
        batch_size=16,
        steps_per_execution=2,
        checkpoint_minutes=1e-9,
    )
    return replace(project, plan=plan)


def pair_samples(project: Project, folder: Path) -> Any:
    """The prepared pairs of a table, which is written first."""
    from small_pairs import write_pairs

    write_pairs(folder / "pairs.csv")
    return prepared(project, folder)


def table_samples(project: Project, folder: Path) -> Any:
    """The prepared rows of a table, which is written first."""
    random = np.random.default_rng(2)
    lines = ["a,b,kind,far,note"]
    for row in range(60):
        a, b = random.normal(3, 2), random.normal(-50, 30)
        first = "" if row % 11 == 4 else f"{a:.3f}"
        far = 20 * a + b + random.normal()
        kind = ("near", "far", "away")[int(np.digitize(far, (-10, 30)))]
        note = f"It is {kind} from place {row % 7}" if row % 9 else ""
        lines.append(f"{first},{b:.2f},{kind},{far:.2f},{note}")
    return written_samples(project, folder, lines)


def written_samples(project: Project, folder: Path, lines: list[str]) -> Any:
    """The prepared rows of a table of some lines."""
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return prepared(project, folder)


def prepared(project: Project, folder: Path) -> Any:
    """The prepared data of a project whose files are there."""
    from dlstudio.engine.project.check import prepare_training
    from dlstudio.engine.runtime.stop_token import StopSource

    token = StopSource().token
    return prepare_training(project, folder, Catalog.load(), None, token)


KINDS: dict[str, Kind] = {
    STRINGS: Kind(learning_project, lambda _project, _folder: tiny_features()),
    CLASS: Kind(
        lambda: table_project("kind", "classification", 3, "softmax"), table_samples
    ),
    TEXT: Kind(text_project, table_samples),
    LENGTHS: Kind(lengths_project, table_samples),
    TAGS: Kind(tag_project, tag_samples),
    LANGUAGE: Kind(language_project, language_samples),
    PAIRS: Kind(pair_project, pair_samples),
    NUMBER: Kind(
        lambda: table_project("far", "regression", 1, "linear"), table_samples
    ),
}


def train(
    folder: Path, resume: str = "", kill_at: int = 0, kind: str = STRINGS, **more: Any
) -> Any:
    """Train; killed by a signal right after checkpoint number `kill_at`.

    Args:
        folder: For the run, and for files of the data.
        resume: Id of a run.
        kill_at: 0 for never.
        kind: A key of `KINDS`.
        **more: Fields of the trainer's dependencies.
    """
    from dlstudio.engine.runtime.stop_token import StopSource
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    saved: list[str] = []

    def emit(event: Any) -> None:
        if type(event).__name__ == "CheckpointSaved":
            saved.append(event.path)
            if len(saved) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    project = KINDS[kind].project()
    samples = KINDS[kind].samples(project, folder)
    return Trainer(
        project,
        folder,
        Catalog.load(),
        emit,
        StopSource().token,
        TrainerDependencies(lambda _project: samples, **more),
    ).train(resume)


def train_killed(warm: WarmProcesses, folder: Path, kill_at: int, kind: str) -> None:
    """Train in a process that dies right after a checkpoint.

    Args:
        warm: Starts the process.
        folder: For the run, and for files of the data.
        kill_at: Number of the checkpoint.
        kind: A key of `KINDS`.
    """
    paths = os.pathsep.join([str(SUPPORT.parents[1]), str(SUPPORT)])
    command = [__file__, str(folder), str(kill_at), kind]
    done = warm.run(command, {**os.environ, "PYTHONPATH": paths})
    assert done.returncode == -signal.SIGKILL, done.stderr


if __name__ == "__main__":
    train(Path(sys.argv[1]), kill_at=int(sys.argv[2]), kind=sys.argv[3])
