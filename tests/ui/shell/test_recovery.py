"""Unsaved work is autosaved, offered for recovery, and deleted once it is saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.edits.project import SetName
from dlstudio.document.graph import node
from dlstudio.document.project import Project
from dlstudio.ui.shell import recovery
from dlstudio.ui.shell.recovery import (
    new_recovery_path,
    recoverable_projects,
    save_recovery,
)
from dlstudio.ui.widgets.notice_bar import NoticeBar

DENSE = AddNode(node("dense", "keras.layers.Dense", units=3))


def autosaves(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def test_autosaved_after_a_change_and_deleted_when_saved(window, qtbot: QtBot) -> None:
    folder = window.core.recovery
    window.shell.autosave.set_seconds(0)
    window.core.session.do(DENSE)
    until(lambda: len(autosaves(folder)) == 1)
    assert recoverable_projects(None, folder) == (), "it belongs to a running window"
    item = json.loads(autosaves(folder)[0].read_text("utf-8"))
    assert "dense" in item["project"]["graphs"]["model"]["nodes"]
    assert window.shell.controller.save()
    until(lambda: not autosaves(folder))


def test_autosaved_again_after_more_changes(window, qtbot: QtBot) -> None:
    folder = window.core.recovery
    window.shell.autosave.set_seconds(0)
    window.core.session.do(DENSE)
    until(lambda: len(autosaves(folder)) == 1)
    settle()
    window.core.session.do(SetName("later"))
    until(lambda: "later" in autosaves(folder)[0].read_text("utf-8"))


def test_no_autosave_after_a_normal_exit(make_window, qtbot: QtBot) -> None:
    window = make_window()
    window.shell.autosave.set_seconds(0)
    window.core.session.do(DENSE)
    until(lambda: len(autosaves(window.core.recovery)) == 1)
    settle()
    window.close_unsaved()
    assert not list(window.core.recovery.iterdir())


def leave(folder: Path, name: str = "Birds") -> Path:
    path = new_recovery_path(folder)
    project = DENSE.apply(Project(name=name))
    save_recovery(None, path, project, folder.parent / "birds")
    return path


def bar_of(window, qtbot: QtBot) -> NoticeBar:
    start = window.shell.room()
    until(lambda: start.recovery.count() > 0)
    return start.recovery.itemAt(0).widget()


def press(bar: NoticeBar, text: str, qtbot: QtBot) -> None:
    (button,) = (b for b in bar.findChildren(QPushButton) if b.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_recovered_work_is_offered_and_restored(
    make_window, tmp_path: Path, qtbot: QtBot
) -> None:
    path = leave(tmp_path / "recovery")
    window = make_window()
    bar = bar_of(window, qtbot)
    assert "“Birds”" in bar.text
    press(bar, "Restore", qtbot)
    session = window.core.session
    assert "dense" in session.project.model.nodes
    assert session.folder == tmp_path / "birds"
    assert session.unsaved
    assert window.shell.room_key() == "model"
    settle()
    assert not path.exists()
    assert len(autosaves(window.core.recovery)) == 1, "autosaved by this window"


def test_recovered_work_is_discarded(make_window, tmp_path: Path, qtbot: QtBot) -> None:
    path = leave(tmp_path / "recovery")
    window = make_window()
    press(bar_of(window, qtbot), "Discard", qtbot)
    settle()
    assert not path.exists()
    assert window.core.session.project == Project()


def test_damaged_autosaves_are_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "recovery"
    good = leave(folder)
    (folder / "1.json").write_text("{")
    (folder / "2.json").write_text('{"time": 1, "folder": "", "project": {}}')
    (folder / "3.json").write_text("[1, 2]")
    found = recoverable_projects(None, folder)
    assert [each.path for each in found] == [good]


def test_opening_another_project_keeps_unsaved_work(window, qtbot: QtBot) -> None:
    window.core.session.do(SetName("Half done"))
    window.shell.controller.empty()
    assert "Half done" in window.shell.notices.bars[-1].text
    (found,) = recoverable_projects(None, window.core.recovery)
    assert found.project.name == "Half done"
    assert window.core.session.project.name == "Untitled"


def test_full_disk_is_reported_once(window, qtbot: QtBot, monkeypatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recovery, "save_recovery", full)
    window.shell.autosave.set_seconds(0)
    window.core.session.do(DENSE)
    until(lambda: len(window.shell.notices.bars) == 1)
    window.core.session.do(SetName("more"))
    settle()
    assert len(window.shell.notices.bars) == 1
    assert "Save often" in window.shell.notices.bars[0].text


@pytest.mark.parametrize("folder", [None, Path("somewhere")])
def test_an_autosave_restores_the_project(tmp_path: Path, folder: Path | None) -> None:
    project = DENSE.apply(Project(name="数字"))
    save_recovery(None, tmp_path / "1.json", project, folder)
    (found,) = recoverable_projects(None, tmp_path)
    assert (found.project, found.folder) == (project, folder)
