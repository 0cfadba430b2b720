"""Word vectors on the command line, from texts to files."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_words import ANIMALS, write_texts

from dlstudio.document.project_file import read_project
from dlstudio.engine.words.vector_files import read_vectors
from tests.cli.conftest import Run

QUICK = ("--epochs=12", "--set=plan.batch_size=8")
RATE = "--set=plan.optimizer.learning_rate=0.3"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from dlstudio.cli import main

    folder = tmp_path_factory.mktemp("words")
    table = write_texts(folder / "texts.csv")
    made = folder / "project"
    template = ["--template", "word-vectors", "--feature", "topic=category"]
    assert main(["new", str(made), "--data", str(table), *template]) == 0
    assert main(["train", str(made), *QUICK, RATE]) == 0
    return made


def test_neighbours_and_analogies(run: Run, project: Path) -> None:
    found = run("words", project, "neighbours", "dog", "--top", 2, "--json").json
    assert found["word"] == "dog" and len(found["neighbours"]) == 2
    assert {each["word"] for each in found["neighbours"]} & set(ANIMALS)
    assert all(-1 <= each["similarity"] <= 1 for each in found["neighbours"])
    shown = run("words", project, "analogy", "cat", "dog", "bus", "--top=1")
    assert shown.status == 0 and "cat is to dog as bus is to:" in shown.out
    assert run("words", project, "info", "--json").json["words"] == 12


def test_a_file_of_vectors_answers_like_the_run_it_comes_from(
    run: Run, project: Path, tmp_path: Path
) -> None:
    ask = ("neighbours", "car", "--json")
    expected = run("words", project, *ask).json
    for name in ("vectors.txt", "vectors.bin"):
        made = run("words", project, "export", tmp_path / name, "--json").json
        assert made["words"] == 12
        assert made["format"] == read_vectors(tmp_path / name).format
        assert run("words", tmp_path / name, *ask).json == expected


def test_similarity_files_are_scored(run: Run, project: Path, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    rows = ("cat\tdog\t9", "cat\tbus\t1", "car\ttruck\t8", "tiger\tcat\t7")
    pairs.write_text("\n".join(rows), encoding="utf-8")
    found = run("words", project, "score", pairs, "--json").json
    assert (found["covered"], found["pairs"], found["unknown"]) == (3, 4, ["tiger"])
    assert found["spearman"] >= 0.5
    assert "3 of 4" in run("words", project, "score", pairs).out


def test_an_embedding_begins_with_the_vectors_of_a_run(
    run: Run, project: Path, tmp_path: Path
) -> None:
    other, table = tmp_path / "other", project.parent / "texts.csv"
    given = ("--data", table, "--template", "text-cnn", "--target", "topic")
    assert run("new", other, *given).status == 0
    done = run("words", project, "embed", other, "--frozen", "--json")
    assert done.json["size"] == 50 and done.json["frozen"]
    assert len(read_vectors(other / "word_vectors.bin").vectors) == 12
    trained = run("train", other, "--epochs=1", "--no-evaluate")
    assert trained.status == 0, trained.err
    assert "words found in the word vectors" in trained.out
    file, third = other / "word_vectors.bin", tmp_path / "third"
    assert run("new", third, *given, f"--embedding={file}").status == 0
    (reference,) = read_project(third)[0].word_vectors.values()
    assert reference.path == str(file)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("neighbours", "unheard"), "“unheard” has no vector"),
        (("analogy", "cat"), "takes 3 words or files, not 1"),
        (("guess",), "There is no action called “guess”"),
    ],
)
def test_mistakes_are_explained(
    run: Run, project: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run("words", project, *arguments)
    assert done.status == 1 and message in done.err


def test_other_commands_say_that_nothing_is_predicted(
    run: Run, project: Path, tmp_path: Path
) -> None:
    for command in (
        ("evaluate",),
        ("predict", "--value", "text=cat"),
        ("export", "--format=savedmodel", f"--out={tmp_path / 'out'}"),
    ):
        done = run(command[0], project, *command[1:])
        assert done.status == 1 and "has learned word vectors" in done.err
    assert "without layers" in run("script", project).err
    assert run("check", project).status == 0
