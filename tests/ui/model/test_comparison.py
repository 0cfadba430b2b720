"""Comparing the model with that of another project, on the canvas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from model_world import World, convolutional, layer, shown, world_in
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from rooms import settle, until

from dlstudio.document.edits.edges import InsertOnEdge
from dlstudio.document.edits.nodes import RemoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Edge
from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json, save_project
from dlstudio.engine.runs.store import RunStore
from dlstudio.ui.model.room import ModelRoom


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "settings") as made:
        made.open(*convolutional())
        yield made


@pytest.fixture
def room(world: World) -> Iterator[ModelRoom]:
    with shown(lambda: ModelRoom(world.studio), 1280, 720) as made:
        yield made


def other(project: Project) -> Project:
    """With a layer more, one less and other filters."""
    project = SetParam("conv", "filters", 4).apply(project)
    project = RemoveNodes(("pool",), True).apply(project)
    drop = layer("drop", "Dropout", rate=0.5)
    return InsertOnEdge(drop, Edge("flat", "head")).apply(project)


def test_another_project_is_chosen_and_compared(
    world: World, room: ModelRoom, tmp_path: Path
) -> None:
    save_project(other(world.session.project), tmp_path / "theirs")
    room.workspace.canvas.toolbar.buttons["canvas.compare"].click()
    menu = room.workspace.canvas.findChild(QMenu, "compare-with")
    assert [each.text() for each in menu.actions()] == ["Another project…"]
    menu.actions()[0].trigger()
    menu.close()
    dialog = room.workspace.canvas.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "theirs"))
    dialog.reject()
    bar = room.workspace.comparison.bar
    until(bar.isVisible)
    assert [each.text() for each in bar.counts] == ["Added 1", "Changed 3", "Removed 1"]
    scene = room.workspace.canvas.context.scene
    marks = {id: item.difference for id, item in scene.nodes.items()}
    assert marks == {
        "image": "",
        "conv": "changed",
        "pool": "added",
        "flat": "changed",  # it comes after another layer
        "head": "changed",
    }
    assert [ghost.name for ghost in scene.difference_layer.ghosts.values()] == ["drop"]
    assert "filters 4 → 8" in bar.text.text()
    room.grab()  # paints all of it
    assert bar.title.text() == "Compared with Ours"
    world.session.do(SetParam("conv", "filters", 4))
    assert scene.nodes["conv"].difference == ""
    assert bar.counts[1].text() == "Changed 2"
    bar.closed.emit()
    settle()
    assert not bar.isVisible() and not scene.difference_layer.ghosts
    assert not any(item.difference for item in scene.nodes.values())


def test_a_run_is_compared_until_another_project_is_opened(
    world: World, tmp_path: Path
) -> None:
    project = world.session.project
    save_project(project, tmp_path / "ours")
    save_project(project, tmp_path / "theirs")
    RunStore(tmp_path / "ours").create(project_to_json(other(project)), seed=0)
    world.session.open(tmp_path / "ours")
    with shown(lambda: ModelRoom(world.studio), 1280, 720) as room:
        comparison = room.workspace.comparison
        menu = comparison.open_menu(room.rect().center())
        until(lambda: menu.actions()[0].text() == "Run 1")
        menu.actions()[0].trigger()
        menu.close()
        until(comparison.bar.isVisible)
        comparison.open_menu(room.rect().center())  # and the theme changes meanwhile
    world.studio.services.run_monitor.changed.emit()
    with shown(lambda: ModelRoom(world.studio), 1280, 720) as again:
        bar = again.workspace.comparison.bar
        assert bar.isVisible(), "as after a change of the theme"
        assert bar.title.text() == "Compared with run 1"
        assert bar.counts[0].text() == "Added 1"
        assert again.workspace.canvas.context.scene.nodes["pool"].difference == "added"
        world.session.open(tmp_path / "theirs")
        assert not bar.isVisible()
        assert not again.workspace.canvas.context.scene.difference_layer.ghosts
