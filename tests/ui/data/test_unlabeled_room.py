"""The Data room with images that have no classes."""

from __future__ import annotations

import shutil
from pathlib import Path

from data_world import World
from drag_and_drop import drop
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from rooms import until
from small_images import class_folders

from dlstudio.document.plan import LABEL
from dlstudio.document.project import reconstructs_images

Left = Qt.MouseButton.LeftButton


def loose(folder: Path, pets: Path) -> Path:
    """The images of all classes in one folder."""
    folder.mkdir()
    for number, path in enumerate(sorted(pets.rglob("*.png"))):
        shutil.copy(path, folder / f"{number:02}.png")
    return folder


def test_loose_images_are_shown_without_classes(
    world: World, pets: Path, tmp_path: Path
) -> None:
    room = world.room
    drop(room, loose(tmp_path / "loose", pets))
    world.settle()
    facts = room.bar.facts.full_text()
    assert (
        "20 images" in facts and "without classes" in facts and "0 class" not in facts
    )
    charts = room.charts
    assert charts.classes.isHidden() and charts.unlabeled.isVisible()
    assert "no classes" in charts.unlabeled.text.text()
    assert "autoencoder" in charts.unlabeled.hint.text()
    assert room.gallery.cell_content(3).label == "03.png"
    assert room.gallery.tooltip(3).splitlines()[1] in ("Training", "Validation", "Test")
    view = room.controller.view
    assert view is not None and {"unlabeled", "duplicate"} == set(view.findings)
    assert room.panels.split.stratify.isHidden()
    table = room.panels.split.table
    assert table.rowCount() == 1
    cells = [table.item(0, column).text() for column in range(4)]
    assert sum(map(int, cells[1:])) == 20


def test_one_click_makes_an_autoencoder(
    world: World, pets: Path, tmp_path: Path
) -> None:
    room = world.open(loose(tmp_path / "loose", pets))
    QTest.mouseClick(room.charts.unlabeled.use, Left)
    project = world.session.project
    until(lambda: reconstructs_images(world.session.project))
    assert not project.model.nodes and world.session.project.model.nodes
    assert room.charts.unlabeled.use.isHidden()
    assert "needs none" in room.charts.unlabeled.hint.text()
    until(lambda: set(room.controller.view.findings) == {"duplicate"})
    assert "20 images" in room.next_step.what.text()
    assert "class" not in room.next_step.what.text()
    assert "autoencoder" in world.reported[-1]
    world.session.undo()
    assert not world.session.project.model.nodes


def test_a_model_for_classes_is_not_said_to_be_ready(
    world: World, pets: Path, tmp_path: Path
) -> None:
    room = world.open(pets)
    room.bar.model_requested.emit()
    until(lambda: bool(world.session.project.model.nodes))
    until(lambda: not room.next_step.isHidden())
    world.open(loose(tmp_path / "loose", pets))
    assert room.next_step.isHidden() and room.charts.unlabeled.use.isVisible()


def test_labels_given_by_hand_become_classes(
    world: World, pets: Path, tmp_path: Path
) -> None:
    room = world.open(loose(tmp_path / "loose", pets))
    ids = room.controller.dataset.ids
    room.dataset_actions.relabel(ids[:5], "cat")
    room.dataset_actions.relabel(ids[5:12], "dog")
    world.settle()
    charts = room.charts
    assert charts.classes.names() == ("cat", "dog") and charts.classes.isVisible()
    assert "8 images have no class" in charts.unlabeled.text.text()
    assert charts.unlabeled.use.isHidden()
    assert room.gallery.cell_content(0).label == "cat"
    assert room.gallery.cell_content(19).label == "no label"
    until(lambda: room.controller.view.dataset_split.counts.shape == (3, 3))
    assert room.controller.view.counts() == {"cat": 5, "dog": 7}
    assert "2 classes" in room.bar.facts.full_text()
    table = room.panels.split.table
    last = [table.item(3, column).text() for column in range(4)]
    assert last[0] == "no label" and sum(map(int, last[1:])) == 8
    world.session.undo()
    world.session.undo()
    assert not world.session.project.data.changed_values(LABEL)
    until(lambda: charts.classes.isHidden())


def test_several_images_are_dropped_at_once(
    world: World, pets: Path, tmp_path: Path
) -> None:
    paths = sorted(loose(tmp_path / "loose", pets).iterdir())
    room = world.room
    drop(room, *paths[:6])
    world.settle()
    assert len(room.controller.dataset) == 6
    assert len(world.session.project.data.source.params["files"]) == 6


def test_classes_appear_once_the_images_are_in_folders(
    world: World, pets: Path, tmp_path: Path
) -> None:
    folder = loose(tmp_path / "loose", pets)
    room = world.open(folder)
    assert room.charts.classes.isHidden()
    for path in folder.iterdir():
        path.unlink()
    class_folders(folder, ("a", "b", "c"))
    room.bar.reload_requested.emit()
    world.settle()
    until(lambda: room.charts.classes.names() == ("a", "b", "c"))
    assert room.charts.unlabeled.isHidden()
