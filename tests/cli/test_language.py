"""A language model from `new` to a verified export, by the command line alone."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import pytest
import tensorflow as tf

from dlstudio.cli import main
from dlstudio.document.language_sections import Continuations, TokenSurprise
from tests.cli.conftest import Run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verified_warm")]
TEXT = "".join(
    f"Speaker {'AB'[number % 2]}:\nthe {('cat', 'dog')[number % 2]} sat, 你好！\n\n"
    for number in range(70)
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was trained."""
    root = tmp_path_factory.mktemp("language")
    (root / "story.txt").write_text(TEXT, "utf-8")
    project = root / "p"
    arguments = ("--data", str(root / "story.txt"), "--window", "24")
    assert main(["new", str(project), *arguments]) == 0
    assert main(["check", str(project)]) == 0
    assert main(["train", str(project), "--epochs", "3"]) == 0
    return project


def test_evaluating_compares_with_frequencies_and_shows_what_it_writes(
    trained: Path, run: Run
) -> None:
    found = run("evaluate", trained, "--json").json
    text = found["outputs"]["text"]
    metrics, unigram = text["metrics"], text["baseline"]["unigram"]
    assert 0 < metrics["bits_per_character"] < unigram["bits_per_character"]
    assert metrics["perplexity"] == pytest.approx(2 ** metrics["bits_per_character"])
    samples = Continuations.from_json(text["sections"]["continuations"]).samples
    assert [each.temperature for each in samples] == [0.5, 0.8, 1.0]
    shown = TokenSurprise.from_json(text["sections"]["surprise"]).texts
    assert "".join(shown[0].tokens) in TEXT and shown[0].bits[0] == 0
    assert found["verdict"]["comparison"]["metric"] == "bits_per_character"
    assert "little_text" in [each["code"] for each in found["verdict"]["causes"]]
    assert found["training"]["value"] > 0
    printed = run("evaluate", trained).out
    assert "Bits per character" in printed and "Frequencies alone" in printed
    assert "ccuracy of" not in printed


def test_it_continues_a_text_the_same_way_for_a_seed(trained: Path, run: Run) -> None:
    arguments = ("generate", trained, "--prompt", "Speaker A:\n你", "--length", "12")
    first = run(*arguments, "--seed", "3", "--json").json
    assert first["prompt"] == "Speaker A:\n你" and len(first["text"]) == 12
    assert run(*arguments, "--seed", "3", "--json").json == first
    assert run(*arguments, "--seed", "4", "--json").json["text"] != first["text"]
    coldest = run(*arguments, "--temperature", "0", "--json").json["text"]
    assert run(*arguments, "--top-k", "1", "--json").json["text"] == coldest
    printed = run(*arguments, "--seed", "3").out
    assert printed == first["prompt"] + first["text"] + "\n"
    unknown = run("generate", trained, "--prompt", "Speaker ☃", "--length", "2")
    assert unknown.err.count("“☃” is not in the model's vocabulary") == 1
    answer = run("predict", trained, "--value", "text=the ca", "--json").json
    assert len(answer["predictions"][0]["outputs"]["text"]["next"]) == 5


def test_a_savedmodel_of_it_takes_raw_prompts(
    trained: Path, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "served"
    done = run("export", trained, "--format", "savedmodel", "--out", out, "--json")
    assert done.status == 0 and done.json["certificate"]["passed"], done.err
    card = json.loads((out / "model_card.json").read_text("utf-8"))
    tokens = card["outputs"][0]["tokens"]
    assert tokens[1] == "[UNK]" and {"你", "\n", "A"} <= set(tokens)
    assert "draw a token" in (out / "model_card.md").read_text("utf-8")
    assert run("script", trained).status == 0


def test_a_keras_file_of_it_takes_raw_prompts_and_needs_keras_alone(
    trained: Path, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "model.keras"
    done = run("export", trained, "--format", "keras", "--out", out, "--json")
    assert done.status == 0 and done.json["certificate"]["passed"], done.err
    model = keras.saving.load_model(out, safe_mode=True)
    scores = model(tf.constant([["the ca"]]), training=False).numpy()[0]
    card = json.loads((tmp_path / "model.keras.card.json").read_text("utf-8"))
    tokens = card["outputs"][0]["tokens"]
    assert scores.shape == (len(tokens),)
    answer = run("predict", trained, "--value", "text=the ca", "--json").json
    likeliest = answer["predictions"][0]["outputs"]["text"]["next"]
    assert next(iter(likeliest)) == tokens[int(scores.argmax())]
