"""Mouse gestures: select, move, connect, rubber band, pan, zoom, collapse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from canvas_world import ADD, CONV, DENSE, Hand, chain, design_graph
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from rooms import until

from dlstudio.document.analysis import Analysis, NodeReport, TensorInfo
from dlstudio.document.edits.groups import SetGroup
from dlstudio.document.graph import INPUT, Edge, Graph, Group, Node
from dlstudio.document.values import FrozenMap
from dlstudio.ui.model.canvas.editor import CanvasEditor

MakeHand = Callable[[Graph], Hand]
CTRL = Qt.KeyboardModifier.ControlModifier


def graph_now(hand: Hand) -> Graph:
    return hand.canvas.session.project.model


def past(hand: Hand) -> list[str]:
    return [step.name for step in hand.canvas.session.history.past]


def chosen(hand: Hand) -> tuple[str, ...]:
    return hand.canvas.context.selection.ids


def test_a_click_selects_and_emits_the_selection(hand: MakeHand) -> None:
    h = hand(design_graph())
    reported: list[tuple[str, ...]] = []
    h.canvas.selection_changed.connect(reported.append)
    h.click(0, 96)
    h.click(0, 192, CTRL)
    assert reported == [("conv_1",), ("conv_1", "pool_1")]
    assert "pool_1" in h.canvas.view.accessibleDescription()
    h.click(0, 192)
    assert chosen(h) == ("pool_1",)
    h.click(-300, 300)
    assert chosen(h) == ()
    assert past(h) == []


def test_dragging_a_node_is_one_step_on_the_grid(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, DENSE))
    h.drag((0, 96), (133, 155))
    x, y = graph_now(h).nodes["b"].position
    assert (x % 8, y % 8) == (0, 0)
    assert abs(x - 133) <= 8
    assert abs(y - 155) <= 8
    assert past(h) == ["Move"]
    wire = h.canvas.context.scene.edge_layer.items[Edge("a", "b")]
    assert wire.points[-1] == h.into("b")


def test_all_selected_nodes_move_together(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, DENSE))
    h.click(0, 0)
    h.click(0, 96, CTRL)
    h.drag((0, 96), (80, 96))
    places = {id: n.position for id, n in graph_now(h).nodes.items()}
    assert places == {"a": (80, 0), "b": (80, 96), "c": (0, 192)}
    assert len(past(h)) == 1


def test_escape_restores_dragged_nodes(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    h.press(0, 96)
    h.move(200, 200)
    assert h.canvas.context.scene.nodes["b"].x_at != 0
    h.key(Qt.Key.Key_Escape)
    h.release(200, 200)
    assert h.canvas.context.scene.nodes["b"].x_at == 0
    assert past(h) == []


def test_an_edge_is_drawn_from_output_to_node(hand: MakeHand) -> None:
    graph = replace(chain(INPUT, CONV, DENSE), edges=())
    h = hand(graph)
    h.drag(h.out_of("a"), (0, 100))
    assert graph_now(h).edges == (Edge("a", "b"),)
    h.drag(h.into("c"), (30, 100))  # backwards
    assert Edge("b", "c") in graph_now(h).edges
    assert past(h) == ["Connect", "Connect"]


def test_an_edge_prefers_a_layer_that_waits_for_an_input(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, DENSE)
    waiting = replace(graph.nodes["c"], position=(200.0, 288.0))
    full = replace(graph.nodes["b"], position=(0.0, 288.0))
    nodes = graph.with_nodes([full, waiting])
    h = hand(replace(nodes, edges=(Edge("a", "b"),)))
    start = h.out_of("a")
    scene = h.canvas.context.scene
    h.press(*start)
    x = scene.nodes["b"].box().right + 4  # nearer to the one that has its input
    h.move(x, 288)
    assert scene.nodes["c"].target == 1 and scene.nodes["b"].target == 0
    h.release(x, 288)
    assert set(graph_now(h).edges) == {Edge("a", "b"), Edge("a", "c")}


def test_a_cycle_is_refused_while_dragging(hand: MakeHand) -> None:
    h = hand(chain(CONV, CONV, CONV))
    start = h.out_of("c")
    h.press(*start)
    h.move(0, 0)
    bubble = h.canvas.hint_bubbles.bubble
    assert bubble.isVisible()
    assert "cycle" in bubble.text()
    assert h.canvas.context.scene.nodes["a"].target == -1
    h.release(0, 0)
    assert not bubble.isVisible()
    assert h.canvas.context.scene.nodes["a"].target == 0
    assert past(h) == []


def test_a_new_edge_replaces_the_one_at_a_single_input(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, DENSE)
    h = hand(graph)
    h.press(*h.out_of("a"))
    h.move(60, 192)
    assert "Replaces" in h.canvas.hint_bubbles.bubble.text()
    h.release(60, 192)
    assert set(graph_now(h).edges) == {Edge("a", "b"), Edge("a", "c")}
    assert past(h) == ["Connect"]


def test_an_edge_to_a_merging_layer_uses_the_next_port(hand: MakeHand) -> None:
    graph = design_graph()
    h = hand(graph)
    h.press(*h.out_of("pool_1"))
    h.move(112, 384)
    h.release(112, 384)
    assert Edge("pool_1", "merge", 0, 2) in graph_now(h).edges


def test_an_edge_can_be_detached_and_moved(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, DENSE))
    h.drag(h.into("c"), (-250, 150))
    assert graph_now(h).edges == (Edge("a", "b"),)
    h.canvas.session.undo()
    h.drag(h.into("b"), (0, 200))
    assert set(graph_now(h).edges) == {Edge("a", "c")}
    assert past(h) == ["Move connection"]


def test_an_edge_into_empty_space_offers_layers(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    h.drag(h.out_of("b"), (120, 257))
    popup = h.canvas.layer_chooser.popup
    assert popup is not None
    assert popup.isVisible()
    h.type("flatten")
    h.key(Qt.Key.Key_Return)
    made = graph_now(h).nodes["flatten_1"]
    assert made.position == (120, 256)
    assert Edge("b", "flatten_1") in graph_now(h).edges
    assert past(h) == ["Add Flatten"]
    assert chosen(h) == ("flatten_1",)


def test_a_band_selects_what_it_touches(hand: MakeHand) -> None:
    h = hand(design_graph())
    h.drag((-200, 60), (60, 210))
    assert set(chosen(h)) == {"conv_1", "pool_1"}
    h.press(-200, 60)
    h.move(60, 110)
    h.key(Qt.Key.Key_Escape)
    h.release(60, 110)
    assert chosen(h) == ()


def test_the_middle_button_and_space_pan(hand: MakeHand) -> None:
    h = hand(design_graph())
    before = h.at(0, 0)
    h.press(-250, 300, Qt.MouseButton.MiddleButton)
    h.move(-200, 330)
    h.release(-200, 330, Qt.MouseButton.MiddleButton)
    assert h.at(0, 0) != before
    assert chosen(h) == ()
    before = h.at(0, 0)
    QTest.keyPress(h.canvas.view, Qt.Key.Key_Space)
    h.drag((0, 96), (40, 96))
    QTest.keyRelease(h.canvas.view, Qt.Key.Key_Space)
    assert h.at(0, 0) != before
    assert past(h) == []


def turn_wheel(canvas: CanvasEditor, at: QPoint, angle: int) -> None:
    point = QPointF(at)
    event = QWheelEvent(
        point,
        QPointF(canvas.view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.view.viewport(), event)


def test_the_wheel_zooms_to_the_pointer(hand: MakeHand) -> None:
    h = hand(design_graph())
    view = h.canvas.view
    at = QPoint(300, 200)
    before, scale = view.mapToScene(at), view.current_scale
    turn_wheel(h.canvas, at, 240)
    after = view.mapToScene(at)
    assert view.current_scale > scale * 1.3
    assert abs(after.x() - before.x()) < 2
    assert abs(after.y() - before.y()) < 2
    for _turn in range(60):
        turn_wheel(h.canvas, at, -960)
    assert view.current_scale == pytest.approx(0.04)
    view._redraw()


def test_zooming_out_shows_the_overview(hand: MakeHand) -> None:
    h = hand(design_graph())
    scene = h.canvas.context.scene
    assert not scene.overview.isVisible()
    h.canvas.view.zoom_to(0.1)
    assert scene.overview.isVisible()
    assert h.canvas.grab().toImage().width() == 1100
    h.click(0, 96)
    assert chosen(h) == ("conv_1",)


def test_double_click_opens(hand: MakeHand) -> None:
    h = hand(design_graph())
    opened: list[str] = []
    h.canvas.opened.connect(opened.append)
    h.double_click(0, 96)
    assert opened == ["conv_1"]


def test_a_group_is_moved_by_its_header_and_collapses(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, CONV, DENSE))
    session = h.canvas.session
    session.do(SetGroup(Group("g", "body", ("b", "c"))), "Group")
    frame = h.canvas.context.scene.group_layer.frames["g"]
    header = frame.header().center()
    h.drag((header.x(), header.y()), (header.x() + 80, header.y()))
    assert chosen(h) == ("b", "c")
    assert graph_now(h).nodes["c"].position == (80, 192)
    chevron = h.canvas.context.scene.group_layer.frames["g"].chevron().center()
    h.click(chevron.x(), chevron.y())
    assert graph_now(h).groups[0].collapsed
    scene = h.canvas.context.scene
    assert not scene.nodes["b"].isVisible()
    box = scene.group_layer.collapsed["g"]
    assert scene.edge_layer.items[Edge("a", "b")].points[-1] == box.input_at(0)
    assert not scene.edge_layer.items[Edge("b", "c")].isVisible()
    h.double_click(box.x_at, box.y_at)
    assert not graph_now(h).groups[0].collapsed
    assert scene.nodes["b"].isVisible()
    assert past(h)[-2:] == ["Collapse group", "Expand group"]


def test_an_unconnected_node_dropped_on_an_edge_is_inserted(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV)
    loose = replace(graph.nodes["b"], id="loose", position=(300.0, 48.0))
    h = hand(graph.with_nodes([loose]))
    h.drag((300, 48), (0, 48))
    assert set(graph_now(h).edges) == {Edge("a", "loose"), Edge("loose", "b")}
    assert past(h) == ["Insert into connection"]


def test_clicking_an_edge_selects_it_and_delete_removes_it(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, ADD))
    h.click(0, 48)
    assert h.canvas.context.selection.edge == Edge("a", "b")
    h.key(Qt.Key.Key_Delete)
    assert graph_now(h).edges == (Edge("b", "c"),)
    assert past(h) == ["Remove connection"]


def test_dragging_to_the_border_scrolls_the_view(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    view = h.canvas.view
    h.press(0, 96)
    h.move(0, 120)
    before = view.center()
    QTest.mouseMove(view.viewport(), QPoint(view.width() - 4, 400))
    until(lambda: view.center()[0] > before[0])
    h.key(Qt.Key.Key_Escape)
    assert not view._autoscroll.active
    h.release(0, 120)
    assert past(h) == []


def test_an_edge_to_a_layer_of_another_shape_shows_a_warning(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV)
    lstm = Node("l", "keras.layers.LSTM", position=(300.0, 200.0))
    h = hand(graph.with_nodes([lstm]))
    reports = {"b": NodeReport(outputs=(TensorInfo((26, 26, 8)),))}
    h.canvas.set_analysis(Analysis(1, FrozenMap({"model": FrozenMap(reports)})))
    h.press(*h.out_of("b"))
    h.move(300, 200)
    text = h.canvas.hint_bubbles.bubble.text()
    assert text == "May not fit: LSTM expects 2 dimensions but gets 26×26×8."
    h.release(300, 200)
    assert Edge("b", "l") in graph_now(h).edges, "a warning, not a refusal"
