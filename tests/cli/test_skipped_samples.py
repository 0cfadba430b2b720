"""`check` and `train` with some unusable images."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_images import class_folders, write

from dlstudio.document.storage import load_project
from tests.cli.conftest import Run


@pytest.fixture
def pets(tmp_path: Path, run: Run) -> Path:
    """A project with 24 images and two invalid files."""
    root = class_folders(tmp_path / "images", count=12)
    write(root / "cat" / "empty.png", b"")
    write(root / "dog" / "note.png", b"no image at all")
    made = run("new", tmp_path / "pets", "--template=image-mlp", "--data", root)
    assert made.status == 0, made.err
    return tmp_path / "pets"


def test_check_and_train_say_the_same(pets: Path, run: Run) -> None:
    checked = run("check", pets, "--json")
    (found,) = [
        each for each in checked.json["problems"] if each["code"] == "unusable-samples"
    ]
    assert found["message"].startswith("2 of 26 images cannot be used")
    done = run("train", pets, "--epochs=1", "--no-evaluate")
    assert done.status == 0, done.err
    assert "2 samples are excluded because they cannot be used" in done.err
    assert "empty.png (The file is empty (0 bytes))" in done.err
    (record,) = (pets / "runs").glob("*/run.json")
    excluded = json.loads(record.read_text("utf-8"))["data"]["left_out"]
    assert sorted(excluded) == ["cat/empty.png", "dog/note.png"]
    again = run("train", pets, "--epochs=1", "--no-evaluate", "--json")
    (event,) = [x for x in again.lines if x["event"] == "SamplesLeftOut"]
    assert event["count"] == 2 and sorted(event["samples"]) == sorted(excluded)


def test_the_fix_excludes_them(pets: Path, run: Run) -> None:
    number = 1
    for problem in run("check", pets, "--json").json["problems"]:
        if problem["code"] == "unusable-samples":
            break
        number += len(problem["fixes"])
    fixed = run("check", pets, "--fix", number)
    assert "Exclude these 2 images" in fixed.out
    assert load_project(pets).data.leave_out == ("cat/empty.png", "dog/note.png")
    done = run("train", pets, "--epochs=1", "--no-evaluate")
    assert "left out" not in done.err
