"""Texts from a folder to predictions and a verified export, by the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlstudio.document.storage import load_project
from tests.cli.conftest import Run

pytestmark = pytest.mark.slow
WORDS = {
    "neg": ("slow", "cold", "bland", "难吃", "太慢"),
    "pos": ("quick", "warm", "tasty", "好吃", "很快"),
}


def folder(place: Path, count: int = 40) -> Path:
    """A folder for each class, with files in which two words say what it is."""
    random = np.random.default_rng(0)
    for label, words in WORDS.items():
        (place / label).mkdir(parents=True)
        for number in range(count):
            first, second = random.choice(words, 2, replace=False)
            text = f"Order {number} was {first}, and the rest was {second}."
            (place / label / f"{number}.txt").write_text(text, "utf-8")
    return place


def test_texts_of_a_folder_from_new_to_export(
    run: Run, tmp_path: Path, verified_here: None
) -> None:
    data, project = folder(tmp_path / "reviews"), tmp_path / "p"
    assert run("new", project, "--data", data, "--template", "text-bow").status == 0
    assert [each.feature for each in load_project(project).inputs] == ["text"]
    run("set", project, "plan.epochs=30", "plan.batch_size=16")
    assert run("train", project, "--no-evaluate").status == 0
    assert run("evaluate", project, "--json").json["metrics"]["accuracy"] > 0.9
    said = ("It was slow and cold", "很快 好吃", "")
    texts = [argument for each in said for argument in ("--text", each)]
    found = run("predict", project, *texts, "--json").json["predictions"]
    assert [each["input"] for each in found] == list(said)
    assert [each["label"] for each in found[:2]] == ["neg", "pos"]
    file = tmp_path / "a.txt"
    file.write_bytes("味道 难吃 送得 太慢".encode("gb18030"))
    (one,) = run("predict", project, file, "--json").json["predictions"]
    assert (one["input"], one["label"]) == (str(file), "neg")
    asked = ("predict", project, "--text", "So COLD, and bland!", "--explain")
    shown = run(*asked)
    assert "1 outside the vocabulary (so)" in shown.err and "cold" in shown.out
    (one,) = run(*asked, "--json").json["predictions"]
    (explained,) = one["explanation"]["texts"]
    tokens = {each["text"]: each for each in explained["tokens"]}
    assert (tokens["cold"]["start"], tokens["cold"]["end"]) == (3, 7)
    assert not tokens["so"]["known"] and one["explanation"]["label"] == "neg"
    assert min(tokens[word]["share"] for word in ("cold", "bland")) > 0
    refused = run("predict", project, tmp_path / "a.csv", "--explain")
    assert refused.status == 1 and ".txt" in refused.err
    shown = run("predict", project, *texts)
    assert said[0] in shown.out and "neg" in shown.out
    assert shown.err.count("The text is empty") == 1
    both = run("predict", project, file, "--text", "a")
    assert both.status == 1 and "--text TEXT" in both.err
    out = tmp_path / "served"
    done = run("export", project, "--format", "savedmodel", "--out", out, "--json")
    assert done.status == 0, done.err
    assert done.json["certificate"]["passed"]


def test_a_text_for_a_model_of_other_inputs_is_refused(
    run: Run, tmp_path: Path
) -> None:
    rows = "".join(f"{n},{n % 7},{'ab'[n % 2]}\n" for n in range(40))
    (tmp_path / "t.csv").write_text("x,z,y\n" + rows, "utf-8")
    project = tmp_path / "p"
    assert run("new", project, "--data", tmp_path / "t.csv").status == 0
    assert run("train", project, "--epochs", "1", "--no-evaluate").status == 0
    done = run("predict", project, "--text", "hello")
    assert done.status == 1 and "x, z" in done.err
