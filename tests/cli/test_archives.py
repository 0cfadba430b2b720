"""Zip archives are accepted like folders, with the checks of the window."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from small_images import class_folders, encoded, photo, write

from dlstudio.document.storage import load_project
from tests.cli.conftest import Run


def packed(root: Path, target: Path) -> Path:
    """A folder in a zip archive."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(root.rglob("*.png")):
            archive.write(path, path.relative_to(root.parent).as_posix())
    return target


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    return packed(class_folders(tmp_path / "pets", count=12), tmp_path / "pets.zip")


def test_scan_leaves_nothing_behind(run: Run, pets: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    found = run("scan", pets, "--json").json
    assert found["classes"] == {"cat": 12, "dog": 12}
    assert sorted(tmp_path.rglob("*")) == before


def test_new_unpacks_into_the_project(run: Run, pets: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    done = run("new", project, "--template", "image-cnn", "--data", pets)
    assert done.status == 0
    assert load_project(project).data.source.params["path"] == "data/pets"
    assert (project / "data" / "pets" / "pets" / "cat" / "0.png").is_file()
    assert run("scan", project, "--json").json["samples"] == 24


def test_a_dataset_deeper_in_an_archive_is_found(run: Run, tmp_path: Path) -> None:
    root = class_folders(tmp_path / "all" / "data").parent
    (root / "docs").mkdir()
    write(root / "docs" / "notes.txt", b"words")
    archive = packed(root, tmp_path / "all.zip")
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("docs/notes.txt", "words")
    assert run("scan", archive, "--json").json["classes"] == {"cat": 4, "dog": 4}


def test_what_cannot_be_used_leaves_nothing(run: Run, tmp_path: Path) -> None:
    project = tmp_path / "project"
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\3\4 no archive")
    outside = tmp_path / "outside.zip"
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../cat/0.png", encoded(photo()))
    loose = tmp_path / "loose.zip"
    with zipfile.ZipFile(loose, "w") as archive:
        archive.writestr("0.png", encoded(photo()))
    for each in (bad, outside, loose):
        done = run("new", project, "--template", "image-cnn", "--data", each)
        assert done.status == 1 and not project.exists()
        assert run("scan", each).status == int(each != loose)


def test_several_datasets_in_an_archive_are_named(run: Run, tmp_path: Path) -> None:
    for name in ("pets", "flowers"):
        for split in ("train", "test"):
            class_folders(tmp_path / "sets" / name / split)
    done = run("scan", packed(tmp_path / "sets", tmp_path / "sets.zip"))
    assert done.status == 1 and "sets/flowers, sets/pets" in done.err
