"""Data missing at opening or later: reported once and located."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from data_world import World
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.project import SetData
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.i18n import translator
from dlstudio.ui.forms.path_field import PathField
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.source_watcher import missing_source

LEFT = Qt.MouseButton.LeftButton
FOLDER = "dlstudio.sources.folder"


def error_state(room: Any) -> list[str]:
    """The buttons of the error page."""
    found = room.error_state.findChildren(QPushButton)
    return [each.text() for each in found if each.isVisible()]


def choose(room: Any, path: Path) -> None:
    """Answer the open dialog."""
    (dialog,) = (d for d in room.findChildren(QFileDialog) if d.isVisible())
    dialog.filesSelected.emit([str(path)])
    dialog.reject()


def test_a_missing_folder_is_reported_at_once_and_located(
    world: World, pets: Path, qtbot: QtBot
) -> None:
    room = world.open(pets)
    moved = pets.with_name("animals")
    pets.rename(moved)
    until(lambda: room.controller.state == "failed")
    assert room.pages.currentWidget() is room.error_state
    assert str(pets) in room.error_state.text
    assert room.controller.view is None, "none of its images is shown"
    assert world.reported == []
    with translator.speaking("zh_CN"):  # as if the window's language changed
        room.controller.retranslate()
    assert "数据" in str(room.controller.error)
    room.controller.retranslate()
    assert "data" in str(room.controller.error)
    until(lambda: error_state(room)[:1] == ["Find folder…"])
    (find,) = (
        each
        for each in room.error_state.findChildren(QPushButton)
        if each.isVisible() and each.text() == "Find folder…"
    )
    qtbot.mouseClick(find, LEFT)
    choose(room, moved)
    world.settle()
    assert world.session.project.data.source.params["path"] == moved.as_posix()
    assert len(room.controller.view.dataset) == 20
    world.session.undo()
    until(lambda: room.controller.state == "failed")
    moved.rename(pets)
    world.settle()
    assert len(room.controller.view.dataset) == 20, "it reappears automatically"


def test_data_missing_at_opening_is_reported_once(
    make_window: Callable[..., Any], tmp_path: Path, pets: Path, qtbot: QtBot
) -> None:
    gone = pets.with_name("gone")
    template = "dlstudio.templates.image-cnn"
    catalog = Catalog.load()
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import TemplateContext

    project = make_project(catalog[template], TemplateContext("Pets", classes=2))
    source = Spec(FOLDER, FrozenMap({"path": "../gone"}))
    save_project(SetData("source", source).apply(project), tmp_path / "project")
    window = make_window(ROOMS, with_catalog=catalog)
    window.shell.engine_status.begin()
    window.shell.controller.open(tmp_path / "project")
    status = window.shell.content.status.problems
    until(lambda: "1 problem" in status.text())
    assert window.shell.notices.bars == []
    window.shell.go("train")
    train = window.shell.room()
    train.train()
    assert train.trainings.state == "idle"
    assert len(window.shell.notices.bars) == 1
    assert f"no longer at {gone}." in str(missing_source(window.core.session))
    assert not window.core.activity.text
    texts = [each.text() for each in train.findChildren(QLabel) if each.isVisible()]
    assert not [text for text in texts if gone.name in text]
    window.shell.go("model")
    workspace = window.shell.room().workspace
    (find,) = (
        each
        for each in workspace.panels.problems.findChildren(QPushButton)
        if each.text() == "Find folder…"
    )
    qtbot.mouseClick(find, LEFT)
    assert window.shell.room_key() == "data"
    choose(window.shell.room(), pets)
    until(lambda: "data-missing" not in codes(window))
    path = window.core.session.project.data.source.params["path"]
    assert path == "../pets", "it disappears with the project"
    moved = pets.with_name("animals")
    pets.rename(moved)
    until(lambda: "data-missing" in codes(window))


def codes(window: Any) -> set[str]:
    """Codes of the problems that the engine reports for the project."""
    return {problem.code for problem in window.core.engine.last.problems}


def test_every_path_has_a_field_to_type_in_and_a_button(
    world: World, pets: Path, qtbot: QtBot
) -> None:
    room = world.open(pets)
    save_project(Project(name="Pets"), world.folder / "project")
    world.session.move(world.folder / "project")
    (field,) = room.panels.source.findChildren(PathField)
    other = pets.with_name("others")
    pets.rename(other)
    field.folder.trigger()
    (dialog,) = field.findChildren(QFileDialog)
    dialog.filesSelected.emit([str(other)])
    dialog.reject()
    until(lambda: world.session.project.data.source.params["path"] == "../others")
    line = field.findChild(QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, "/no/such, place")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    path = world.session.project.data.source.params["path"]
    assert path == "/no/such, place"
    assert field.browse.height() > 0 and field.rect().contains(
        field.browse.mapTo(field, QPoint(0, 0))
    )
