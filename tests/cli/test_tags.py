"""Tokens with tags by command line: from a file to verified exports."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tests.cli.conftest import Run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verified_here")]
NAMES, PLACES = ("Ann", "Bob", "Cem", "Dora"), ("Paris", "Rome", "New York", "Oslo")


def tagged(path: Path, sentences: int = 60) -> Path:
    """Somebody is somewhere; the types follow from the place in the sentence."""
    lines = []
    for number in range(sentences):
        lines += [f"{NAMES[number % 4]} I-PER", "is O", "in O"]
        lines += [f"{word} I-LOC" for word in PLACES[number // 4 % 4].split()]
        lines += [". O"] * (number % 3) + [""]
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_tagger_goes_from_a_file_to_exports(run: Run, tmp_path: Path) -> None:
    path, project = tagged(tmp_path / "people.iob"), tmp_path / "p"
    scanned = run("scan", path, "--json")
    assert {each["kind"] for each in scanned.json["findings"]} >= {"tag-scheme"}
    made = run("new", project, "--data", path, "--template", "tag-bilstm")
    assert made.status == 0, made.err
    assert run("check", project, "--json").json["problems"] == []
    run("set", project, "plan.optimizer.learning_rate", "0.02")
    trained = run("train", project, "--epochs", "4", "--json")
    assert trained.status == 0, trained.err
    output = run("evaluate", project, "--json").json["outputs"]["tags"]
    entities = output["entities"]
    assert entities["f1"] == output["metrics"]["entity_f1"] > 0.5
    assert set(entities["types"]) == {"PER", "LOC"}
    assert "entity_f1" in output["baseline"]["most_frequent_tag"]

    sentence = " ".join(["Eve is in New York .", *["la"] * 40])
    typed = run("predict", project, "--value", f"tokens={sentence}", "--json")
    answer = typed.json["predictions"][0]["outputs"]["tags"]
    assert len(answer["tokens"]) == 46 == len(answer["tags"]) + answer["cut"]
    same = run("predict", project, "--text", sentence, "--json").json
    assert same["predictions"][0]["outputs"]["tags"] == answer
    told = run("predict", project, "--value", f"tokens={sentence}")
    assert "too long for the model" in told.err
    table = tmp_path / "new.csv"
    table.write_text("tokens\nAnn is in Rome .\n\nBob is in New York\n", "utf-8")
    rows = run("predict", project, table, "--json").json["predictions"]
    assert [len(each["outputs"]["tags"]["tags"]) for each in rows] == [5, 5]

    out = tmp_path / "served"
    done = run("export", project, "--format", "savedmodel", "--out", out, "--json")
    assert done.status == 0, done.err
    loaded = tf.saved_model.load(str(out)).signatures["serving_default"]
    results = loaded(
        tokens=tf.constant(["Ann is in  Rome .", "", "Bob is in New York"])
    )
    given = [[each.decode() for each in row if each] for row in results["tags"].numpy()]
    assert given == [
        rows[0]["outputs"]["tags"]["tags"],
        [],
        rows[1]["outputs"]["tags"]["tags"],
    ]
    assert not np.asarray(results["tags_scores"])[1].any()
    keras = run(
        "export", project, "--format", "keras", "--out", tmp_path / "m", "--json"
    )
    assert keras.status == 0, keras.err
    script = run("script", project)
    assert script.status == 0 and "does not read the data source" not in script.out
    assert "ignore_class=-1" in script.out


def test_lists_of_tokens_and_tags_are_a_project(run: Run, tmp_path: Path) -> None:
    rows = [
        {
            "tokens": [NAMES[n % 4], "is", "in", PLACES[n % 3]],
            "tags": ["B-PER", "O", "O", "B-LOC"],
        }
        for n in range(40)
    ]
    path, project = tmp_path / "people.jsonl", tmp_path / "p"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    scanned = run("scan", path)
    assert scanned.status == 0, scanned.err
    assert "4 tokens (median), at most 4" in scanned.out
    made = run("new", project, "--data", path, "--target", "tags")
    assert made.status == 0, made.err
    assert "tags from tokens" in made.out
    assert run("check", project, "--json").json["problems"] == []
