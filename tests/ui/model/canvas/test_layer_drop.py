"""Drag and drop of layers from the palette onto the canvas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from canvas_world import CONV, DENSE, LAYERS, Hand, chain, design_graph
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, qVersion
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from dlstudio.document.graph import INPUT, Edge, Graph, Group

MakeHand = Callable[[Graph], Hand]
COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
# Since Qt 6.12, drag events take floating-point positions.
POINT = QPointF if tuple(map(int, qVersion().split("."))) >= (6, 12) else QPoint
NONE = Qt.KeyboardModifier.NoModifier


class Drag:
    """A layer dragged over the canvas."""

    def __init__(self, hand: Hand, kind: str) -> None:
        self.hand = hand
        self.data = QMimeData()
        self.data.setData("application/x-dlstudio-layer", kind.encode())

    def enter(self, x: float, y: float) -> bool:
        at = POINT(self.hand.at(x, y))
        event = QDragEnterEvent(at, COPY, self.data, LEFT, NONE)
        QApplication.sendEvent(self.hand.viewport, event)
        return event.isAccepted()

    def over(self, x: float, y: float) -> bool:
        at = POINT(self.hand.at(x, y))
        event = QDragMoveEvent(at, COPY, self.data, LEFT, NONE)
        QApplication.sendEvent(self.hand.viewport, event)
        return event.isAccepted()

    def drop(self, x: float, y: float) -> None:
        at = QPointF(self.hand.at(x, y))
        event = QDropEvent(at, COPY, self.data, LEFT, NONE, QEvent.Type.Drop)
        QApplication.sendEvent(self.hand.viewport, event)

    def leave(self) -> None:
        QApplication.sendEvent(self.hand.viewport, QDragLeaveEvent())


def graph_now(hand: Hand) -> Graph:
    return hand.canvas.session.project.model


def past(hand: Hand) -> list[str]:
    return [step.name for step in hand.canvas.session.history.past]


def test_a_layer_dropped_on_empty_space_is_unconnected(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    drag = Drag(h, DENSE)
    assert drag.enter(-200, 200)
    assert drag.over(-200, 200)
    drag.drop(-200, 200)
    made = graph_now(h).nodes["dense_1"]
    assert abs(made.position[0] + 200) <= 8
    assert graph_now(h).edges == (Edge("a", "b"),)
    assert past(h) == ["Add Dense"]


def test_a_layer_dropped_on_an_edge_is_inserted(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, DENSE))
    drag = Drag(h, LAYERS + "Dropout")
    drag.enter(-200, 200)
    drag.over(2, 144)
    assert h.canvas.context.scene.edge_layer.items[Edge("b", "c")].hovered
    assert h.canvas.hint_bubbles.bubble.text() == "Insert between “b” and “c”"
    drag.drop(2, 144)
    graph = graph_now(h)
    assert set(graph.edges) == {
        Edge("a", "b"), Edge("b", "dropout_1"), Edge("dropout_1", "c")
    }  # fmt: skip
    assert graph.nodes["dropout_1"].position == (0, 192)
    assert graph.nodes["c"].position == (0, 288)
    assert not h.canvas.hint_bubbles.bubble.isVisible()
    assert past(h) == ["Add Dropout"]


def test_a_layer_dropped_on_an_output_port_follows_it(hand: MakeHand) -> None:
    h = hand(design_graph())
    drag = Drag(h, LAYERS + "Dropout")
    drag.enter(-200, 200)
    drag.over(*h.out_of("head"))
    assert "after “head”" in h.canvas.hint_bubbles.bubble.text()
    drag.drop(*h.out_of("head"))
    assert Edge("head", "dropout_1") in graph_now(h).edges
    assert h.canvas.context.selection.ids == ("dropout_1",)


def test_a_layer_dropped_on_an_input_port_precedes_it(hand: MakeHand) -> None:
    h = hand(Graph.chain(list(chain(CONV, CONV).nodes.values())[:1]))
    drag = Drag(h, INPUT)
    drag.enter(-200, 200)
    drag.over(*h.into("a"))
    assert "before “a”" in h.canvas.hint_bubbles.bubble.text()
    drag.drop(*h.into("a"))
    assert graph_now(h).edges == (Edge("input_1", "a"),)


def test_an_input_cannot_follow_anything(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    drag = Drag(h, INPUT)
    drag.enter(-200, 200)
    drag.over(2, 48)
    assert "takes no input" in h.canvas.hint_bubbles.bubble.text()
    drag.leave()
    assert not h.canvas.hint_bubbles.bubble.isVisible()
    drag.enter(-200, 200)
    drag.over(10, 105)
    assert h.canvas.context.scene.nodes["b"].target == -1
    drag.leave()
    assert h.canvas.context.scene.nodes["b"].target == 0
    assert past(h) == []


def test_drags_without_a_layer_are_ignored(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    assert not Drag(h, "keras.layers.Nonsense").enter(0, 0)
    files = Drag(h, DENSE)
    files.data = QMimeData()
    files.data.setText("a file")
    assert not files.enter(0, 0)
    assert past(h) == []


def collapsed(hand: MakeHand, *nodes: str) -> Hand:
    """Show a chain of four with some nodes in a collapsed group "g"."""
    graph = chain(INPUT, CONV, CONV, DENSE)
    if "c" not in nodes:
        aside = replace(graph.nodes["c"], position=(-240.0, 192.0))
        graph = graph.with_nodes([aside])
    return hand(replace(graph, groups=(Group("g", "Body", nodes, collapsed=True),)))


def test_dropping_on_the_lower_half_of_a_collapsed_group_follows_it(
    hand: MakeHand,
) -> None:
    h = collapsed(hand, "b", "c")
    box = h.canvas.context.scene.group_layer.collapsed["g"]
    drag = Drag(h, CONV)
    drag.enter(400, 400)
    drag.over(box.x_at + 40, box.y_at + 10)
    assert box.target == 1
    drag.drop(box.x_at + 40, box.y_at + 10)
    (added,) = h.canvas.context.selection.ids
    assert Edge("c", added) in h.canvas.context.graph.edges
    assert box.target == 0


def test_dropping_on_the_upper_half_of_a_collapsed_group_feeds_it(
    hand: MakeHand,
) -> None:
    h = collapsed(hand, "b", "c")
    box = h.canvas.context.scene.group_layer.collapsed["g"]
    drag = Drag(h, CONV)
    drag.enter(400, 400)
    drag.drop(box.x_at + 40, box.y_at - 10)
    (added,) = h.canvas.context.selection.ids
    assert {Edge("a", added), Edge(added, "b")} <= set(h.canvas.context.graph.edges)


def test_dropping_on_a_collapsed_group_with_several_ports_needs_a_port(
    hand: MakeHand,
) -> None:
    h = collapsed(hand, "b", "d")
    box = h.canvas.context.scene.group_layer.collapsed["g"]
    drag = Drag(h, DENSE)
    drag.enter(400, 400)
    drag.over(box.x_at + 60, box.y_at + 8)
    assert box.target == -1, "both b and d are outputs"
    drag.drop(*box.output_at(1))
    (added,) = h.canvas.context.selection.ids
    assert Edge("d", added) in h.canvas.context.graph.edges
