"""Externally visible results stay unchanged: files, metrics, weights, predictions.

The values were recorded once; refactoring must not change them. They are obtained
through the command line and files only, so they are independent of module names. Floats
are compared with a tolerance, because processors round differently.

    python tests/golden/test_golden.py    record the values again, after an intended
    visible change
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PLAN = ("plan.epochs=3", "plan.batch_size=8", "plan.steps_per_execution=1")
PREDICTED = ("images/cat/00.bmp", "images/dog/01.bmp", "images/owl/02.bmp")
DIFFERS = {"run", "seconds", "milliseconds", "latency_ms", "created", "at"}
"""JSON keys whose values depend on the machine and the time."""
CLOSE = {"rel": 1e-3, "abs": 1e-4}

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verified_warm")]


def images(root: Path) -> None:
    """Three classes of small noisy images, each with its own bright stripe."""
    random = np.random.default_rng(0)
    for number, name in enumerate(("cat", "dog", "owl")):
        folder = root / "images" / name
        folder.mkdir(parents=True)
        for index in range(12):
            values = random.integers(0, 120, (12, 12, 3)).astype(np.uint8)
            values[4 * number : 4 * number + 4] += 120
            Image.fromarray(values).save(folder / f"{index:02}.bmp")


def command(folder: Path, *arguments: str) -> str:
    """Standard output of one command, run in this process within a folder."""
    from dlstudio.cli import main

    out = io.StringIO()
    before = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out):
            status = main(list(arguments))
    finally:
        os.chdir(before)
    assert status == 0, out.getvalue()
    return out.getvalue()


def observe(folder: Path) -> dict[str, Any]:
    """Make a project, train, evaluate, predict and export; returns all results."""
    images(folder)
    command(folder, "new", "p", "--template", "image-cnn", "--data", "images")
    made = (folder / "p" / "project.json").read_text("utf-8")
    command(folder, "set", "p", *PLAN)
    command(folder, "train", "p", "--no-evaluate")
    (run,) = (folder / "p" / "runs").iterdir()
    record = json.loads((run / "run.json").read_text("utf-8"))
    evaluated = json.loads(command(folder, "evaluate", "p", "--json"))
    predicted = json.loads(command(folder, "predict", "p", *PREDICTED, "--json"))
    command(folder, "export", "p", "--format", "savedmodel", "--out", "saved")
    (cache,) = (folder / "p" / ".cache" / "pictures").glob("*/done.json")
    return {
        "project": json.loads(made),
        "run keys": sorted(record),
        "fingerprint": record["data"],
        "cache": cache.parent.name.split("-")[
            0
        ],  # the rest depends on the folder's path
        "metrics": record["metrics"],
        "weights": weights(run / "model.keras"),
        "evaluate": without(evaluated, DIFFERS),
        "predict": without(predicted, DIFFERS),
        "saved": saved_answers(folder / "saved", [folder / each for each in PREDICTED]),
    }


def weights(path: Path) -> dict[str, list[float]]:
    """Mean, deviation and first values of each variable, in order."""
    import keras

    model = keras.saving.load_model(path, safe_mode=True)
    return {
        each.path: [
            float(np.mean(each)),
            float(np.std(each)),
            *np.ravel(each)[:4].astype(float).tolist(),
        ]
        for each in model.weights
        if np.asarray(each).dtype.kind == "f"
    }


def saved_answers(path: Path, files: Sequence[Path]) -> dict[str, Any]:
    """Predictions of the exported model for encoded images."""
    import tensorflow as tf

    serve = tf.saved_model.load(str(path)).signatures["serve_bytes"]
    (name,) = serve.structured_input_signature[1]
    answer = serve(**{name: tf.constant([each.read_bytes() for each in files])})
    return {key: np.asarray(value).tolist() for key, value in sorted(answer.items())}


def without(value: Any, keys: set[str]) -> Any:
    """JSON without values that differ between runs."""
    if isinstance(value, dict):
        return {k: without(v, keys) for k, v in value.items() if k not in keys}
    if isinstance(value, list):
        return [without(each, keys) for each in value]
    return value


def expect(found: Any, wanted: Any, place: str = "") -> None:
    """Assert equality, up to the last digits of floats."""
    if isinstance(wanted, dict):
        assert list(found) == list(wanted), place
        for key in wanted:
            expect(found[key], wanted[key], f"{place}/{key}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), place
        for index, (one, other) in enumerate(zip(found, wanted, strict=True)):
            expect(one, other, f"{place}/{index}")
    elif isinstance(wanted, float):
        assert found == pytest.approx(wanted, **CLOSE), place
    else:
        assert found == wanted, place


def as_kept(found: dict[str, Any]) -> dict[str, Any]:
    """The value as stored in the file: bytes as text."""
    return json.loads(json.dumps(found, default=lambda each: each.decode()))


@pytest.fixture(scope="module")
def found(
    verified_warm: None, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    return as_kept(observe(tmp_path_factory.mktemp("golden")))


WANTED = json.loads((HERE / "golden.json").read_text("utf-8"))


@pytest.mark.parametrize("what", list(WANTED))
def test_results_are_unchanged(found: dict[str, Any], what: str) -> None:
    expect(found[what], WANTED[what], what)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_and_resumed_it_ends_with_the_same_weights(
    found: dict[str, Any], tmp_path: Path
) -> None:
    images(tmp_path)
    command(tmp_path, "new", "p", "--template", "image-cnn", "--data", "images")
    command(tmp_path, "set", "p", *PLAN, "plan.checkpoint_minutes=1e-9")
    process = subprocess.Popen(
        [sys.executable, "-m", "dlstudio", "train", str(tmp_path / "p")],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    runs = tmp_path / "p" / "runs"
    deadline = time.monotonic() + 200
    while not any("CheckpointSaved" in text for text in events(runs)):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (run,) = runs.iterdir()
    command(tmp_path, "train", "p", "--resume", run.name, "--no-evaluate")
    expect(as_kept({"w": weights(run / "model.keras")})["w"], WANTED["weights"])


def events(runs: Path) -> list[str]:
    return [path.read_text("utf-8") for path in runs.glob("*/events.jsonl")]


def test_a_run_of_an_older_version_is_resumed(tmp_path: Path) -> None:
    """To the weights that it would have had without an interruption.

    The last version that wrote project files of version 2 trained `interrupted_v2`,
    and was killed after two of four epochs. The weights are those of the same training
    by that version when nothing interrupted it.
    """
    images(tmp_path)
    shutil.copytree(HERE / "interrupted_v2", tmp_path / "p")
    (run,) = (tmp_path / "p" / "runs").iterdir()
    command(tmp_path, "train", "p", "--resume", run.name, "--no-evaluate")
    record = json.loads((run / "run.json").read_text("utf-8"))
    assert (record["outcome"], record["epochs"]) == ("succeeded", 4)
    lines = (run / "events.jsonl").read_text("utf-8").splitlines()
    started = [each for each in map(json.loads, lines) if each["event"] == "RunStarted"]
    assert started[-1]["resumed_from"] == "epoch-00002-step-00000000"
    wanted = json.loads((HERE / "interrupted_v2_weights.json").read_text("utf-8"))
    expect(weights(run / "model.keras"), wanted)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        text = json.dumps(as_kept(observe(Path(place))), indent=1, ensure_ascii=False)
    (HERE / "golden.json").write_text(text + "\n", "utf-8")
