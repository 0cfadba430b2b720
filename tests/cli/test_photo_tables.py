"""Photos and the columns beside them, from `new` to a verified export."""

from __future__ import annotations

import base64
import csv
import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import killed_photos
import numpy as np
import pytest
import tensorflow as tf
from photo_tables import photo_table
from warm_processes import WarmProcesses

from dlstudio.document.storage import load_project
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import INTERRUPTED, RunStore
from tests.cli.conftest import Run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("verified_here")]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("photos")
    photo_table(place, 60, lost=(3,))
    return place


@pytest.fixture
def untrained(run: Run, place: Path) -> Path:
    """A project for the brightness, made once."""
    folder = place / "p"
    if not folder.exists():
        options = ("--data", place / "photos.csv", "--target", "glow")
        made = run("new", folder, *options, "--json")
        assert made.status == 0, made.err
        assert made.json["template"] == "image-and-table"
    return folder


@pytest.fixture
def project(run: Run, untrained: Path) -> Path:
    """The project with a run."""
    if not RunStore(untrained).all():
        trained = run("train", untrained, "--epochs", "8", "--json")
        assert trained.status == 0, trained.err
        assert trained.err.count("is excluded because") == 1
        assert "is excluded from" not in trained.err, "twice is too often"
    return untrained


def test_images_are_among_the_columns(run: Run, place: Path) -> None:
    found = run("scan", place / "photos.csv", "--json").json
    photo = found["columns"][0]
    assert photo["kind"] == "dlstudio.features.image" and photo["certainty"] > 0.9
    assert photo["missing"] == photo["unreadable"] == 1
    (lost,) = (e for e in found["findings"] if e["kind"] == "unreadable-values")
    assert lost["rows"] == [3] and "photos/3.png" in lost["message"]


def test_the_number_is_learned_and_predicted(
    run: Run, project: Path, place: Path
) -> None:
    inputs = [each.feature for each in load_project(project).inputs]
    assert inputs == ["photo", "extra", "tint"]
    found = run("evaluate", project, "--json").json["outputs"]["glow"]
    worst = found["sections"]["worst"]["rows"][0]
    assert set(worst["values"]) == {"extra", "tint"}
    assert base64.b64decode(worst["thumbnails"]["photo"]).startswith(b"\x89PNG")
    assert found["metrics"]["mae"] < 0.6 * found["baseline"]["mean"]["mae"]
    new = place / "new.csv"
    write_rows(new, ["photos/0.png,5,red", "photos/gone.png,5,red", "new.csv,5,red"])
    rows = run("predict", project, new, "--json").json["predictions"]
    assert "does not exist" in rows[1]["error"] and "error" in rows[2]
    value = rows[0]["outputs"]["glow"]["value"]
    typed = ("--value", f"photo={place / 'photos' / '0.png'}", "--value", "extra=5")
    one = run("predict", project, *typed, "--value", "tint=red", "--json").json
    again = one["predictions"][0]["outputs"]["glow"]["value"]
    assert again == pytest.approx(value, rel=1e-5)


def write_rows(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(["photo,extra,tint", *lines]) + "\n", "utf-8")


@pytest.mark.parametrize("format", ["savedmodel", "keras"])
def test_an_export_takes_files_and_answers_as_predict_does(
    run: Run, project: Path, place: Path, tmp_path: Path, format: str
) -> None:
    out = tmp_path / ("out.keras" if format == "keras" else "out")
    made = run("export", project, "--format", format, "--out", out, "--json")
    assert made.status == 0, made.err
    certificate = made.json["certificate"]
    assert certificate["passed"] and sum(certificate["drawn_from"].values()) >= 32
    assert certificate["label_agreement"] == 1.0
    (card,) = (out if out.is_dir() else tmp_path).glob("*.md")
    code = card.read_text("utf-8").split("```python\n")[1].split("```")[0]
    image = (place / "photos" / "0.png").as_posix()
    names: dict[str, Any] = {}
    code = code.replace("image.jpg", image).replace(f'"{out.name}"', repr(str(out)))
    exec(code, names)
    assert np.isfinite(names["results"]["glow"][0])
    if format == "keras":
        return
    model = tf.saved_model.load(str(out)).signatures["serving_default"]
    with (place / "photos.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["photo"] != "photos/3.png"]
    answer = model(
        photo=tf.constant([(place / row["photo"]).read_bytes() for row in rows]),
        extra=tf.constant([float(row["extra"]) for row in rows]),
        tint=tf.constant([row["tint"] for row in rows]),
    )["glow"].numpy()
    found = run("predict", project, place / "photos.csv", "--json").json["predictions"]
    known = [each["outputs"]["glow"]["value"] for each in found if "error" not in each]
    np.testing.assert_allclose(answer, known, rtol=1e-4)


def ending(folder: Path) -> tuple[list[bytes], Any]:
    """All variables bit for bit, and the loop's state."""
    (run,) = RunStore(folder).all()
    newest, damaged = Checkpoints(run.checkpoints).newest()
    assert newest is not None and not damaged
    state = {k: v for k, v in newest.state.items() if k != "seconds"}
    return [each.tobytes() for each in newest.arrays], state


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_and_resumed_it_ends_the_same(
    run: Run, warm: WarmProcesses, untrained: Path, tmp_path: Path
) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    for folder in (whole, killed):
        folder.mkdir()
        shutil.copy(untrained / "project.json", folder)
        data = f"data.source.path={untrained.parent / 'photos.csv'}"
        plan = ("plan.epochs=3", "plan.checkpoint_minutes=1e-9", "plan.batch_size=8")
        changed = run("set", folder, data, *plan, "plan.steps_per_execution=2")
        assert changed.status == 0, changed.err
    killed_photos.train(whole)
    support = ROOT / "tests" / "support"
    paths = os.pathsep.join([str(ROOT), str(support)])
    done = warm.run(
        [str(support / "killed_photos.py"), str(killed), "4"],
        {**os.environ, "PYTHONPATH": paths},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    (cut,) = RunStore(killed).all()
    assert cut.outcome == INTERRUPTED
    # Streamed from the cache now, from memory before: that must not matter.
    killed_photos.train(killed, cut.id, resident=False)
    assert ending(killed) == ending(whole)
    assert json.loads((cut.folder / "run.json").read_text("utf-8"))
