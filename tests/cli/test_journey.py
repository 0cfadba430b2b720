"""A user's journey from images to a verified export, and possible failures."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dlstudio.document.project_lock import ProjectLock
from dlstudio.document.storage import load_project
from tests.cli.conftest import Done, Run, finish, start

COLOURS = {
    "green apples": (40, 200, 60),
    "red 苹果": (220, 30, 30),
    "sky": (60, 90, 240),
}
EACH = 16
SIDE = 12


def paint(folder: Path, seed: int = 0) -> Path:
    """Small images, one folder per class; the class determines the colour."""
    random = np.random.default_rng(seed)
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for number in range(EACH):
            noise = random.integers(-25, 25, (SIDE, SIDE, 3))
            pixels = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number:02}.png")
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with images, for the project of the tests."""
    folder = tmp_path_factory.mktemp("journey")
    paint(folder / "photos")
    return folder


@pytest.fixture(scope="module")
def fruit(place: Path) -> Path:
    """A project with one run, created by the command line alone."""
    from dlstudio.cli import main

    project = place / "fruit"
    made = ["new", str(project), "--template", "image-cnn"]
    assert main([*made, "--data", str(place / "photos")]) == 0
    assert main(["train", str(project), *QUICK]) == 0
    return project


QUICK = (
    "--epochs=3",
    "--set=plan.batch_size=8",
    "--set=plan.optimizer.learning_rate=0.01",
    "--set=plan.early_stopping=null",
)


def only_run(project: Path) -> str:
    return min(each.name for each in (project / "runs").iterdir())


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def test_the_projects_path_to_its_images_is_relative(fruit: Path) -> None:
    source = load_project(fruit).data.source
    assert source.params["path"] == "../photos"
    assert load_project(fruit).plan.epochs > 3  # --epochs is for one run only


def test_scan(run: Run, fruit: Path, place: Path) -> None:
    for where in (fruit, place / "photos"):
        done = run("scan", where, "--json")
        assert done.status == 0
        assert done.json["samples"] == EACH * len(COLOURS)
        assert done.json["classes"] == dict.fromkeys(COLOURS, EACH)
        assert all({"kind", "path", "message"} <= set(f) for f in done.json["findings"])


def test_scan_reports_bad_images(run: Run, tmp_path: Path) -> None:
    folder = paint(tmp_path / "photos")
    (folder / "sky" / "00.png").write_bytes(b"")
    (folder / "sky" / "01.png").write_text("no image")
    found = run("scan", folder, "--json").json["findings"]
    paths = {finding["path"] for finding in found}
    assert {"sky/00.png", "sky/01.png"} <= paths
    text = run("scan", folder).out
    assert "sky/00.png" in text


def test_check_finds_nothing(run: Run, fruit: Path) -> None:
    done = run("check", fruit, "--json")
    assert (done.status, done.json) == (0, {"problems": []})
    assert "No problems" in run("check", fruit).out


def test_check_names_what_is_wrong_and_its_fixes(
    run: Run, fruit: Path, tmp_path: Path
) -> None:
    project = copy(fruit, tmp_path)
    change(project, ["graphs", "model", "nodes", "head", "params", "units"], 2)
    done = run("check", project, "--json")
    assert done.status == 1
    problem = next(p for p in done.json["problems"] if p["node"] == "head")
    assert problem["severity"] == "error" and "2" in problem["message"]
    assert problem["fixes"]
    assert "head" in run("check", project).out
    assert run("train", project, "--epochs", 1).status == 1


def test_runs(run: Run, fruit: Path) -> None:
    rows = run("runs", fruit, "--json").json
    first = next(row for row in rows if row["run"] == only_run(fruit))
    assert first["outcome"] == "succeeded" and first["epochs"] == 3
    assert first["has_model"]
    text = run("runs", fruit).out
    assert first["run"] in text and "succeeded" in text


def test_evaluate(run: Run, fruit: Path) -> None:
    found = run("evaluate", fruit, "--json").json
    assert found["run"] == only_run(fruit) and found["split"] == "test"
    assert found["classes"] == sorted(COLOURS)
    assert found["samples"] == np.sum(found["confusion_matrix"])
    assert 0 <= found["metrics"]["accuracy"] <= 1
    assert set(found["per_class"]) == set(COLOURS)
    text = run("evaluate", fruit).out
    assert "Accuracy" in text and "red 苹果" in text


