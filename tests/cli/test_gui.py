"""`gui`: the window in a subprocess, or a message why it cannot be opened."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from dlstudio.cli import gui
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.errors import UserError
from tests.cli.conftest import Run


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would be started, on a machine with all requirements."""
    commands: list[list[str]] = []

    def call(command: list[str]) -> int:
        commands.append(command)
        return 3 if "--lang" in command else 0

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setenv("DISPLAY", ":5")
    return commands


def test_the_window_is_another_process(run: Run, called: list[list[str]]) -> None:
    assert run("gui").status == 0
    assert called == [[sys.executable, "-m", "dlstudio.app"]]


def test_a_project_is_opened_in_it(
    run: Run, called: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_project(Project(name="Birds"), tmp_path / "birds")
    monkeypatch.chdir(tmp_path)
    assert run("gui", "birds", "--json").json == {"status": 0}
    assert called[0][3:] == [str(tmp_path / "birds")]


def test_a_model_is_imported_in_it(
    run: Run, called: list[list[str]], tmp_path: Path
) -> None:
    (tmp_path / "Pets.KERAS").write_bytes(b"whatever: the window reads it")
    assert run("gui", tmp_path / "Pets.KERAS").status == 0
    assert called[0][3:] == [str(tmp_path / "Pets.KERAS")]
    assert run("gui", tmp_path / "gone.keras").status == 1


def test_a_saved_model_is_imported_in_it(
    run: Run, called: list[list[str]], tmp_path: Path
) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"whatever: the window reads it")
    assert run("gui", tmp_path).status == 0
    assert called[0][3:] == [str(tmp_path)]


def test_a_converted_model_is_viewed_in_it(
    run: Run, called: list[list[str]], tmp_path: Path
) -> None:
    (tmp_path / "pets.tflite").write_bytes(b"whatever: the window reads it")
    assert run("gui", tmp_path / "pets.tflite").status == 0
    assert called[0][3:] == [str(tmp_path / "pets.tflite")]


def test_language_and_status_are_handed_on(run: Run, called: list[list[str]]) -> None:
    assert run("gui", "--lang", "zh_CN").status == 3
    assert called[0][3:] == ["--lang", "zh_CN"]


def test_what_is_no_project_is_reported_without_a_window(
    run: Run, called: list[list[str]], tmp_path: Path
) -> None:
    done = run("gui", tmp_path / "nowhere")
    assert done.status == 1
    assert "is not a dlstudio project" in done.err
    assert called == []


def test_without_qt_the_error_says_how_to_install_it(
    run: Run, called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: name if name != "PySide6" else None
    )
    done = run("gui", "--json")
    assert done.status == 1
    assert done.json["error"]["message"] == (
        "The window needs PySide6, which is not installed."
    )
    assert "dlstudio[gui]" in done.json["error"]["hint"]
    assert called == []


def test_a_missing_screen_is_reported(called: list[list[str]]) -> None:
    for platform in ("win32", "darwin"):
        gui.refuse_where_none_can_open(platform, {})
    gui.refuse_where_none_can_open("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    with pytest.raises(UserError, match="No display"):
        gui.refuse_where_none_can_open("linux", {"DISPLAY": ""})
