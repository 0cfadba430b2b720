"""`vocabulary`: the words of a layer, before and after a training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dlstudio.data.token_layers import WORD_PIECE
from dlstudio.data.word_pieces import SPECIAL
from dlstudio.document.project import MODEL
from dlstudio.document.storage import load_project, project_to_json, save_project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.preprocessing.learned_layers import checksum, write_learned
from dlstudio.engine.runs.store import RunStore
from tests.cli.conftest import Run


def spam(folder: Path, rows: int = 60) -> Path:
    lines = ["text,kind"]
    for row in range(rows):
        word = "win" if row % 2 else "meet"
        text = "!" if row == 7 else f"{word} me now or never number{row}"
        lines.append(f"{text},{'spam' if row % 2 else 'ham'}")
    path = folder / "spam.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_words_are_listed_before_and_after_a_training(run: Run, tmp_path: Path) -> None:
    project = tmp_path / "p"
    made = run("new", project, "--data", spam(tmp_path), "--template", "text-bow")
    assert made.status == 0, made.err
    run("layers", "set", project, "words", "max_tokens=8")
    found = run("vocabulary", project, "--json", "--most", "0").json
    assert (found["layer"], found["run"], found["size"]) == ("words", None, 8)
    assert {each["word"] for each in found["vocabulary"][1:6]} >= {"or", "now", "me"}
    train = found["splits"]["train"]
    counts = sum(each["count"] for each in found["vocabulary"])
    assert counts == train["words"] and train["unknown"] > 30
    assert sum(each["empty"] for each in found["splits"].values()) == 1

    learned = {"words": {"vocabulary": ["[UNK]", "win", "never"]}}
    data = {"learned": checksum(learned), "splits": {"train": train["texts"]}}
    store = RunStore(project)
    folder = store.create(project_to_json(load_project(project)), data=data).folder
    write_learned(folder, learned)
    shown = run("vocabulary", project, "words", "--search", "W")
    assert "words: 3 words, learned in run 1." in shown.out
    assert "win" in shown.out and "never" not in shown.out
    text = run("vocabulary", project, "--run", "1").out
    assert "[UNK]" in text and "Unknown words" in text
    assert load_project(project).model.nodes["words"].params["max_tokens"] == 8

    weighted = {"words": {**learned["words"], "idf_weights": [0.5, 1.25, 2.0]}}
    data = {"learned": checksum(weighted), "splits": {"train": train["texts"]}}
    folder = store.create(project_to_json(load_project(project)), data=data).folder
    write_learned(folder, weighted)
    assert "1.250" in run("vocabulary", project).out
    entries = run("vocabulary", project, "--json").json["vocabulary"]
    assert [each["idf"] for each in entries] == [0.5, 1.25, 2.0]


def test_pieces_of_words_are_counted_once_a_run_has_learned_them(
    run: Run, tmp_path: Path
) -> None:
    project = tmp_path / "p"
    run("new", project, "--data", spam(tmp_path), "--template", "text-bow")
    made = load_project(project)
    words = replace(made.model.nodes["words"], kind=WORD_PIECE, params=FrozenMap())
    save_project(made.with_graph(MODEL, made.model.with_nodes([words])), project)
    refused = run("vocabulary", project, "words")
    assert refused.status == 1 and "while it is trained" in refused.err
    learned = {"words": {"vocabulary": [*SPECIAL, "nev", "##er", "me"]}}
    data = {"learned": checksum(learned), "splits": {"train": 42}}
    store = RunStore(project)
    folder = store.create(project_to_json(load_project(project)), data=data).folder
    write_learned(folder, learned)
    found = run("vocabulary", project, "words", "--json").json
    counts = {each["word"]: each["count"] for each in found["vocabulary"]}
    assert counts["nev"] == counts["##er"] == counts["me"] > 30
    assert counts["[UNK]"] == found["splits"]["train"]["unknown"] > 60


def test_what_looks_no_words_up_is_said(run: Run, tmp_path: Path) -> None:
    project = tmp_path / "p"
    run("new", project, "--data", spam(tmp_path), "--template", "text-bow")
    refused = run("vocabulary", project, "dense")
    assert refused.status == 1 and "looks up no words" in refused.err
    assert "layers list" in refused.err