def test_evaluate_reports_that_the_data_has_changed(
    run: Run, fruit: Path, tmp_path: Path
) -> None:
    project = copy(fruit, tmp_path)
    shutil.copytree(fruit / "runs", project / "runs")
    assert "has changed" not in run("evaluate", project).err
    next((tmp_path / "photos").rglob("*.png")).unlink()
    done = run("evaluate", project, "--json")
    assert done.status == 0 and done.json["samples"] and "has changed" in done.err


def test_evaluate_on_other_images(run: Run, fruit: Path, tmp_path: Path) -> None:
    other = paint(tmp_path / "other")
    found = run("evaluate", fruit, "--data", other, "--json").json
    assert found["samples"] == EACH * len(COLOURS)


def test_evaluate_reports_training_images_in_other_data(
    run: Run, fruit: Path, tmp_path: Path
) -> None:
    photos = fruit.parent / "photos"
    other = tmp_path / "other"
    first = next(iter(COLOURS))
    for name in COLOURS:
        shutil.copytree(photos / name, other / name)
    for path in (other / first).glob("*.png"):
        with Image.open(path) as image:
            image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(path)
    archive = Path(shutil.make_archive(str(tmp_path / "more"), "zip", other))
    for data in (other, archive, archive):
        done = run("evaluate", fruit, "--data", data, "--json")
        found = done.json["training_overlap"]
        assert 0 < len(found["same"]) < found["compared"] == EACH * len(COLOURS)
        assert "also in the training split, such as" in done.err
        assert not any(mine.startswith(first) for mine, _theirs in found["same"])
    assert [each.name for each in (fruit / "data").iterdir()] == ["more"]
    done = run("evaluate", fruit, "--data", paint(tmp_path / "fresh", 7))
    assert "training split" not in done.err


def test_predict_takes_an_archive(run: Run, fruit: Path, tmp_path: Path) -> None:
    folder = fruit.parent / "photos" / "sky"
    archive = Path(shutil.make_archive(str(tmp_path / "sky"), "zip", folder))
    found = run("predict", fruit, archive, "--json").json["predictions"]
    assert len(found) == EACH
    assert found[0]["input"] == str(archive / "00.png")


def test_predict_files_folders_patterns_and_what_is_none(
    run: Run, fruit: Path, place: Path
) -> None:
    photos = place / "photos"
    broken = place / "broken.png"
    broken.write_text("no image")
    done = run(
        "predict",
        fruit,
        photos / "sky" / "00.png",
        photos / "red 苹果",
        photos / "green apples" / "0*.png",
        broken,
        "--json",
    )
    assert done.status == 1  # all but one have a prediction
    found = done.json["predictions"]
    assert len(found) == 1 + EACH + 10 + 1
    assert set(found[0]) == {"input", "label", "score", "scores", "outputs"}
    assert set(found[0]["scores"]) == set(COLOURS)
    assert set(found[-1]) == {"input", "error"}
    whole = run("predict", fruit, photos / "sky")
    assert whole.status == 0 and whole.out.count("sky") >= EACH
    some = run("predict", fruit, photos / "sky" / "00.png", place / "gone.png")
    assert some.status == 1 and "sky" in some.out
    assert "gone.png" in some.err and "1 of 2 inputs" in some.err


def test_predict_below_a_folder_with_brackets(
    run: Run, fruit: Path, place: Path, tmp_path: Path
) -> None:
    shutil.copytree(place / "photos" / "sky", tmp_path / "sky [2021]")
    done = run("predict", fruit, tmp_path / "sky [2021]" / "0*.png", "--json")
    assert done.status == 0 and len(done.json["predictions"]) == 10


@pytest.mark.parametrize("command", ["predict", "scan"])
def test_a_very_large_image_leaks_no_warning(
    run: Run, fruit: Path, tmp_path: Path, command: str
) -> None:
    for name in ("a", "b"):
        (tmp_path / "large" / name).mkdir(parents=True)
        image = Image.new("1", (10_000, 10_000))
        image.save(tmp_path / "large" / name / "large.tif", compression="group4")
    place = (
        (fruit, tmp_path / "large") if command == "predict" else (tmp_path / "large",)
    )
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        done = run(command, *place)
    assert not leaked and "Warning" not in done.err


def test_predict_says_once_what_heic_needs(
    run: Run, fruit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dlstudio.data.images.decoders.pillow_decoder.can_read_heic", lambda: False
    )
    for number in range(3):
        path = tmp_path / f"IMG_{number}.HEIC"
        path.write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 40)
    done = run("predict", fruit, tmp_path)
    assert done.status == 1 and done.out == ""
    assert done.err.count("dlstudio[heic]") == 1 and "3 images" in done.err
    found = run("predict", fruit, tmp_path, "--json").json["predictions"]
    assert ["dlstudio[heic]" in each["error"] for each in found] == [True] * 3


