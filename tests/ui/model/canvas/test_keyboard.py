"""Build a model only by keyboard."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from canvas_world import CONV, DENSE, Hand, chain, design_analysis, design_graph
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from dlstudio.document.graph import INPUT, Edge, Graph

MakeHand = Callable[[Graph], Hand]
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key


def graph_now(hand: Hand) -> Graph:
    return hand.canvas.session.project.model


def past(hand: Hand) -> list[str]:
    return [step.name for step in hand.canvas.session.history.past]


def chosen(hand: Hand) -> tuple[str, ...]:
    return hand.canvas.context.selection.ids


def choose(hand: Hand, text: str) -> None:
    hand.key(KEY.Key_A)
    hand.type(text)
    hand.key(KEY.Key_Return)


def test_a_small_network_is_built_and_undone_by_keyboard(hand: MakeHand) -> None:
    h = hand(Graph())
    for layer in ("input", "conv2d", "maxpooling2d", "flatten", "dense"):
        choose(h, layer)
    kinds = [n.kind.rpartition(".")[2] for n in graph_now(h).nodes.values()]
    assert kinds == ["InputLayer", "Conv2D", "MaxPooling2D", "Flatten", "Dense"]
    ids = list(graph_now(h).nodes)
    assert list(graph_now(h).edges) == [Edge(a, b) for a, b in itertools.pairwise(ids)]
    places = [n.position for n in graph_now(h).nodes.values()]
    assert len({x for x, _y in places}) == 1
    assert all(b[1] - a[1] == 96 for a, b in itertools.pairwise(places))
    assert len(past(h)) == 5
    for _step in range(5):
        h.key(KEY.Key_Z, CTRL)
    assert graph_now(h) == Graph()
    h.key(KEY.Key_Z, CTRL | SHIFT)
    assert len(graph_now(h).nodes) == 1


def test_arrows_follow_edges_then_space(hand: MakeHand) -> None:
    h = hand(design_graph())
    steps = [
        (KEY.Key_Down, "image"),
        (KEY.Key_Down, "conv_1"),
        (KEY.Key_Down, "pool_1"),
        (KEY.Key_Down, "conv_2"),
        (KEY.Key_Right, "shortcut"),
        (KEY.Key_Left, "conv_2"),
        (KEY.Key_Down, "merge"),
        (KEY.Key_Up, "conv_2"),
    ]
    for key, expected in steps:
        h.key(key)
        assert chosen(h) == (expected,)


def test_adding_inside_a_chain_makes_room(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, DENSE))
    h.canvas.select(["b"])
    choose(h, "flatten")
    graph = graph_now(h)
    assert set(graph.edges) == {
        Edge("a", "b"), Edge("b", "flatten_1"), Edge("flatten_1", "c")
    }  # fmt: skip
    assert graph.nodes["flatten_1"].position == (0, 192)
    assert graph.nodes["c"].position == (0, 288)
    assert past(h) == ["Add Flatten"]


def test_delete_joins_the_neighbours_and_selects_one(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, CONV, DENSE))
    h.canvas.select(["c"])
    h.key(KEY.Key_Delete)
    assert set(graph_now(h).edges) == {Edge("a", "b"), Edge("b", "d")}
    assert chosen(h) == ("b",)
    assert past(h) == ["Delete 1 layer"]


def test_connecting_by_keyboard(hand: MakeHand) -> None:
    h = hand(design_graph())
    h.canvas.select(["pool_1"])
    h.key(KEY.Key_C)
    assert h.canvas.keys.connecting
    bubble = h.canvas.hint_bubbles.bubble
    assert bubble.isVisible()
    for _step in range(4):
        h.key(KEY.Key_Down)
    assert h.canvas.context.scene.nodes["head"].target == 1
    h.key(KEY.Key_Up)
    assert h.canvas.context.scene.nodes["merge"].target == 1
    h.key(KEY.Key_Return)
    assert Edge("pool_1", "merge", 0, 2) in graph_now(h).edges
    assert not h.canvas.keys.connecting
    assert not bubble.isVisible()
    assert past(h) == ["Connect"]


def test_connecting_begins_with_what_waits_for_an_input(hand: MakeHand) -> None:
    graph = design_graph()
    edges = tuple(x for x in graph.edges if x != Edge("shortcut", "merge", 0, 1))
    h = hand(replace(graph, edges=edges))
    h.canvas.select(["conv_1"])
    h.key(KEY.Key_C)
    h.key(KEY.Key_Return)
    assert graph_now(h).into("merge")[1] == Edge("conv_1", "merge", 0, 1)


def test_connecting_refuses_a_cycle_and_escape_cancels(hand: MakeHand) -> None:
    h = hand(chain(CONV, CONV, CONV))
    h.canvas.select(["c"])
    h.key(KEY.Key_C)
    assert h.canvas.context.scene.nodes["b"].target == -1
    h.key(KEY.Key_Return)
    assert h.canvas.keys.connecting
    assert "cycle" in h.canvas.hint_bubbles.bubble.text()
    h.key(KEY.Key_Escape)
    assert not h.canvas.keys.connecting
    assert past(h) == []
    assert h.canvas.context.scene.nodes["b"].target == 0


def test_nudging_moves_the_selected_nodes(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    h.canvas.select(["b"])
    h.key(KEY.Key_Right, ALT)
    h.key(KEY.Key_Down, ALT)
    assert graph_now(h).nodes["b"].position == (8, 104)
    assert past(h) == ["Move", "Move"]


def test_copy_paste_cut_duplicate(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, DENSE))
    h.canvas.select(["b", "c"])
    h.key(KEY.Key_C, CTRL)
    assert "dlstudio-layers" in QGuiApplication.clipboard().text()
    h.key(KEY.Key_V, CTRL)
    assert len(graph_now(h).nodes) == 5
    assert Edge(*chosen(h)) in graph_now(h).edges
    h.key(KEY.Key_D, CTRL)
    assert len(graph_now(h).nodes) == 7
    places = [n.position for n in graph_now(h).nodes.values()]
    assert len(set(places)) == 7
    h.key(KEY.Key_X, CTRL)
    assert len(graph_now(h).nodes) == 5
    assert past(h) == [
        "Paste 2 layers", "Duplicate 2 layers", "Cut 2 layers"
    ]  # fmt: skip


def test_pasting_something_else_is_reported(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    reported: list[str] = []
    h.canvas.context.studio.notices.reported.connect(
        lambda text, *_rest: reported.append(text)
    )
    QGuiApplication.clipboard().setText("a shopping list")
    h.key(KEY.Key_V, CTRL)
    assert reported == [
        "There are no layers to paste. Copy some layers on a canvas first."
    ]
    assert past(h) == []


def test_grouping_collapsing_ungrouping(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, DENSE))
    h.canvas.select(["b", "c"])
    h.key(KEY.Key_G, CTRL)
    assert graph_now(h).groups[0].nodes == ("b", "c")
    h.key(KEY.Key_E, CTRL)
    assert graph_now(h).groups[0].collapsed
    h.canvas.show_node("c")
    assert not graph_now(h).groups[0].collapsed
    h.key(KEY.Key_G, CTRL | SHIFT)
    assert graph_now(h).groups == ()


def test_arrows_treat_a_collapsed_group_as_one_node(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, CONV, DENSE))
    h.canvas.select(["b", "c"])
    h.key(KEY.Key_G, CTRL)
    h.key(KEY.Key_E, CTRL)
    h.canvas.select(["a"])
    h.key(KEY.Key_Down)
    assert chosen(h) == ("b", "c")
    h.key(KEY.Key_Down)
    assert chosen(h) == ("d",)
    h.key(KEY.Key_Up)
    h.key(KEY.Key_F2)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "body")
    QTest.keyClick(field, KEY.Key_Return)
    assert graph_now(h).groups[0].name == "body"
    assert h.canvas.context.scene.group_layer.collapsed["group_1"].card.name == "body"


def test_renaming_in_place(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    h.canvas.select(["b"])
    h.key(KEY.Key_F2)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "stem")
    QTest.keyClick(field, KEY.Key_Return)
    assert graph_now(h).nodes["b"].name == "stem"
    assert h.canvas.context.scene.nodes["b"].card.name == "stem"
    assert past(h) == ["Rename"]
    assert h.canvas.view.hasFocus()


def test_finding_steps_through_the_results(hand: MakeHand) -> None:
    h = hand(design_graph())
    h.key(KEY.Key_F, CTRL)
    find_bar = h.canvas.find_bar
    assert find_bar.isVisible()
    QTest.keyClicks(find_bar.field, "conv2d")
    assert chosen(h) == ("conv_1",)
    assert find_bar.count.text() == "1 of 3"
    QTest.keyClick(find_bar.field, KEY.Key_Return)
    assert chosen(h) == ("conv_2",)
    QTest.keyClick(find_bar.field, KEY.Key_Return, SHIFT)
    assert chosen(h) == ("conv_1",)
    right = find_bar.geometry().right()
    QTest.keyClicks(find_bar.field, "zzz")
    assert find_bar.count.text() == "No results"
    assert find_bar.count.width() >= find_bar.count.sizeHint().width()
    assert find_bar.geometry().right() == right
    QTest.keyClick(find_bar.field, KEY.Key_Escape)
    assert not find_bar.isVisible()
    assert h.canvas.view.hasFocus()


def test_found_layers_are_listed_by_shape_and_size(hand: MakeHand) -> None:
    h = hand(design_graph())
    h.canvas.set_analysis(design_analysis())
    h.key(KEY.Key_F, CTRL)
    find_bar = h.canvas.find_bar
    hits = find_bar.list
    assert find_bar.example.isVisible() and not hits.isVisible()
    QTest.keyClicks(find_bar.field, "13×13 >2k")
    assert not find_bar.example.isVisible()
    assert [hits.item(i).text() for i in range(hits.count())] == ["shortcut"]
    assert chosen(h) == ("shortcut",)
    find_bar.field.clear()
    assert not hits.isVisible()
    QTest.keyClicks(find_bar.field, "(None, 13")
    names = [hits.item(i).text() for i in range(hits.count())]
    assert names == ["pool_1", "shortcut"]
    box = hits.visualItemRect(hits.item(1))
    QTest.mouseClick(hits.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert chosen(h) == ("shortcut",)
    assert find_bar.count.text() == "2 of 2"
    card = h.canvas.view.card_rect("shortcut")
    assert not card.intersects(find_bar.geometry())
    assert h.canvas.rect().contains(card)
    QTest.keyClick(find_bar.field, KEY.Key_Up)
    assert chosen(h) == ("pool_1",)
    QTest.keyClick(find_bar.field, KEY.Key_Escape)
    assert not find_bar.isVisible()
    assert chosen(h) == ("pool_1",)


def test_two_selected_nodes_feed_a_new_merge(hand: MakeHand) -> None:
    h = hand(design_graph())
    h.canvas.select(["conv_1", "shortcut"])
    h.canvas.add("keras.layers.Concatenate")
    edges = {(x.source, x.target_port) for x in graph_now(h).into("concatenate_1")}
    assert edges == {("conv_1", 0), ("shortcut", 1)}
    assert past(h) == ["Add Concatenate"]


def test_select_all_align_and_distribute(hand: MakeHand) -> None:
    h = hand(design_graph())
    h.key(KEY.Key_A, CTRL)
    assert len(chosen(h)) == 7
    h.canvas.run("canvas.align_center")
    assert len({n.position[0] for n in graph_now(h).nodes.values()}) == 1
    h.canvas.run("canvas.arrange")
    xs = {id: n.position[0] for id, n in graph_now(h).nodes.items()}
    assert xs["conv_2"] != xs["shortcut"]
    assert past(h) == ["Align", "Arrange"]


def test_the_menu_key_opens_the_menu_of_the_selection(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, DENSE))
    h.canvas.select(["c"])
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5)
    )
    QApplication.sendEvent(h.viewport, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert chosen(h) == ("c",)
    assert "Rename…" in [action.text() for action in menu.actions()]
    menu.close()


def test_a_focus_ring_is_shown_after_keyboard_focus(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV))
    accent = h.canvas.context.canvas_style.accent

    def corner() -> object:
        return h.viewport.grab().toImage().pixelColor(1, 300)

    assert corner() != accent
    h.canvas.find_bar.show()
    h.canvas.find_bar.field.setFocus()
    h.canvas.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert corner() == accent


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lstm", ["LSTM", "ConvLSTM"]),
        ("conv", ["Conv2D"]),
        ("DENSE", ["Dense"]),
        ("bn", ["BatchNormalization"]),
        ("长短期记忆", ["LSTM"]),
    ],
)
def test_an_exact_name_is_offered_first(
    hand: MakeHand, typed: str, expected: list[str]
) -> None:
    h = hand(design_graph())
    h.canvas.set_analysis(design_analysis())
    h.canvas.select(["pool_1"])  # outputs images, which an LSTM does not accept
    h.key(KEY.Key_A)
    popup = h.canvas.layer_chooser.popup
    assert popup is not None
    popup.search.setText(typed)
    for row, name in enumerate(expected):
        assert popup.list.item(row).text().startswith(name)
    popup.close()
