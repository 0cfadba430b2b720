"""`train --set plan.process=child`: training in a child process."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from digits_world import digits_project as digits

from dlstudio.document.storage import save_project
from dlstudio.engine.subprocess_training import process
from tests.cli.conftest import Run

CHILD = "--set=plan.process=child"


@pytest.mark.slow
def test_a_training_in_another_process_shows_the_same(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    save_project(digits(), folder)
    done = run("train", folder, CHILD, "--json")
    assert done.status == 0, done.err
    kinds = [line["event"] for line in done.lines]
    assert kinds[0] == "RunStarted" and kinds[-1] == "RunEnded"
    (record,) = folder.glob("runs/*/run.json")
    written = json.loads(record.read_text("utf-8"))
    assert written["outcome"] == "succeeded"
    assert written["platform"]["pid"] != os.getpid()
    assert written["project"]["plan"]["process"] == "child"
    assert not (folder / ".lock.json").exists(), "the lock was given back"


def test_what_the_process_refuses_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a second training: `tests/workers` shows that it is refused."""
    answer = json.dumps({"refused": ["It is locked by a test.", "Wait."]})
    code = f"import sys; sys.stdin.readline(); print({answer!r})"
    monkeypatch.setattr(process, "CODE", code)
    folder = tmp_path / "digits"
    save_project(digits(), folder)
    done = run("train", folder, CHILD)
    assert done.status == 1
    assert "It is locked by a test." in done.err and "Wait." in done.err


def test_no_other_way_is_known(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    save_project(digits(), folder)
    done = run("train", folder, "--set=plan.process=elsewhere")
    assert done.status == 1
    assert all(word in done.err for word in ("elsewhere", "thread", "child"))
