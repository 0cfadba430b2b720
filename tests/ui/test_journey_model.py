"""A network with two convolutions from an empty project: by mouse, and by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from rooms import until
from studio_hands import CTRL, Keyboard, Mouse, Sight

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph
from dlstudio.document.storage import load_project
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.start.recent_card import RecentCard

# Warnings of the offscreen platform about popups have no meaning.
popups = pytest.mark.qt_log_ignore(
    "propagateSizeHints|not support raise|grabbing the (keyboard|mouse)"
)
LAYERS = "keras.layers."
Key = Qt.Key
# On the edges; an output that feeds both branches appears once.
SHAPES = [
    "28×28×1", "26×26×32", "13×13×32", "13×13×64", "13×13×64", "13×13×64", "10816",
]  # fmt: skip


@pytest.fixture(scope="module")
def whole_catalog() -> Catalog:
    return Catalog.load()


@pytest.mark.slow
@popups
def test_a_network_is_built_fixed_undone_and_saved_by_mouse_alone(
    make_window, whole_catalog: Catalog, qtbot: QtBot
) -> None:
    window = make_window(ROOMS, with_catalog=whole_catalog)
    window.shell.engine_status.begin()  # building works while TensorFlow is loading
    mouse = Mouse(window, qtbot)
    mouse.click(window.shell.room().cards["empty"])
    assert window.shell.room_key() == "model"
    begun = mouse.session.project

    mouse.double_click_layer(INPUT)
    mouse.type_into("Shape", "28, 28, 1")
    first = mouse.double_click_layer(LAYERS + "Conv2D").id
    mouse.type_into("Filters", "32")
    mouse.choose("Activation", "relu")
    second = mouse.double_click_layer(LAYERS + "Conv2D").id
    mouse.type_into("Filters", "64")
    mouse.choose("Activation", "relu")
    pool = mouse.drag_layer(LAYERS + "MaxPooling2D", *mouse.middle(first, second)).id
    mouse.click(mouse.canvas.toolbar.buttons["view.zoom_fit"])
    x, y = mouse.graph.nodes[second].position
    shortcut = mouse.pull_layer(pool, x + 220, y - 32, LAYERS + "Conv2D").id
    mouse.type_into("Filters", "64")
    mouse.type_into("Kernel size 1", "1")
    mouse.type_into("Kernel size 2", "1")
    below = mouse.canvas.context.scene.nodes[second].output_at(0)
    merge = mouse.drag_layer(LAYERS + "Add", *below).id
    mouse.draw_edge(shortcut, merge, 1)
    assert [x.source for x in mouse.graph.into(merge)] == [second, shortcut]

    mouse.look()
    (card,) = [each for each in mouse.canvas.problems.cards if each.node == merge]
    cure = next(
        each for each in card.findChildren(QPushButton) if "same" in each.text()
    )
    assert mouse.errors() == ["shape-mismatch"]
    mouse.click(cure)
    mouse.look()
    assert "shape-mismatch" not in mouse.errors()
    assert mouse.graph.nodes[second].params["padding"] == "same"

    mouse.click_node(merge)
    mouse.double_click_layer(LAYERS + "Flatten")
    mouse.double_click_layer(LAYERS + "Dense")
    mouse.type_into("Units", "10")
    mouse.choose("Activation", "softmax")
    check_expected_model(mouse)

    built = mouse.session.project
    undo, redo = (
        mouse.canvas.toolbar.buttons[each] for each in ("edit.undo", "edit.redo")
    )
    while undo.isEnabled():
        mouse.click(undo)
    assert mouse.session.project == begun
    while redo.isEnabled():
        mouse.click(redo)
    assert mouse.session.project == built
    mouse.click_menu("File", "Save")
    folder = saved_in(mouse)

    window.close()
    assert window.is_closed
    again = make_window(ROOMS, with_catalog=whole_catalog)
    mouse = Mouse(again, qtbot)
    mouse.click(recent(again, qtbot))
    assert mouse.session.folder == folder
    assert mouse.session.project == built


@pytest.mark.slow
@popups
def test_a_network_is_built_fixed_undone_and_saved_by_keyboard_alone(
    make_window, whole_catalog: Catalog, qtbot: QtBot
) -> None:
    window = make_window(ROOMS, with_catalog=whole_catalog)
    window.shell.engine_status.begin()
    keys = Keyboard(window, qtbot)
    keys.tab_to("Empty")
    keys.press(Key.Key_Return)
    assert window.shell.room_key() == "model"
    begun = keys.session.project

    keys.add("input")
    keys.fill(Shape="28, 28, 1")
    keys.add("conv2d")
    keys.fill(Filters="32", Activation="relu")
    pool = keys.add("max pooling").id
    second = keys.add("conv2d").id
    keys.fill(Filters="64", Activation="relu")
    # A second branch: added below, then connected to the pooling layer.
    shortcut = keys.add("conv2d").id
    keys.fill(**{"Filters": "64", "Kernel size 1": "1", "Kernel size 2": "1"})
    keys.go_to(pool)
    connect_to(keys, shortcut)
    merge = keys.add("add").id
    keys.go_to(second)
    connect_to(keys, merge)
    assert {x.source for x in keys.graph.into(merge)} == {second, shortcut}

    keys.look()
    assert keys.errors() == ["shape-mismatch"]
    keys.press(Key.Key_F8)
    keys.problem_row(merge)
    for _step in range(20):
        focused = keys.focused()
        if isinstance(focused, QPushButton) and "same" in focused.text():
            break
        keys.press(Key.Key_Tab)
    keys.press(Key.Key_Space)
    keys.look()
    assert "shape-mismatch" not in keys.errors()
    keys.press(Key.Key_Escape)

    keys.go_to(merge)
    keys.add("flatten")
    keys.add("dense")
    keys.fill(Units="10", Activation="softmax")
    keys.press(Key.Key_A, CTRL | Qt.KeyboardModifier.ShiftModifier)  # tidy up
    check_expected_model(keys)

    built, steps = keys.session.project, len(keys.session.history.past)
    for _step in range(steps):
        keys.press(Key.Key_Z, CTRL)
    assert keys.session.project == begun
    for _step in range(steps):
        keys.press(Key.Key_Y, CTRL)
    assert keys.session.project == built
    keys.press(Key.Key_S, CTRL)
    folder = saved_in(keys)

    keys.press(Key.Key_Q, CTRL)
    assert window.is_closed
    again = make_window(ROOMS, with_catalog=whole_catalog)
    keys = Keyboard(again, qtbot)
    keys.tab_to(recent(again, qtbot).accessibleName())
    keys.press(Key.Key_Return)
    assert keys.session.folder == folder
    assert keys.session.project == built


def connect_to(keys: Keyboard, target: str) -> None:
    """Connect the selected layer to a target, chosen with the arrows."""
    keys.press(Key.Key_C)
    for _step in range(len(keys.graph.nodes)):
        if keys.canvas.context.scene.nodes[target].target == 1:
            break
        keys.press(Key.Key_Down)
    keys.press(Key.Key_Return)
    assert keys.node().id == target


def check_expected_model(sight: Sight) -> None:
    """Expect two convolutions and an addition, shapes on every edge, no errors."""
    sight.look()
    assert sight.errors() == []
    assert sorted(sight.shapes()) == sorted(SHAPES)
    kinds = [node.kind.rpartition(".")[2] for node in sight.graph.nodes.values()]
    assert sorted(kinds) == [
        "Add", "Conv2D", "Conv2D", "Conv2D", "Dense", "Flatten", "InputLayer",
        "MaxPooling2D",
    ]  # fmt: skip
    last = sight.graph.nodes[sight.graph.output_ids()[0]]
    assert (last.params["units"], last.params["activation"]) == (10, "softmax")
    figures = sight.window.shell.content.status.model_size.full_text()
    assert "129,098 parameters" in figures


def saved_in(sight: Sight) -> Path:
    """Save; returns the folder after checking that it contains the model."""
    folder = sight.session.folder
    assert folder is not None
    assert not sight.session.unsaved
    saved: Graph = load_project(folder).model
    assert saved == sight.graph
    return folder


def recent(window: object, qtbot: QtBot) -> RecentCard:
    """The card of the saved project in the Start room of a new window."""
    start = window.shell.room()

    def cards() -> list[RecentCard]:
        return [each for each in start.findChildren(RecentCard) if each.isVisible()]

    until(lambda: len(cards()) == 1)
    return cards()[0]