def test_predict_nothing_readable_is_an_error(run: Run, fruit: Path) -> None:
    assert run("predict", fruit, fruit / "nothing.png").status == 1
    assert run("predict", fruit, "nothing*.png").status == 1


@pytest.mark.parametrize("format", ["savedmodel", "keras"])
def test_export(
    run: Run,
    fruit: Path,
    tmp_path: Path,
    format: str,
    request: pytest.FixtureRequest,
) -> None:
    if format == "keras":  # verified twice
        request.getfixturevalue("verified_here")
    out = tmp_path / "out"
    arguments = ["export", fruit, "--format", format, "--out", out, "--json"]
    found = run(*arguments).json
    assert found["format"] == format and Path(found["path"]).exists()
    certificate = found["certificate"]
    assert certificate["passed"] and certificate["samples"] >= 32
    assert certificate["label_agreement"] == 1
    assert certificate["max_abs_difference"] < 1e-4
    assert certificate["size_bytes"] > 0 and certificate["latency_ms"] > 0
    again = run(*arguments)
    assert again.status == 1 and "error" in again.json
    if format == "keras":
        assert run(*arguments, "--replace").status == 0


def test_reproduce_gives_the_same_weights(run: Run, fruit: Path) -> None:
    done = run("reproduce", fruit, "--run", only_run(fruit), "--json")
    assert done.status == 0
    assert done.json["identical"] and done.json["weights_difference"] == 0


def test_training_prints_its_events_as_json(
    run: Run, fruit: Path, tmp_path: Path
) -> None:
    project = copy(fruit, tmp_path)
    done = run("train", project, *QUICK, "--json")
    assert done.status == 0
    events = done.lines
    assert events[0]["event"] == "RunStarted" and events[0]["epochs"] == 3
    last = events[-1]
    assert last["event"] == "RunEnded" and last["outcome"] == "succeeded"
    assert last["run"] == events[0]["run"] and "accuracy" in last["metrics"]
    assert [e["epoch"] for e in events if e["event"] == "EpochEnded"] == [1, 2, 3]


def copy(project: Path, place: Path) -> Path:
    """A copy of the project and its images, without its runs."""
    shutil.copytree(project.parent / "photos", place / "photos")
    made = place / project.name
    made.mkdir()
    shutil.copy(project / "project.json", made)
    return made


def change(project: Path, keys: list[Any], value: object) -> None:
    path = project / "project.json"
    data = json.loads(path.read_text("utf-8"))
    inner = data
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    path.write_text(json.dumps(data), "utf-8")


# Failures.


def reported(done: Done) -> str:
    """The message of a user error, without a traceback."""
    assert done.status == 1
    assert "Traceback" not in done.err
    error = done.json["error"]
    assert error["message"]
    return f"{error['message']} {error['hint']}"


def test_a_folder_that_is_not_empty_is_not_touched(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    before = files_of(tmp_path)
    done = run("new", tmp_path, "--template", "digits-cnn", "--json")
    assert "not empty" in reported(done)
    assert files_of(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--template", "image-cnn"], "--data"),
        (["--template", "digits-cnn", "--data", "photos"], "--data"),
        (["--template", "image-cn"], "image-cnn"),
        (["--template", "image-cnn", "--data", "nowhere"], "nowhere"),
        (["--template", "image-cnn", "--data", "photos/sky"], "needs classes"),
    ],
)
def test_new_leaves_nothing_behind_when_it_fails(
    run: Run, place: Path, tmp_path: Path, arguments: list[str], word: str
) -> None:
    given = [str(place / a) if "photos" in a else a for a in arguments]
    assert word in reported(run("new", tmp_path / "new", *given, "--json"))
    assert not (tmp_path / "new").exists()


