"""Questions about folders are asked in the findings, and answered by a click."""

from __future__ import annotations

from pathlib import Path

from data_world import World
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from some_pictures import class_folders

Left = Qt.MouseButton.LeftButton


def test_a_question_is_answered_and_can_be_undone(world: World, tmp_path: Path) -> None:
    for name in ("a", "b"):
        class_folders(tmp_path / "sets" / name, count=3)
    room = world.open(tmp_path / "sets")
    group = room.panels.findings.groups["folder-layout"]
    assert "“cat”, “dog”" in group.messages.text() and group.messages.isVisible()
    _outer, inner, _splits = group.answers.buttons
    assert "“cat”, “dog”" in inner.accessibleName()
    QTest.mouseClick(inner, Left)
    world.settle()
    assert room.desk.dataset is not None
    assert room.desk.dataset.classes == ("cat", "dog")
    assert "folder-layout" not in room.panels.findings.groups
    world.session.undo()
    world.settle()
    group = room.panels.findings.groups["folder-layout"]
    QTest.mouseClick(group.answers.buttons[2], Left)
    world.settle()
    data = world.session.project.data
    assert data.split.mode == "folders"
    assert room.desk.dataset.has_splits and room.desk.dataset.classes == ("cat", "dog")


def test_another_folder_is_opened_as_if_it_were_dropped(
    world: World, tmp_path: Path
) -> None:
    class_folders(tmp_path / "all" / "pets")
    class_folders(tmp_path / "all" / "flowers", ["rose", "tulip"])
    room = world.open(tmp_path / "all")
    group = room.panels.findings.groups["folder-layout"]
    QTest.mouseClick(group.answers.buttons[1], Left)
    world.settle()
    assert room.desk.dataset is not None
    assert room.desk.dataset.classes == ("cat", "dog")
    assert str(world.session.project.data.source.params["path"]).endswith("all/pets")
