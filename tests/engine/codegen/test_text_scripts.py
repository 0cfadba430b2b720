"""Scripts of texts: run by themselves, they train the model that the studio trains."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas_stand_in
import polars as pl
import pytest
import tensorflow as tf
from tiny import layer
from tiny_features import connected

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.open_source import open_source
from dlstudio.data.text_windows import WindowCells
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.plan import DataRecipe, EarlyStopping, Split, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.long_text_reader import (
    LongTextReading,
    long_text_reading,
)
from dlstudio.engine.codegen.project_script import ProjectScripts
from dlstudio.engine.codegen.tagged_reader import tagged_reading
from dlstudio.engine.codegen.text_folder_reader import text_folder_reading
from dlstudio.engine.codegen.text_reader import TextReading
from dlstudio.engine.prediction.feature_model import FeatureModel, load_feature_model
from dlstudio.engine.project.data import prepare_project
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies
from dlstudio.errors import UserError

CATALOG = Catalog.load()
LOSS = "keras.losses.SparseCategoricalCrossentropy"
WORDS = ("the", "food", "was", "good", "and", "we", "came", "again", "so", "cold")


@pytest.fixture(autouse=True)
def pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", pandas_stand_in.module())


def _sentence(random: np.random.Generator, *more: str) -> str:
    count = int(random.integers(2, 6))
    return " ".join([*random.choice(WORDS, count).tolist(), *more])


def _project(
    kind: str,
    params: Mapping[str, Any],
    graph: Graph,
    features: Mapping[str, str],
    inputs: tuple[str, ...],
    output: tuple[str, str],
    **plan: Any,
) -> Project:
    """A project whose last layer is “out” and whose inputs are called as features.

    Args:
        kind: Of the source, with its parameters `params`.
        graph: The model.
        features: Kind of each.
        inputs: Features that enter the model.
        output: Feature and head.
        plan: Of the training.
    """
    named = {
        name: Feature(f"dlstudio.features.{each}") for name, each in features.items()
    }
    data = DataRecipe(
        source=Spec(f"dlstudio.sources.{kind}", FrozenMap(params)),
        features=FrozenMap(named),
        split=Split(mode="folders", seed=3),
    )
    adam = Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": 0.05}))
    name, head = output
    project = Project(
        kind,
        data=data,
        inputs=tuple(InputBinding(each, MODEL, each) for each in inputs),
        outputs=(OutputBinding(name, Spec(f"dlstudio.heads.{head}"), output="out"),),
        plan=TrainingPlan(optimizer=adam, epochs=2, batch_size=8, **plan),
    )
    return project.with_graph(MODEL, graph)


def _loss(**params: Any) -> Spec:
    return Spec(LOSS, FrozenMap(params))


def _metrics(*names: str) -> tuple[Spec, ...]:
    return tuple(Spec(f"dlstudio.metrics.{name}") for name in names)


def folder_of_texts(folder: Path) -> Project:
    """Folders of splits and classes; one of the files is in an older encoding."""
    random = np.random.default_rng(1)
    for number in range(48):
        split, label = ("train", "test")[number % 4 == 3], ("bad", "good")[number % 2]
        path = folder / "texts" / split / label / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        words = _sentence(random, "café" if number == 8 else label)
        encoding = "cp1252" if number == 8 else "utf-8"
        path.write_bytes(f"\r\n{words}\r\nÄ".encode(encoding))
    nodes = [
        node("text", INPUT, shape=(1,), dtype="string"),
        layer("words", "TextVectorization", max_tokens=20, output_sequence_length=6),
        layer("vectors", "Embedding", input_dim=20, output_dim=4, mask_zero=True),
        layer("mean", "GlobalAveragePooling1D"),
        layer("out", "Dense", units=1, activation="sigmoid"),
    ]
    names = [each.id for each in nodes]
    return _project(
        "text_folder",
        {"path": str(folder / "texts")},
        connected(nodes, pairwise(names)),
        {"text": "text", "label": "category"},
        ("text",),
        ("label", "classification"),
        loss=Spec("keras.losses.BinaryCrossentropy"),
        metrics=_metrics("accuracy"),
    )


def tags_of_tokens(folder: Path) -> Project:
    """Two files of tags as in CoNLL-2003, with documents and comments."""
    random = np.random.default_rng(2)
    for name, count in (("train", 30), ("testb", 8)):
        rows = ["-DOCSTART- -X- O", "", "# a comment"]
        for _number in range(count):
            for word in _sentence(random).split():
                rows.append(f"{word} NN O")
                if random.random() < 0.3:
                    rows.append("Rome NNP I-place")
                elif random.random() < 0.3:
                    rows += ["Ann NNP I-person", "Lee NNP I-person"]
            rows.append("")
        rows += ["Ann NN I-person", "Bob NN B-person", ""]
        (folder / f"{name}.conll").write_text("\n".join(rows), "utf-8")
    nodes = [
        node("tokens", INPUT, shape=(1,), dtype="string"),
        layer("words", "TextVectorization", max_tokens=30, output_sequence_length=9),
        layer("vectors", "Embedding", input_dim=30, output_dim=6, mask_zero=True),
        layer("read", "SimpleRNN", units=6, return_sequences=True),
        layer("out", "Dense", units=5, activation="softmax"),
    ]
    names = [each.id for each in nodes]
    return _project(
        "conll",
        {"path": str(folder)},
        connected(nodes, pairwise(names)),
        {"tokens": "tokens", "tags": "tags"},
        ("tokens",),
        ("tags", "token_classification"),
        loss=_loss(),
        metrics=_metrics("entity_f1", "tag_accuracy"),
        early_stopping=EarlyStopping("val_entity_f1", 5),
    )


def long_text(folder: Path) -> Project:
    """Windows of one text, to the next character."""
    random = np.random.default_rng(4)
    lines = [_sentence(random, "naïve") for _line in range(60)]
    (folder / "long.txt").write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    nodes = [
        node("text", INPUT, shape=(1,), dtype="string"),
        layer(
            "tokens",
            "TextVectorization",
            max_tokens=30,
            standardize=None,
            split="character",
            output_sequence_length=24,
        ),
        layer("vectors", "Embedding", input_dim=30, output_dim=6),
        layer("read", "SimpleRNN", units=8, return_sequences=True),
        layer("out", "Dense", units=30),
    ]
    names = [each.id for each in nodes]
    window = FrozenMap({"window": 24})
    project = _project(
        "long_text",
        {"path": str(folder / "long.txt"), "window": 24, "test": 0.1},
        connected(nodes, pairwise(names)),
        {"text": "continuous_text"},
        ("text",),
        ("text", "language_model"),
        loss=_loss(from_logits=True, ignore_class=0),
        metrics=_metrics("bits_per_character", "token_accuracy"),
        early_stopping=EarlyStopping("val_bits_per_character", 5),
    )
    feature = Feature("dlstudio.features.continuous_text", "", window)
    data = replace(project.data, features=FrozenMap({"text": feature}))
    return replace(project, data=data)


def pairs_of_texts(folder: Path) -> Project:
    """Two columns of a table: numbers in English, and in Chinese without blanks."""
    random = np.random.default_rng(5)
    rows = ["number\tchinese"]
    for _row in range(40):
        digits = random.integers(0, 5, int(random.integers(1, 4))).tolist()
        english = " ".join(("no", "one", "two", "three", "four")[x] for x in digits)
        rows.append(english + "\t" + "".join("零一二三四"[each] for each in digits))
    (folder / "pairs.tsv").write_text("\n".join(rows), "utf-8")
    vectors = {"input_dim": 9, "output_dim": 6, "mask_zero": True}
    nodes = [
        node("number", INPUT, shape=(1,), dtype="string"),
        node("chinese", INPUT, shape=(1,), dtype="string"),
        layer("read", "TextVectorization", output_sequence_length=4, max_tokens=8),
        layer(
            "signs",
            "TextVectorization",
            max_tokens=8,
            standardize=None,
            split="character",
            output_sequence_length=4,
        ),
        layer("vectors", "Embedding", **vectors),
        layer("state", "SimpleRNN", units=12),
        node(
            "begun",
            "keras.ops.pad",
            pad_width=((0, 0), (1, 0)),
            constant_values=8,
        ),
        layer("written", "Embedding", **vectors),
        layer("write", "SimpleRNN", units=12, return_sequences=True),
        layer("out", "Dense", units=9, activation="softmax"),
    ]
    links = [("number", "read"), ("read", "vectors"), ("vectors", "state")]
    links += [("chinese", "signs"), ("signs", "begun"), ("begun", "written")]
    links += [("written", "write"), ("state", "write"), ("write", "out")]
    return _project(
        "table",
        {"path": str(folder / "pairs.tsv")},
        connected(nodes, links),
        {"number": "text", "chinese": "text"},
        ("number", "chinese"),
        ("chinese", "sequence_to_sequence"),
        loss=_loss(ignore_class=0),
        metrics=_metrics("token_accuracy", "perplexity"),
    )


@dataclass(frozen=True)
class Trained:
    """A model of the studio, and what is served by that of the script."""

    ours: FeatureModel
    serve: Callable[..., Mapping[str, tf.Tensor]]
    write: Any = None


def _trained(
    make: Callable[[Path], Project], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Trained:
    """Train in the studio and by the script; both have the same weights and words."""
    project = make(folder)
    text = ProjectScripts(CATALOG).write(project, folder).text
    assert max(map(len, text.splitlines())) <= 120  # paths are long
    token = StopSource().token
    dependencies = TrainerDependencies(
        lambda given: prepare_project(given, folder, CATALOG, None, token)
    )
    trainer = Trainer(project, folder, CATALOG, lambda event: None, token, dependencies)
    run = trainer.train()
    assert run.outcome == "succeeded", run.record.message
    ours = load_feature_model(run, CATALOG)
    whole = keras.saving.load_model(run.model_path, compile=False)
    monkeypatch.chdir(folder)
    keras.utils.clear_session()
    (folder / "program.py").write_text(text, "utf-8")
    program = runpy.run_path("program.py", run_name="__main__")
    custom = {"TokenAccuracy": program.get("TokenAccuracy")}
    theirs = keras.saving.load_model(f"{project.name}.keras", custom_objects=custom)
    for other in theirs.layers:
        if not other.weights and not isinstance(other, keras.layers.TextVectorization):
            continue
        mine = whole.get_layer(other.name)
        if isinstance(mine, keras.layers.TextVectorization):
            assert mine.get_vocabulary() == other.get_vocabulary()
        pairs = zip(mine.get_weights(), other.get_weights(), strict=True)
        for number, (a, b) in enumerate(pairs):
            if a.dtype.kind == "f":
                text = f"{mine.name} {number}"
                np.testing.assert_allclose(b, a, rtol=2e-3, atol=5e-4, err_msg=text)
    loaded = tf.saved_model.load(f"{project.name}_savedmodel")
    served = dict(loaded.signatures)
    return Trained(ours, served["serving_default"], served.get("write"))


def _answers(trained: Trained, texts: list[str], *names: str) -> list[Any]:
    """What the studio's model gives for texts, as `predict` asks it."""
    cells = {name: Cells(pl.Series(texts, dtype=pl.String)) for name in names}
    model = trained.ours
    (output,) = model.outputs
    predicted = model.predict(model.encode(cells))[output.name]
    return output.head_type.answers(
        predicted, output.fitted, from_logits=output.from_logits
    )


