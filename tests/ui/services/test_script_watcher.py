"""The script beside a project: saving it in an editor changes the canvas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from model_world import World, world_in
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.storage import save_project
from dlstudio.ui.services.script_watcher import ScriptWatcher


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A saved project of a small model, open in a window's services."""
    with world_in(tmp_path / "settings") as made:
        graph = Graph.chain(
            [
                node("x", INPUT, shape=[4]),
                node("hidden", "keras.layers.Dense", units=3),
                node("head", "keras.layers.Dense", units=2),
            ]
        )
        folder = tmp_path / "project"
        save_project(Project("Ours").with_graph(MODEL, graph), folder)
        made.session.open(folder)
        yield made


@pytest.fixture
def watcher(
    world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> ScriptWatcher:
    """A watcher whose script was written and opened in an editor."""
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile())
    )
    made = world.studio.services.script_watcher
    made.edit()
    qtbot.waitUntil(lambda: bool(opened))
    assert made.path is not None and opened == [made.path.as_posix()]
    return made


def save(watcher: ScriptWatcher, qtbot: QtBot, old: str, new: str) -> None:
    """Replace a text in the script, as an editor saves it, and wait for its effect."""
    assert watcher.path is not None
    text = watcher.path.read_text("utf-8")
    assert old in text
    with qtbot.waitSignal(watcher.read):
        watcher.path.write_text(text.replace(old, new), "utf-8")


def test_saving_is_one_edit_that_can_be_undone(
    world: World, watcher: ScriptWatcher, qtbot: QtBot
) -> None:
    before = world.session.project
    save(watcher, qtbot, "units=3", "units=12")
    assert world.node("hidden").params["units"] == 12
    assert world.steps == ["Edit the script"]
    assert world.reported[-1] == ("model.py: “hidden” (Dense): units 3 → 12.", "good")
    world.session.undo()
    assert world.session.project == before


def test_what_is_not_understood_is_a_notice_with_its_line(
    world: World, watcher: ScriptWatcher, qtbot: QtBot
) -> None:
    before = world.session.project
    save(watcher, qtbot, "units=3", "units=size")
    text, kind = world.reported[-1]
    assert kind == "bad" and "model.py: Line 9: Dense, units has no known" in text
    assert world.session.project == before
    save(watcher, qtbot, "units=size", "units=5")
    assert world.node("hidden").params["units"] == 5


def test_an_edit_that_is_not_read_is_said(
    world: World, watcher: ScriptWatcher, qtbot: QtBot
) -> None:
    before = world.session.project
    save(watcher, qtbot, "model.compile(", "model.compile(jit_compile=False, ")
    text, kind = world.reported[-1]
    assert kind == "info" and "“jit_compile” is not read" in text
    assert world.session.project == before


def test_a_script_that_lacks_what_the_canvas_has_changes_nothing(
    world: World, watcher: ScriptWatcher, qtbot: QtBot
) -> None:
    world.session.do(SetParam("head", "units", 7))
    before = world.session.project
    save(watcher, qtbot, "units=3", "units=12")
    text, kind = world.reported[-1]
    assert kind == "bad" and "lacks what was changed on the canvas" in text
    assert world.session.project == before
    watcher.edit()  # written anew
    assert watcher.path is not None
    path = watcher.path
    qtbot.waitUntil(lambda: "units=7" in path.read_text("utf-8"))
    qtbot.waitUntil(lambda: world.reported[-1][1] == "info")
    save(watcher, qtbot, "units=3", "units=12")
    assert world.node("hidden").params["units"] == 12
    assert world.node("head").params["units"] == 7
