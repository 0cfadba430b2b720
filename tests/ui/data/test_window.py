"""The Data room in the real window: drops, and preserved state."""

from __future__ import annotations

from pathlib import Path

from drag_and_drop import drop
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.document.analysis import Analysis
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.ui.data.room import DataRoom
from dlstudio.ui.shell.rooms import ROOMS


def data_room(window) -> DataRoom:
    window.shell.go("data")
    room = window.shell.room()
    assert isinstance(room, DataRoom)
    return room


def ready(room: DataRoom) -> bool:
    return room.controller.state == "ready" and not room.controller.busy


def test_images_dropped_on_the_room_become_the_projects_data(
    make_window, qtbot: QtBot, pets: Path
) -> None:
    window = make_window(ROOMS)
    room = data_room(window)
    drop(room.drop_target, pets)  # or anywhere in the room
    until(lambda: ready(room))
    assert window.shell.room_key() == "data"
    assert window.core.session.project.data.source.kind == "dlstudio.sources.folder"
    window.shell.set(language="zh_CN")
    again = window.shell.room()
    assert isinstance(again, DataRoom) and again is not room
    assert again.controller is room.controller
    assert len(again.gallery.grid.selection.rows) == 20
    until(lambda: ready(again))


def test_a_project_dropped_on_the_room_is_opened_by_the_window(
    make_window, tmp_path: Path
) -> None:
    window = make_window(ROOMS)
    room = data_room(window)
    save_project(Project(name="Birds"), tmp_path / "birds")
    drop(room, tmp_path / "birds")
    assert window.core.session.project.name == "Birds"


def test_the_windows_menu_works_in_the_room(
    make_window, qtbot: QtBot, pets: Path
) -> None:
    window = make_window(ROOMS)
    room = data_room(window)
    drop(room, pets)
    until(lambda: ready(room))
    by_id = window.shell.menus.actions_by_id
    by_id["edit.select_all", ""].trigger()
    assert room.gallery.grid.selection.count() == 20
    before = room.gallery.grid.image_size
    by_id["view.zoom_in", ""].trigger()
    assert room.gallery.grid.image_size > before
    by_id["view.zoom_out", ""].trigger()
    assert room.gallery.grid.image_size == before
    room.dataset_actions.exclude(room.gallery.chosen()[:3])
    by_id["edit.undo", ""].trigger()
    assert not window.core.session.project.data.leave_out
    until(lambda: ready(room))


def test_the_problem_of_no_data_offers_to_choose_a_folder(
    make_window, qtbot: QtBot, pets: Path
) -> None:
    window = make_window(ROOMS)
    window.shell.controller.empty()
    window.shell.go("model")
    problem = Problem("error", "no-data", "The project has no data yet.")
    revision = window.core.session.revision
    window.core.engine.analysed.emit(Analysis(revision, problems=(problem,)))
    (row,) = window.shell.room().workspace.panels.problems.rows
    (choose,) = row.findChildren(QPushButton)
    assert choose.text() == "Choose folder…"
    qtbot.mouseClick(choose, Qt.MouseButton.LeftButton)
    assert window.shell.room_key() == "data"
    (dialog,) = window.findChildren(QFileDialog, "ask-files")
    dialog.filesSelected.emit([str(pets)])
    dialog.close()
    until(lambda: ready(window.shell.room()))
    assert window.core.session.project.data.source.kind == "dlstudio.sources.folder"
