"""Nothing is opened for writing through a link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.safe_files import (
    Mode,
    lock_file,
    make_folder,
    open_file,
    refuse_links_in,
    remove_tree,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a right there")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "outside" / "victim.txt"
    path.parent.mkdir()
    path.write_text("precious")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    return made


@pytest.mark.parametrize("mode", ["update", "append", "new"])
def test_a_file_is_not_opened_through_a_link(
    project: Path, victim: Path, mode: Mode
) -> None:
    link = project / "file"
    link.symlink_to(victim)
    with pytest.raises(UserError, match="is a link"):
        open_file(link, project, mode)
    assert victim.read_text() == "precious"


def test_a_folder_that_is_a_link_is_not_entered(project: Path, victim: Path) -> None:
    (project / "runs").symlink_to(victim.parent, target_is_directory=True)
    for write in (
        lambda: open_file(project / "runs" / "a", project, "update"),
        lambda: make_folder(project / "runs" / "a", project),
        lambda: lock_file(project / "runs" / "lock", project),
        lambda: paths.write_text(project / "runs" / "a", "x", below=project),
        lambda: refuse_links_in(project, project),
    ):
        with pytest.raises(UserError, match="is a link"):
            write()
    assert list(victim.parent.iterdir()) == [victim]


def test_a_project_may_itself_be_reached_through_a_link(
    project: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(project, target_is_directory=True)
    with open_file(link / "file", link, "append") as stream:
        stream.write(b"x")
    assert (project / "file").read_bytes() == b"x"


def test_an_atomic_write_replaces_a_link(project: Path, victim: Path) -> None:
    link = project / "report.json"
    link.symlink_to(victim)
    paths.write_text(link, "mine", below=project)
    assert victim.read_text() == "precious" and link.read_text() == "mine"
    assert not link.is_symlink()


def test_a_file_with_another_name_is_copied_first(project: Path, victim: Path) -> None:
    try:
        os.link(victim, project / "file")
    except OSError:
        pytest.skip("this file system has no hard links")
    with open_file(project / "file", project, "append") as stream:
        stream.write(b" things")
    assert (project / "file").read_text() == "precious things"
    assert victim.read_text() == "precious"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_is_not_opened(project: Path) -> None:
    os.mkfifo(project / "events.jsonl")
    with pytest.raises(UserError, match="regular file"):
        open_file(project / "events.jsonl", project, "append")


def test_removing_a_link_keeps_what_it_leads_to(project: Path, victim: Path) -> None:
    link = project / "set"
    link.symlink_to(victim.parent, target_is_directory=True)
    remove_tree(link, project)
    assert not os.path.lexists(link) and victim.read_text() == "precious"
