"""One window or command at a time saves a project; nothing is overwritten silently."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dlstudio.document.edit_lock import HOLDER, EditLock, edited_project
from dlstudio.document.edits.project import SetName
from dlstudio.document.project import Project
from dlstudio.document.project_file import (
    ProjectChanged,
    ProjectMissing,
    file_digest,
    read_project,
    replace_project,
)
from dlstudio.document.storage import load_project, project_file, save_project
from dlstudio.errors import UserError

HOLD = """
import sys
from pathlib import Path
from dlstudio.document.edit_lock import EditLock
lock = EditLock(Path(sys.argv[1]), "a window")
assert lock.acquire() is None
print("held", flush=True)
sys.stdin.readline()
print(lock.is_held(), flush=True)
sys.stdin.readline()
"""


@contextmanager
def other_process(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        yield process
        process.kill()


def test_a_second_process_gets_the_holder_and_a_killed_one_holds_nothing(
    tmp_path: Path,
) -> None:
    lock = EditLock(tmp_path, "a window")
    with other_process(tmp_path) as process:
        holder = lock.acquire()
        assert holder is not None and holder.pid == process.pid
        assert f"process {process.pid} on {holder.host}, since" in holder.text()
        assert not lock.is_held()
    assert lock.acquire() is None and lock.is_held()
    assert json.loads((tmp_path / HOLDER).read_text())["pid"] == os.getpid()
    lock.release()
    assert not (tmp_path / HOLDER).exists()


def test_a_holder_that_was_taken_over_no_longer_holds_it(tmp_path: Path) -> None:
    lock = EditLock(tmp_path, "a window")
    with other_process(tmp_path) as process:
        assert lock.acquire() is not None
        lock.take_over()
        assert lock.is_held()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
        assert process.stdout.readline().strip() == b"False"
        assert lock.is_held() and lock.is_secure
    lock.release()


def test_a_removed_or_damaged_note_takes_nothing_away(tmp_path: Path) -> None:
    lock, other = EditLock(tmp_path, "a window"), EditLock(tmp_path, "another")
    assert lock.acquire() is None
    for text in ("", "{", '{"pid": 1e999}', "[]", '{"since": NaN}'):
        (tmp_path / HOLDER).write_text(text)
        holder = other.acquire()
        assert holder is not None and holder.text() == ""
        assert lock.is_held()
    (tmp_path / HOLDER).unlink()
    assert lock.is_held()
    assert (tmp_path / HOLDER).exists()
    lock.release()


def test_a_command_does_not_save_what_a_window_holds(tmp_path: Path) -> None:
    save_project(Project(name="Birds"), tmp_path)
    window = EditLock(tmp_path, "a window")
    window.acquire()
    with (
        pytest.raises(UserError, match="a window, process"),
        edited_project(tmp_path, "a fix"),
    ):
        pytest.fail("it was opened")
    window.release()
    with edited_project(tmp_path, "a fix") as (project, save):
        save(SetName("Cats").apply(project))
        save(SetName("Dogs").apply(project))
        assert window.acquire() is not None
    assert load_project(tmp_path).name == "Dogs"
    assert window.acquire() is None
    window.release()


def test_a_command_does_not_overwrite_what_was_changed_meanwhile(
    tmp_path: Path,
) -> None:
    save_project(Project(name="Birds"), tmp_path)
    with edited_project(tmp_path, "a fix") as (project, save):
        save_project(Project(name="Theirs"), tmp_path)
        with pytest.raises(ProjectChanged, match=r"project\.json was changed"):
            save(SetName("Mine").apply(project))
    assert load_project(tmp_path).name == "Theirs"


def test_a_digest_is_of_the_file_that_was_written(tmp_path: Path) -> None:
    project = Project(name="数字")
    digest = replace_project(project, tmp_path, "")
    assert digest == file_digest(tmp_path)
    assert read_project(tmp_path) == (project, digest)


def test_a_file_that_appeared_or_went_is_not_overwritten(tmp_path: Path) -> None:
    save_project(Project(name="Theirs"), tmp_path)
    with pytest.raises(ProjectChanged):
        replace_project(Project(name="Mine"), tmp_path, "")
    _project, digest = read_project(tmp_path)
    project_file(tmp_path).unlink()
    with pytest.raises(ProjectMissing):
        replace_project(Project(name="Mine"), tmp_path, digest)
    tmp_path.rename(tmp_path.with_name("elsewhere"))
    with pytest.raises(ProjectMissing):
        replace_project(Project(name="Mine"), tmp_path, digest)
    assert not tmp_path.exists()
