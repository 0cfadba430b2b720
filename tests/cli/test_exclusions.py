"""`scan --exclude`: images with findings are excluded from the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from small_images import class_folders, encoded, write

from dlstudio.document.storage import load_project
from tests.cli.conftest import Run


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    data = class_folders(tmp_path / "data", count=12)
    for name in ("black", "white"):
        write(data / f"cat/{name}.png", encoded(Image.new("RGB", (40, 28), name)))
    made = tmp_path / "project"
    assert run("new", made, "--data", data, "--template", "image-cnn").status == 0
    return made


def test_found_images_are_excluded(run: Run, project: Path) -> None:
    text = run("scan", project).out
    assert "Images of a single color: 2" in text
    assert "Exclude 2 images: " in text and "--exclude flat-image" in text
    done = run("scan", project, "--exclude", "flat-image")
    assert done.status == 0 and "Excluded 2 images." in done.out
    names = ("cat/black.png", "cat/white.png")
    assert load_project(project).data.leave_out == names
    again = run("scan", project, "--exclude", "flat-image", "--json")
    assert again.json["excluded"] == []
    assert "flat-image" not in {each["kind"] for each in again.json["findings"]}


def test_what_cannot_be_excluded_is_refused(run: Run, project: Path) -> None:
    wrong = run("scan", project, "--exclude", "ghosts")
    assert wrong.status == 1 and "ghosts" in wrong.err and "flat-image" in wrong.err
    alone = run("scan", project.parent / "data", "--exclude", "flat-image")
    assert alone.status == 1 and "not a project" in alone.err