def test_texts_in_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = _trained(folder_of_texts, tmp_path, monkeypatch)
    texts = ["good food", " cold bad ", ""]
    served = trained.serve(text=tf.constant(texts))
    answers = _answers(trained, texts, "text")
    labels = [each.decode() for each in served["label_label"].numpy()]
    assert labels == [each["label"] for each in answers]


def test_tags_of_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = _trained(tags_of_tokens, tmp_path, monkeypatch)
    texts = ["Ann Lee  was in Rome", "", "the food " * 9]
    served = trained.serve(tokens=tf.constant(texts))
    for answer, tags in zip(
        _answers(trained, texts, "tokens"), served["tags"].numpy(), strict=True
    ):
        assert [each.decode() for each in tags if each] == answer["tags"]
    sums = served["tags_scores"].numpy().sum(axis=-1)
    np.testing.assert_allclose(sums, served["tags"].numpy() != b"", atol=1e-5)


def test_a_long_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = _trained(long_text, tmp_path, monkeypatch)
    texts = ["the food", "", "x" * 30]
    scores = trained.serve(text=tf.constant(texts))["scores"].numpy()
    words = trained.ours.model.get_layer("tokens").get_vocabulary()
    for answer, row in zip(_answers(trained, texts, "text"), scores, strict=True):
        for token, share in answer["next"].items():
            assert row[words.index(token)] == pytest.approx(share, abs=2e-3)
    (written,) = trained.write(text=tf.constant(["the food "]), length=tf.constant(5))[
        "text"
    ].numpy()
    assert written.startswith(b"the food ") and len(written.decode()) == 14


