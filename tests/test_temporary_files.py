"""Leftovers of killed writers are recognized by name and removed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dlstudio import paths, temporary_files
from dlstudio.document.storage import is_free

KILLED = """
import os, signal, sys
from pathlib import Path
from dlstudio import paths, temporary_files

def die(*_paths):
    os.kill(os.getpid(), signal.SIGKILL)

os.replace = die
target = Path(sys.argv[1])
temporary_files.temporary_folder(target / "data")
paths.write_text(target / "project.json", "{}")
"""

needs_kill = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def killed(folder: Path) -> list[Path]:
    """The leftover of a process that was killed before replacing its target."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], timeout=60)
    assert done.returncode == -signal.SIGKILL
    return sorted(folder.iterdir())


@needs_kill
def test_a_folder_with_nothing_but_leftovers_is_free(tmp_path: Path) -> None:
    left = killed(tmp_path)
    assert len(left) == 2 and all(map(temporary_files.is_stale, left))
    assert is_free(tmp_path)
    assert not any(tmp_path.iterdir())


@needs_kill
def test_the_next_writer_removes_them_and_nothing_else(tmp_path: Path) -> None:
    killed(tmp_path)
    own = tmp_path / ".settings.colour"
    own.write_text("mine")
    paths.write_text(tmp_path / "notes.txt", "x")
    assert {each.name for each in tmp_path.iterdir()} == {own.name, "notes.txt"}


def test_what_a_living_process_writes_is_left_alone(tmp_path: Path) -> None:
    handle, path = temporary_files.temporary_file(tmp_path / "project.json")
    os.close(handle)
    assert not temporary_files.is_stale(path)
    temporary_files.remove_stale(tmp_path)
    assert path.exists() and not is_free(tmp_path)


def test_files_of_the_first_version_are_known_once_they_are_old(tmp_path: Path) -> None:
    path = tmp_path / ".project.json.a1b2c3d4"
    path.write_text("{")
    assert not temporary_files.is_stale(path), "it may be written just now"
    os.utime(path, (0, 0))
    assert temporary_files.is_stale(path)


def test_a_folder_with_a_file_of_the_users_is_not_free(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    assert is_free(tmp_path)
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"x")
    assert not is_free(tmp_path)
    assert not is_free(tmp_path / "photos" / "cat.jpg")