DAMAGED = {
    "empty": b"",
    "cut": b'{"format": "dlstudio-project", "version": 1, "na',
    "binary": bytes(range(256)),
    "list": b"[]",
    "foreign": b'{"format": "other"}',
    "newer": b'{"format": "dlstudio-project", "version": 999}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "huge": b'{"format": "dlstudio-project", "version": 1, "plan": {"epochs": 1e999}}',
    "digits": b'{"format": "dlstudio-project", "version": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("command", ["check", "train", "runs"])
def test_a_damaged_project_is_refused_and_left_as_it_is(
    run: Run, tmp_path: Path, command: str, name: str
) -> None:
    path = tmp_path / "project.json"
    path.write_bytes(DAMAGED[name])
    assert "project.json" in reported(run(command, tmp_path, "--json"))
    assert path.read_bytes() == DAMAGED[name]


def test_missing_images_are_reported(run: Run, fruit: Path, tmp_path: Path) -> None:
    project = copy(fruit, tmp_path)
    shutil.rmtree(tmp_path / "photos")
    assert "photos" in reported(run("train", project, "--json"))
    assert "photos" in reported(run("scan", project, "--json"))
    assert not (project / "runs").exists()


def test_a_project_that_is_being_trained_is_locked(run: Run, fruit: Path) -> None:
    with ProjectLock(fruit, "training"):
        message = reported(run("train", fruit, "--json"))
    assert str(os.getpid()) in message and "training" in message


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights there")
def test_a_read_only_folder_is_reported(run: Run, fruit: Path, tmp_path: Path) -> None:
    project = copy(fruit, tmp_path)
    project.chmod(0o500)
    try:
        if os.access(project, os.W_OK):  # root may write everywhere
            block(project)
        assert str(project) in reported(run("train", project, "--json"))
    finally:
        project.chmod(0o700)


def block(project: Path) -> None:
    """An obstacle for root as well: a folder in place of the lock."""
    (project / ".lock").mkdir()


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "{}", "--set", "plan.epochs=many"],
        ["train", "{}", "--set", "plan.epochs=-1"],
        ["train", "{}", "--resume", "no such run"],
        ["evaluate", "{}", "--run", "no such run"],
        ["evaluate", "{}", "--data", "nowhere"],
        ["reproduce", "{}", "--run", "no such run"],
        ["export", "{}", "--format", "onyx", "--out", "x"],
        ["predict", "{}", "x.png", "--run", "no such run"],
        ["scan", "nowhere"],
    ],
    ids=" ".join,
)
def test_wrong_names_and_values_are_user_errors(
    run: Run, fruit: Path, arguments: list[str]
) -> None:
    before = files_of(fruit)
    reported(run(*[each.format(fruit) for each in arguments], "--json"))
    assert files_of(fruit) == before


def test_a_damaged_model_is_reported(run: Run, fruit: Path, tmp_path: Path) -> None:
    project = copy(fruit, tmp_path)
    id = only_run(fruit)
    shutil.copytree(fruit / "runs" / id, project / "runs" / id)
    (project / "runs" / id / "model.keras").write_bytes(b"PK nothing")
    assert "model.keras" in reported(run("evaluate", project, "--json"))


# In subprocesses.


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_training_is_kept_and_resumes(
    run: Run, fruit: Path, tmp_path: Path, number: signal.Signals
) -> None:
    project = copy(fruit, tmp_path)
    process = start(
        [
            "train",
            project,
            "--set",
            "plan.epochs=100000",
            "--json",
            "--set",
            "plan.early_stopping=null",
        ]
    )
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(json.loads(line))
        if seen[-1]["event"] == "EpochEnded":
            process.send_signal(number)
            break
    done = finish(process)
    assert done.status == 130
    assert done.lines[-1]["event"] == "RunEnded"
    assert done.lines[-1]["outcome"] == "cancelled"
    assert "Traceback" not in done.err
    id = seen[0]["run"]
    [row] = run("runs", project, "--json").json
    assert row["run"] == id and row["outcome"] == "cancelled" and row["has_model"]
    again = run(
        "train", project, "--resume", id, "--epochs", row["epochs"] + 1, "--json"
    )
    assert again.status == 0
    assert again.lines[0]["run"] == id and again.lines[0]["resumed_from"]
    assert again.lines[-1]["outcome"] == "succeeded"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals there")
def test_an_interruption_while_tensorflow_loads_is_130(
    fruit: Path, tmp_path: Path
) -> None:
    project = copy(fruit, tmp_path)
    process = start(["evaluate", fruit, "--json"])
    wait_for_tensorflow(process.pid)
    process.send_signal(signal.SIGINT)
    done = finish(process)
    assert (done.status, done.out) == (130, "")
    assert "Traceback" not in done.err
    assert not (project / "runs").exists()


def wait_for_tensorflow(pid: int) -> None:
    """Wait until the process has opened TensorFlow's library."""
    import time

    import psutil

    deadline = time.monotonic() + 60
    process = psutil.Process(pid)
    while time.monotonic() < deadline:
        if any("tensorflow" in each.path for each in process.memory_maps()):
            return
        time.sleep(0.05)
