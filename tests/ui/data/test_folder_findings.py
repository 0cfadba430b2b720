"""Ambiguous folders are reported as findings, and resolved by a click."""

from __future__ import annotations

from pathlib import Path

from data_world import World
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from rooms import until
from small_images import class_folders

from dlstudio.ui.widgets.folder_dialog import FolderDialog

Left = Qt.MouseButton.LeftButton


def test_a_finding_is_fixed_and_can_be_undone(world: World, tmp_path: Path) -> None:
    for name in ("a", "b"):
        class_folders(tmp_path / "sets" / name, count=3)
    room = world.open(tmp_path / "sets")
    group = room.panels.findings.groups["folder-layout"]
    assert "“cat”, “dog”" in group.messages.text() and group.messages.isVisible()
    _outer, inner, _splits = group.fixes.buttons
    assert "“cat”, “dog”" in inner.accessibleName()
    QTest.mouseClick(inner, Left)
    world.settle()
    assert room.controller.dataset is not None
    assert room.controller.dataset.classes == ("cat", "dog")
    assert "folder-layout" not in room.panels.findings.groups
    world.session.undo()
    world.settle()
    group = room.panels.findings.groups["folder-layout"]
    QTest.mouseClick(group.fixes.buttons[2], Left)
    world.settle()
    data = world.session.project.data
    assert data.split.mode == "folders"
    assert room.controller.dataset.has_splits and room.controller.dataset.classes == (
        "cat",
        "dog",
    )


def test_another_folder_is_opened_like_a_drop(world: World, tmp_path: Path) -> None:
    class_folders(tmp_path / "all" / "pets")
    class_folders(tmp_path / "all" / "flowers", ["rose", "tulip"])
    room = world.open(tmp_path / "all")
    group = room.panels.findings.groups["folder-layout"]
    QTest.mouseClick(group.fixes.buttons[1], Left)
    world.settle()
    assert room.controller.dataset is not None
    assert room.controller.dataset.classes == ("cat", "dog")
    assert str(world.session.project.data.source.params["path"]).endswith("all/pets")


def test_a_folder_above_datasets_opens_a_choice(world: World, tmp_path: Path) -> None:
    for name in ("pets", "flowers"):
        for split in ("train", "test"):
            class_folders(tmp_path / "sets" / name / split)
    room = world.room
    room.take_files([tmp_path / "sets"])
    until(lambda: bool(room.findChildren(FolderDialog)))
    (dialog,) = room.findChildren(FolderDialog)
    names = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert names == ["flowers", "pets"] and not world.reported
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    QTest.mouseClick(dialog.use, Left)
    world.settle()
    assert str(world.session.project.data.source.params["path"]).endswith("sets/pets")
    assert room.controller.dataset is not None and room.controller.dataset.has_splits


def test_segmentation_masks_are_rejected_with_the_reason(
    world: World, tmp_path: Path
) -> None:
    class_folders(tmp_path / "scenes", ["images", "masks"])
    world.room.take_files([tmp_path / "scenes"])
    until(lambda: bool(world.reported))
    assert "segmentation" in world.reported[0] and world.room.controller.dataset is None


def test_a_split_taken_from_training_is_reported(world: World, tmp_path: Path) -> None:
    for name in ("train", "val"):
        class_folders(tmp_path / "pets" / name, count=10)
    room = world.open(tmp_path / "pets")
    room.panels.tabs.setCurrentIndex(1)
    assert "no test split" in room.panels.split.notes.text()
    assert room.panels.split.notes.isVisible()