def test_pairs_of_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = _trained(pairs_of_texts, tmp_path, monkeypatch)
    texts = ["one two", "", "four four zzz", "three zero one"]
    served = trained.serve(number=tf.constant(texts))["text"].numpy()
    answers = _answers(trained, texts, "number")
    assert [each.decode() for each in served] == [each["text"] for each in answers]


def words_of_files(folder: Path) -> Mapping[str, Any]:
    """Two files without splits in their names, of which one is in UTF-16."""
    random = np.random.default_rng(6)
    for name, encoding in (("a", "utf-16"), ("b", "utf-16")):
        lines = [_sentence(random, "\u3000über") for _line in range(40)]
        (folder / f"{name}.txt").write_bytes("\n\n".join(lines).encode(encoding))
    return {"path": str(folder), "unit": "words", "window": 9, "validation": 0.2}


def named_files(folder: Path) -> Mapping[str, Any]:
    """Files that say their splits."""
    random = np.random.default_rng(7)
    for name in ("test", "train", "valid"):
        text = "\n".join(_sentence(random) for _line in range(20))
        (folder / f"wiki.{name}.txt").write_text(text, "utf-8")
    return {"path": str(folder), "window": 30}


def marked_file(folder: Path) -> Mapping[str, Any]:
    """A file with a byte order mark, in an encoding that the user has said."""
    lines = "\n".join(["naïve text"] * 40)
    (folder / "marked.txt").write_bytes(f"\ufeff{lines}".encode("utf-16-le"))
    path = str(folder / "marked.txt")
    return {"path": path, "encoding": "UTF-16LE", "window": 20}


