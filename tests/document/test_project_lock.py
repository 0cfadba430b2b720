from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dlstudio.document.project_lock import HOLDER, LOCK, ProjectLock
from dlstudio.errors import UserError

HOLD = """
import sys, time
from pathlib import Path
from dlstudio.document.project_lock import ProjectLock
with ProjectLock(Path(sys.argv[1]), "training"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_gets_the_holder_of_the_project(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        with pytest.raises(UserError, match=f"training, process {process.pid}"):
            ProjectLock(tmp_path, "editing").__enter__()
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    # After the kill, the note is left behind, but the system released the lock.
    assert (tmp_path / HOLDER).exists()
    with ProjectLock(tmp_path, "editing"):
        assert str(os.getpid()) in (tmp_path / HOLDER).read_text()
    assert not (tmp_path / HOLDER).exists()


def test_a_damaged_note_still_gives_a_message(tmp_path: Path) -> None:
    with ProjectLock(tmp_path, "training"):
        (tmp_path / HOLDER).write_text("{")
        with pytest.raises(UserError, match="Another dlstudio"):
            ProjectLock(tmp_path, "editing").__enter__()


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.write_text("a file, not a folder")
    with pytest.raises(UserError, match="gone"):
        ProjectLock(gone, "editing").__enter__()
    assert not (tmp_path / LOCK).exists()
