"""Augmentation: layers of the model, and their effect on an image."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from data_world import World
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.ui.data.preprocessing_chain import find_chain
from dlstudio.workers.dataset_opener import recognise

CATALOG = Catalog.load()
Alt = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def catalog() -> Catalog:
    return CATALOG


def kinds(world: World) -> list[str]:
    graph = world.session.project.model
    chain = find_chain(graph, CATALOG)
    return [graph.nodes[id].kind.rpartition(".")[2] for id in chain.augmentation]


def test_layers_are_added_ordered_and_tuned(world: World, pets: Path) -> None:
    room = world.open(pets)
    assert room.bar.model.isVisible()
    room.bar.model.click()
    until(lambda: bool(world.session.project.model.nodes))
    assert room.bar.model.isHidden()
    panel = room.panels.augment
    room.panels.tabs.setCurrentIndex(2)
    assert kinds(world) == ["RandomFlip"]
    panel.add_layer(CATALOG["keras.layers.RandomRotation"])
    assert kinds(world) == ["RandomFlip", "RandomRotation"]
    assert panel.list.currentRow() == 1
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Up, Alt)
    assert kinds(world) == ["RandomRotation", "RandomFlip"]
    assert "random_rotation" in world.session.history.undo_name
    panel.form.edited.emit("factor", 0.1)
    (rotation,) = (
        n for n in world.session.project.model.nodes.values() if "Rot" in n.kind
    )
    assert rotation.params["factor"] == 0.1
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert kinds(world) == ["RandomFlip"]
    world.session.undo()
    assert kinds(world) == ["RandomRotation", "RandomFlip"]
    assert "TensorFlow" in panel.preview.note.text()
    world.settle()


def test_the_menu_offers_every_augmentation_layer(world: World) -> None:
    menu = world.room.panels.augment.add.menu()
    titles = [action.text() for action in menu.actions()]
    assert titles[0] == "RandomFlip" and titles[-1] == "More"


class FakeContext:
    def should_stop(self) -> bool:
        return False

    def report(self, _event: object) -> None:
        return None


def test_the_preview_matches_training(pets: Path) -> None:
    from dlstudio.document.graph import Graph, node
    from dlstudio.workers.augmentation_preview import augment

    graph = Graph.chain(
        [
            node("image", "keras.layers.InputLayer", shape=(28, 40, 3)),
            node("scale", "keras.layers.Rescaling", scale=1 / 127.5, offset=-1),
            node("flip", "keras.layers.RandomFlip", mode="horizontal", seed=3),
            node("head", "keras.layers.Flatten"),
        ]
    )
    dataset = recognise(FakeContext(), CATALOG, [pets], None)
    line = find_chain(graph, CATALOG).line
    preview = augment(FakeContext(), None, CATALOG, graph, line, dataset, 3, 16)
    assert preview.plain.shape == (28, 40, 3) and len(preview.made) == 16
    mirrored = preview.plain[:, ::-1]
    as_is = [
        np.abs(each.astype(int) - preview.plain).max() <= 1 for each in preview.made
    ]
    tab_changed = [
        np.abs(each.astype(int) - mirrored).max() <= 1 for each in preview.made
    ]
    assert any(as_is) and any(tab_changed)
    assert all(a or b for a, b in zip(as_is, tab_changed, strict=True))