@pytest.mark.parametrize(
    "make", [words_of_files, named_files, marked_file], ids=lambda x: x.__name__
)
def test_the_same_windows(make: Any, tmp_path: Path) -> None:
    source = Spec("dlstudio.sources.long_text", FrozenMap(make(tmp_path)))
    samples = open_source(source, CATALOG, tmp_path)
    cells = samples.columns["text"]
    assert isinstance(cells, WindowCells)
    params = {**CATALOG[source.kind].defaults(), **source.params}
    reading = long_text_reading(params, tmp_path, cells, samples.splits)
    inputs, splits = _run(reading)["read_windows"]()
    assert inputs["text"].tolist() == cells.values.to_list()
    for name, places in splits.items():
        assert places.tolist() == np.flatnonzero(samples.splits == name).tolist()


def lines_of_classes(folder: Path, encoding: str = "") -> Spec:
    """A file for each class, with a text in each line; one in UTF-8 with a mark."""
    (folder / "rt.neg").write_bytes("so bad\r\n\r\nno\u2028pe\n".encode("utf-8-sig"))
    (folder / "rt.pos").write_bytes(b"good one\nfine\n")
    params = {"path": str(folder), "encoding": encoding}
    return Spec("dlstudio.sources.text_folder", FrozenMap(params))


def bioes_tags(folder: Path) -> Spec:
    """Tabs between columns, another scheme, and a byte order mark."""
    rows = ["# x", "1\tA\tS-x", "2\tB c\tB-y", "3\td\tE-y", "4\te\tS-y"]
    rows += ["", "1\tf\tO"]
    (folder / "x.conll").write_text("\n".join(rows), "utf-8-sig")
    params = {"path": str(folder / "x.conll"), "encoding": "UTF8"}
    return Spec("dlstudio.sources.conll", FrozenMap(params))


@pytest.mark.parametrize("encoding", ["", "UTF-8"])
def test_the_same_texts(tmp_path: Path, encoding: str) -> None:
    source = lines_of_classes(tmp_path, encoding)
    samples = open_source(source, CATALOG, tmp_path)
    project = Project("texts", data=DataRecipe(source=source))
    table = _table(text_folder_reading(project, tmp_path))
    for name in ("text", "label"):
        assert list(table[name]) == samples.columns[name].values.to_list()


def test_the_same_tags(tmp_path: Path) -> None:
    source = bioes_tags(tmp_path)
    samples = open_source(source, CATALOG, tmp_path)
    project = Project("tags", data=DataRecipe(source=source))
    with pytest.raises(UserError, match="lines that a script does not read"):
        tagged_reading(project, tmp_path, samples)
    text = (tmp_path / "x.conll").read_text("utf-8").replace("B c", "B")
    (tmp_path / "x.conll").write_text(text, "utf-8")
    samples = open_source(source, CATALOG, tmp_path)
    table = _table(tagged_reading(project, tmp_path, samples))
    assert list(table["tags"]) == ["B-x B-y I-y B-y", "O"]
    for name in ("tokens", "tags"):
        assert list(table[name]) == samples.columns[name].values.to_list()


def _run(reading: TextReading | LongTextReading, *more: str) -> dict[str, Any]:
    """The names that the lines of a script define."""
    rows = ["import pathlib, re", "import numpy as np", "import pandas as pd"]
    rows += [*reading.constants, *reading.functions, *more]
    names: dict[str, Any] = {}
    exec("\n".join(rows), names)  # the lines under test
    return names


def _table(reading: TextReading) -> Any:
    opening = ["def read():", *reading.opening, "    return table"]
    return _run(reading, *opening)["read"]()
