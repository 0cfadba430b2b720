"""Two windows on one project, and a file that others change, move or delete."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.document.edit_lock import EditLock
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.edits.project import SetData, SetName
from dlstudio.document.graph import node
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project, project_file, save_project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.ui.shell.project_bar import ProjectBar
from dlstudio.ui.shell.recovery import recoverable_projects

DENSE = AddNode(node("dense", "keras.layers.Dense", units=3))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "birds"
    save_project(Project(name="Birds"), folder)
    return folder


def bar(window) -> ProjectBar:
    return window.shell.content.findChild(ProjectBar)


def text(window) -> str:
    found = bar(window).bar
    return found.text if found is not None else ""


def press(window, name: str, qtbot: QtBot) -> None:
    until(lambda: name in bar(window).buttons and bar(window).buttons[name].isVisible())
    qtbot.mouseClick(bar(window).buttons[name], Qt.MouseButton.LeftButton)


def reported(window) -> list[str]:
    return [each.text for each in window.shell.notices.bars]


def test_a_second_window_shows_the_holder_and_is_read_only(
    make_window, folder: Path, qtbot: QtBot
) -> None:
    first, second = make_window(), make_window()
    first.shell.controller.open(folder)
    second.shell.controller.open(folder)
    assert text(first) == ""
    assert f"process {os.getpid()} on" in text(second)
    second.core.session.do(SetName("Mine"))
    assert not second.shell.controller.save()
    assert load_project(folder).name == "Birds"
    assert "read-only" in reported(second)[-1]
    second.core.session.save(folder.with_name("copy"))
    assert text(second) == "" and load_project(folder.with_name("copy")).name == "Mine"
    first.core.session.do(SetName("First"))
    assert first.shell.controller.save()


def test_the_second_window_takes_over_from_the_first(
    make_window, folder: Path, qtbot: QtBot
) -> None:
    first, second = make_window(), make_window()
    for window in (first, second):
        window.shell.controller.open(folder)
    press(second, "Take over", qtbot)
    assert text(second) == ""
    second.core.session.do(SetName("Second"))
    assert second.shell.controller.save()
    until(lambda: first.core.session.read_only)
    first.core.session.do(SetName("First"))
    assert not first.shell.controller.save()
    assert load_project(folder).name == "Second"
    until(lambda: set(bar(first).buttons) == {"Reload", "Save as…"})
    press(first, "Reload", qtbot)
    assert first.core.session.project.name == "Second"
    until(lambda: "taken over" in text(first))
    (kept,) = recoverable_projects(None, first.core.recovery)
    assert kept.project.name == "First", "its unsaved changes are stashed"
    second.close_unsaved()
    until(lambda: text(first) == "")
    assert not first.core.session.read_only


def test_it_can_be_saved_once_the_other_window_is_closed(
    make_window, folder: Path
) -> None:
    first, second = make_window(), make_window()
    for window in (first, second):
        window.shell.controller.open(folder)
    assert second.core.session.read_only
    first.shell.controller.empty()
    until(lambda: not second.core.session.read_only)
    assert text(second) == ""
    second.core.session.do(SetName("Second"))
    assert second.shell.controller.save()


def test_a_command_is_refused_while_a_window_has_it(make_window, folder: Path) -> None:
    window = make_window()
    window.shell.controller.open(folder)
    lock = EditLock(folder, "a fix")
    holder = lock.acquire()
    assert holder is not None and "a window, process" in holder.text()
    window.close_unsaved()
    assert lock.acquire() is None
    lock.release()


@pytest.mark.parametrize("way", ["in place", "by a rename", "as git does"])
def test_an_external_change_is_reported_at_once_and_reloaded(
    window, folder: Path, tmp_path: Path, qtbot: QtBot, way: str
) -> None:
    window.shell.controller.open(folder)
    window.shell.go("train")
    for name in ("Theirs", "Theirs again"):
        save_project(Project(name=name), tmp_path / "other")
        theirs = project_file(tmp_path / "other")
        file = project_file(folder)
        if way == "in place":
            file.write_bytes(theirs.read_bytes())
        elif way == "by a rename":
            theirs.replace(file)
        else:
            file.unlink()
            shutil.copy(theirs, file)
        until(lambda: "changed by another program" in text(window))
        press(window, "Reload", qtbot)
        assert window.core.session.project.name == name
        assert text(window) == "" and not window.core.session.unsaved
    assert window.shell.room_key() == "train", "the current room stays"


def test_a_save_overwrites_nothing_unless_confirmed(
    window, folder: Path, qtbot: QtBot
) -> None:
    controller, session = window.shell.controller, window.core.session
    controller.open(folder)
    session.do(SetName("Mine"))
    save_project(Project(name="Theirs"), folder)
    assert not controller.save(), "before the watcher noticed"
    assert load_project(folder).name == "Theirs"
    assert (
        "you have unsaved changes" in text(window)
        and "Not saved" in reported(window)[-1]
    )
    press(window, "Keep mine", qtbot)
    assert load_project(folder).name == "Theirs" and session.unsaved
    assert controller.save()
    assert load_project(folder).name == "Mine"
    assert text(window) == ""


def test_closing_does_not_overwrite_either(window, folder: Path) -> None:
    window.shell.controller.open(folder)
    window.core.session.do(SetName("Mine"))
    save_project(Project(name="Theirs"), folder)
    window._save_and_close()
    assert not window.is_closed
    assert load_project(folder).name == "Theirs"


def test_a_damaged_file_is_not_overwritten(window, folder: Path, qtbot: QtBot) -> None:
    window.shell.controller.open(folder)
    project_file(folder).write_text("<<<<<<< HEAD")
    until(lambda: text(window) != "")
    press(window, "Reload", qtbot)
    assert "cannot be opened" in reported(window)[-1]
    assert window.core.session.project.name == "Birds"
    press(window, "Keep mine", qtbot)
    assert not window.shell.controller.save()
    assert project_file(folder).read_text() == "<<<<<<< HEAD"


def test_a_deleted_file_is_rewritten_only_if_confirmed(
    window, folder: Path, qtbot: QtBot
) -> None:
    window.shell.controller.open(folder)
    window.core.session.do(SetName("Mine"))
    project_file(folder).unlink()
    until(lambda: "was deleted" in text(window))
    assert not window.shell.controller.save()
    assert not project_file(folder).exists()
    press(window, "Keep mine", qtbot)
    assert window.shell.controller.save()
    assert load_project(folder).name == "Mine"


def test_a_renamed_folder_is_followed(window, folder: Path) -> None:
    (folder / "runs").mkdir()
    window.shell.controller.open(folder)
    window.core.session.do(DENSE)
    renamed = folder.with_name("vögel")
    folder.rename(renamed)
    assert window.shell.controller.save() or window.shell.controller.save()
    until(lambda: window.core.session.folder == renamed)
    assert not folder.exists(), "no second folder was made"
    assert "dense" in load_project(renamed).model.nodes
    assert str(renamed) in window.core.settings.value.recent_projects[0]
    window.core.session.undo()
    assert "dense" not in window.core.session.project.model.nodes


def test_a_folder_moved_elsewhere_is_found_by_the_user(
    window, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window.shell.controller.open(folder)
    window.core.session.do(DENSE)
    moved = tmp_path / "far" / "birds"
    moved.parent.mkdir()
    folder.rename(moved)
    until(lambda: "no longer at" in text(window))
    assert not window.shell.controller.save()
    assert not folder.exists()
    assert set(bar(window).buttons) == {"Find folder…", "Save as…"}
    bar(window).file_actions.find(tmp_path)
    assert "is not a dlstudio project" in reported(window)[-1]
    bar(window).file_actions.find(moved)
    assert text(window) == ""
    assert window.shell.controller.save()
    assert "dense" in load_project(moved).model.nodes


def test_another_project_is_not_overwritten_by_save_as(
    window, folder: Path, tmp_path: Path
) -> None:
    save_project(Project(name="Cats"), tmp_path / "cats")
    window.shell.controller.open(folder)
    window.shell.controller._save_into(str(tmp_path / "cats"))
    assert load_project(tmp_path / "cats").name == "Cats"
    assert "already contains a project" in reported(window)[-1]
    assert window.core.session.folder == folder


def test_saved_in_another_folder_it_finds_its_data(
    window, folder: Path, tmp_path: Path
) -> None:
    window.shell.controller.open(folder)
    session = window.core.session
    source = Spec("dlstudio.sources.folder", FrozenMap({"path": "images"}))
    session.do(SetData("source", source))
    window.shell.controller._save_into(str(tmp_path / "copies" / "one"))
    saved = load_project(tmp_path / "copies" / "one")
    path = saved.data.source.params["path"]
    found = (tmp_path / "copies" / "one" / path).resolve()
    assert found == (folder / "images").resolve()
    assert session.folder == tmp_path / "copies" / "one" and not session.unsaved


def test_restored_work_does_not_overwrite_what_came_after_it(
    make_window, folder: Path
) -> None:
    window = make_window()
    window.shell.controller.open(folder)
    window.core.session.do(SetName("Mine"))
    window.shell.controller.empty()  # stashes it
    save_project(Project(name="Theirs"), folder)
    (kept,) = recoverable_projects(None, window.core.recovery)
    window.shell.controller.restore(kept)
    assert window.core.session.project.name == "Mine"
    assert "changed by another program" in text(window)
    assert not window.shell.controller.save()
    assert load_project(folder).name == "Theirs"
