"""The commands report where missing splits are taken from."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_images import class_folders

from tests.cli.conftest import Run


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    root = tmp_path / "pets"
    class_folders(root / "train", count=10)
    class_folders(root / "val", count=3)
    return root


def test_what_is_held_out_of_training_is_reported(
    run: Run, pets: Path, tmp_path: Path
) -> None:
    sentence = "no test split, so 15 % of the training split (4 samples)"
    done = run("scan", pets)
    assert sentence in done.out and "Validation        6" in done.out
    planned = run("scan", pets, "--json").json["planned_splits"]
    assert planned == {"train": 16, "validation": 6, "test": 4}
    project = tmp_path / "project"
    made = run("new", project, "--template", "image-cnn", "--data", pets)
    assert sentence in made.out and "16 for training," in made.out
    assert sentence in run("scan", project).out
    problems = run("check", project, "--json").json["problems"]
    (hint,) = (each for each in problems if each["code"] == "test-from-training")
    assert sentence in hint["message"] and len(hint["fixes"]) == 1


def test_folders_without_splits_have_none(run: Run, tmp_path: Path) -> None:
    found = run("scan", class_folders(tmp_path / "plain"), "--json").json
    assert "planned_splits" not in found
