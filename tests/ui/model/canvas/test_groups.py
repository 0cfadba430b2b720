"""Nested groups, and edges to collapsed groups, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from canvas_world import CONV, DENSE, Hand, chain, design_graph
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from dlstudio.document.canvas.arrangement import arranged_positions
from dlstudio.document.canvas.boxes import NodeBox, bounding_box, frame_around
from dlstudio.document.edits.groups import GroupNodes, SetGroup
from dlstudio.document.edits.nodes import MoveNodes
from dlstudio.document.graph import INPUT, Edge, Graph, Group, node
from dlstudio.document.groups import GroupTree
from dlstudio.document.values import FrozenMap
from dlstudio.ui.model.canvas.items.group_item import CollapsedGroupItem

MakeHand = Callable[[Graph], Hand]
KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def graph_now(h: Hand) -> Graph:
    return h.canvas.context.graph


def chosen(h: Hand) -> set[str]:
    return set(h.canvas.context.selection.ids)


def past(h: Hand) -> list[str]:
    return [step.name for step in h.canvas.session.history.past]


def grouped(graph: Graph, *groups: Group) -> Graph:
    return replace(graph, groups=groups)


def nested() -> Graph:
    """a → b → c → d → e; b and c are in "inner", which is in "outer" with d."""
    graph = chain(INPUT, CONV, CONV, CONV, DENSE)
    graph = graph.with_nodes([replace(graph.nodes["a"], position=(0.0, -96.0))])
    inner = Group("inner", "Inner", ("b", "c"), parent="outer")
    return grouped(graph, Group("outer", "Outer", ("d",)), inner)


def box(h: Hand, group: str) -> CollapsedGroupItem:
    return h.canvas.context.scene.group_layer.collapsed[group]


def collapse(h: Hand, group: str) -> None:
    session = h.canvas.session
    tree = GroupTree(graph_now(h).groups)
    session.do(SetGroup(replace(tree.groups[group], collapsed=True)), "Fold")


# -- groups in groups


def test_a_frame_encloses_nested_frames(hand: MakeHand) -> None:
    frames = hand(nested()).canvas.context.scene.group_layer.frames
    outer, inner = frames["outer"].rect(), frames["inner"].rect()
    assert outer.contains(inner) and outer != inner
    assert frames["inner"].zValue() > frames["outer"].zValue()


def test_an_outer_group_moves_and_collapses_with_its_contents(
    hand: MakeHand,
) -> None:
    h = hand(nested())
    group_layer = h.canvas.context.scene.group_layer
    header = group_layer.frames["outer"].header()
    at = (header.right() - 8, header.center().y())
    h.drag(at, (at[0] + 80, at[1]))
    assert chosen(h) == {"b", "c", "d"}
    assert {graph_now(h).nodes[id].position[0] for id in "bcd"} == {80.0}
    chevron = group_layer.frames["outer"].chevron().center()
    h.click(chevron.x(), chevron.y())
    assert set(group_layer.collapsed) == {"outer"} and not group_layer.frames
    assert group_layer.collapsed["outer"].card.title == "3 layers"
    assert group_layer.hidden == dict.fromkeys("bcd", "outer")


def test_only_the_inner_group_collapses_at_its_own_chevron(hand: MakeHand) -> None:
    h = hand(nested())
    group_layer = h.canvas.context.scene.group_layer
    chevron = group_layer.frames["inner"].chevron().center()
    h.click(chevron.x(), chevron.y())
    assert set(group_layer.collapsed) == {"inner"} and set(group_layer.frames) == {
        "outer"
    }
    assert (
        group_layer.frames["outer"]
        .rect()
        .contains(box(h, "inner").x_at, box(h, "inner").y_at)
    )


def test_showing_a_node_opens_every_collapsed_group_around_it(hand: MakeHand) -> None:
    h = hand(nested())
    collapse(h, "inner")
    collapse(h, "outer")
    h.canvas.show_node("c")
    assert not any(group.collapsed for group in graph_now(h).groups)
    assert chosen(h) == {"c"}
    h.key(KEY.Key_Z, CTRL)
    assert all(group.collapsed for group in graph_now(h).groups), "one step"


def test_keys_select_outwards_and_inwards_collapse_rename_ungroup(
    hand: MakeHand,
) -> None:
    h = hand(nested())
    h.canvas.select(["c"])
    h.key(KEY.Key_G)
    assert chosen(h) == {"b", "c"}
    h.key(KEY.Key_G)
    assert chosen(h) == {"b", "c", "d"}
    h.key(KEY.Key_G, SHIFT)
    assert chosen(h) == {"b", "c"}
    h.key(KEY.Key_F2)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "Stem")
    QTest.keyClick(field, KEY.Key_Return)
    assert {g.id: g.name for g in graph_now(h).groups}["inner"] == "Stem"
    h.key(KEY.Key_E, CTRL)
    assert {g.id for g in graph_now(h).groups if g.collapsed} == {"inner"}
    h.key(KEY.Key_Return)
    assert not any(g.collapsed for g in graph_now(h).groups), "Enter opens it"
    h.key(KEY.Key_G)
    h.key(KEY.Key_G, CTRL | SHIFT)
    (left,) = graph_now(h).groups
    assert (left.id, left.parent) == ("inner", None)


def test_grouping_a_group_with_a_node_nests_the_group(hand: MakeHand) -> None:
    h = hand(grouped(chain(INPUT, CONV, CONV, DENSE), Group("g", "G", ("b", "c"))))
    h.canvas.select(["b", "c", "d"])
    h.key(KEY.Key_G, CTRL)
    tree = GroupTree(graph_now(h).groups)
    assert tree.groups["g"].parent == "group_1"
    assert set(tree.nodes("group_1")) == {"b", "c", "d"}


def test_arrows_and_clicks_treat_a_collapsed_group_as_one_card(hand: MakeHand) -> None:
    h = hand(nested())
    collapse(h, "outer")
    h.canvas.select(["a"])
    h.key(KEY.Key_Down)
    assert chosen(h) == {"b", "c", "d"}
    h.key(KEY.Key_Down)
    assert chosen(h) == {"e"}


def test_copying_a_group_includes_nested_groups(hand: MakeHand) -> None:
    h = hand(nested())
    h.canvas.select(["b", "c", "d"])
    h.key(KEY.Key_C, CTRL)
    h.key(KEY.Key_V, CTRL)
    tree = GroupTree(graph_now(h).groups)
    (copy,) = (id for id in tree.children() if id != "outer")
    (inner,) = tree.children(copy)
    assert chosen(h) == set(tree.nodes(copy)) and len(tree.nodes(inner)) == 2


def test_a_node_dragged_into_a_frame_joins_the_group(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, CONV)
    loose = replace(node("x", DENSE, units=4), position=(400.0, 96.0))
    h = hand(grouped(graph.with_nodes([loose]), Group("g", "G", ("b", "c"))))
    frame = h.canvas.context.scene.group_layer.frames["g"]
    h.press(400, 96)
    h.move(90, 176)
    assert frame.hovered
    h.release(90, 176)
    assert graph_now(h).groups[0].nodes == ("b", "c", "x")
    assert past(h) == ["Move into group"]
    h.canvas.select(["x"])
    h.canvas.run("canvas.remove_from_group")
    assert graph_now(h).groups[0].nodes == ("b", "c")


def test_a_group_dragged_into_a_frame_is_nested(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, CONV, DENSE)
    h = hand(grouped(graph, Group("g", "G", ("b", "c")), Group("h", "H", ("d",))))
    h.canvas.session.do(MoveNodes(FrozenMap({"d": (400.0, 96.0)})), "Move")
    group_layer = h.canvas.context.scene.group_layer
    header = group_layer.frames["h"].header()
    at = (header.center().x(), header.center().y())
    h.drag(at, (100, 150))
    assert GroupTree(graph_now(h).groups).groups["h"].parent == "g"


def test_a_node_removed_from_an_inner_group_stays_in_the_outer_one(
    hand: MakeHand,
) -> None:
    h = hand(nested())
    h.canvas.select(["b"])
    h.canvas.run("canvas.remove_from_group")
    tree = GroupTree(graph_now(h).groups)
    assert tree.groups["inner"].nodes == ("c",)
    assert set(tree.groups["outer"].nodes) == {"d", "b"}


def test_a_layer_inserted_into_an_edge_of_a_group_joins_it(hand: MakeHand) -> None:
    h = hand(nested())
    h.canvas.select(["b"])
    added = h.canvas.add(CONV)
    assert added in GroupTree(graph_now(h).groups).groups["inner"].nodes


# -- edges to and from a collapsed group


def test_an_edge_to_a_box_connects_to_the_one_node_that_fits(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, CONV, DENSE)
    graph = replace(graph, edges=(Edge("b", "c"), Edge("c", "d")))
    h = hand(grouped(graph, Group("g", "Body", ("b", "c"))))
    collapse(h, "g")
    messages: list[str] = []
    h.canvas.hint_bubbles.bubble.show_message = lambda text, *_rest: messages.append(
        text
    )
    h.press(*h.out_of("a"))
    h.move(box(h, "g").x_at, box(h, "g").y_at)
    assert messages[-1] == "In the group: “b”."
    assert box(h, "g").target == 1
    h.release(box(h, "g").x_at, box(h, "g").y_at)
    assert Edge("a", "b") in graph_now(h).edges
    assert past(h)[-1] == "Connect"


def test_one_of_several_matching_nodes_is_chosen_in_a_menu(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, CONV)
    graph = replace(graph, edges=())
    h = hand(grouped(graph, Group("g", "Body", ("b", "c"))))
    collapse(h, "g")
    h.drag(h.out_of("a"), (box(h, "g").x_at, box(h, "g").y_at))
    assert graph_now(h).edges == (), "nothing yet"
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [a.text().split()[0] for a in menu.actions()] == ["b", "c"]
    QTest.keyClick(menu, KEY.Key_Down)
    QTest.keyClick(menu, KEY.Key_Return)
    assert graph_now(h).edges == (Edge("a", "c"),)


def test_each_port_of_a_box_belongs_to_one_node(hand: MakeHand) -> None:
    graph = replace(chain(INPUT, CONV, CONV), edges=())
    h = hand(grouped(graph, Group("g", "Body", ("b", "c"))))
    collapse(h, "g")
    group_ports = h.canvas.context.scene.group_layer.group_ports("g")
    assert [group_port.node for group_port in group_ports.inputs] == ["b", "c"]
    h.drag(h.out_of("a"), box(h, "g").input_at(1))
    assert graph_now(h).edges == (Edge("a", "c"),)


def test_edges_are_drawn_from_a_box_and_backwards_into_it(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, CONV, DENSE)
    graph = replace(graph, edges=(Edge("a", "b"), Edge("b", "c")))
    h = hand(grouped(graph, Group("g", "Body", ("b", "c"))))
    collapse(h, "g")
    h.drag(box(h, "g").output_at(0), h.into("d"))
    assert Edge("c", "d") in graph_now(h).edges
    h.key(KEY.Key_Z, CTRL)
    h.drag(h.into("d"), (box(h, "g").x_at, box(h, "g").y_at))
    assert Edge("c", "d") in graph_now(h).edges


def test_an_edge_between_two_collapsed_groups(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, CONV, DENSE)
    graph = replace(graph, edges=(Edge("a", "b"), Edge("c", "d")))
    graph = grouped(graph, Group("g", "G", ("a", "b")), Group("h", "H", ("c", "d")))
    h = hand(graph)
    collapse(h, "g")
    collapse(h, "h")
    assert not box(h, "g").card.inputs, "an input layer has no inputs"
    h.drag(box(h, "g").output_at(0), (box(h, "h").x_at, box(h, "h").y_at))
    assert Edge("b", "c") in graph_now(h).edges


def test_a_box_without_matching_nodes_shows_a_reason(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, DENSE)
    h = hand(grouped(graph, Group("g", "Body", ("a", "b"))))
    collapse(h, "g")
    messages: list[str] = []
    h.canvas.hint_bubbles.bubble.show_message = lambda text, *_rest: messages.append(
        text
    )
    h.press(*h.out_of("c"))
    h.move(box(h, "g").x_at, box(h, "g").y_at)
    assert messages[-1].startswith("No layer in “Body” can receive this connection")
    h.release(box(h, "g").x_at, box(h, "g").y_at)
    assert past(h) == ["Fold"]


def test_connecting_to_and_from_a_box_by_keyboard(hand: MakeHand) -> None:
    graph = chain(INPUT, CONV, CONV, DENSE)
    graph = replace(graph, edges=(Edge("b", "c"),))
    h = hand(grouped(graph, Group("g", "Body", ("b", "c"))))
    collapse(h, "g")
    h.canvas.select(["a"])
    h.key(KEY.Key_C)
    h.key(KEY.Key_Return)
    assert Edge("a", "b") in graph_now(h).edges
    h.canvas.select(["b", "c"])
    h.key(KEY.Key_C)
    h.key(KEY.Key_Return)
    assert Edge("c", "d") in graph_now(h).edges


def test_adding_after_a_collapsed_group_follows_its_end(hand: MakeHand) -> None:
    h = hand(grouped(chain(INPUT, CONV, CONV, DENSE), Group("g", "Body", ("c", "b"))))
    collapse(h, "g")
    h.canvas.select(["c", "b"])
    added = h.canvas.add(CONV)
    assert added is not None
    assert {Edge("c", added), Edge(added, "d")} <= set(graph_now(h).edges)
    group_layer = h.canvas.context.scene.group_layer
    new = h.canvas.context.scene.nodes[added].box()
    assert not new.near(group_layer.collapsed["g"].box()), "it overlaps the box"


def test_edges_at_a_box_with_several_ports_are_labelled(hand: MakeHand) -> None:
    graph = design_graph()
    h = hand(grouped(graph, Group("g", "Branches", ("conv_2", "shortcut"))))
    collapse(h, "g")
    edge_layer = h.canvas.context.scene.edge_layer.items
    assert edge_layer[Edge("conv_2", "merge", 0, 0)].text == "conv_2"
    assert edge_layer[Edge("shortcut", "merge", 0, 1)].text == "shortcut"
    labels = {edge_layer[x].text for x in graph.edges if x.source == "pool_1"}
    assert "→ conv_2, shortcut" in labels
    ends = [edge_layer[x].points[0] for x in graph.out_of("conv_2")]
    assert ends == [box(h, "g").output_at(0)]


def test_a_tooltip_names_the_node_behind_a_port(hand: MakeHand) -> None:
    h = hand(grouped(chain(INPUT, CONV, CONV, DENSE), Group("g", "Body", ("b", "c"))))
    collapse(h, "g")
    x, y = box(h, "g").input_at(0)
    spot = h.canvas.view.spot(h.at(x, y).toPointF(), Qt.KeyboardModifier.NoModifier)
    assert h.canvas.pointer.tooltip(spot.over) == "To “b”"
    x, y = box(h, "g").x_at, box(h, "g").y_at
    spot = h.canvas.view.spot(h.at(x, y).toPointF(), Qt.KeyboardModifier.NoModifier)
    assert h.canvas.pointer.tooltip(spot.over) == "Body\nb, c"


# -- arranging


def test_a_group_is_laid_out_as_one_block() -> None:
    graph = design_graph()
    extra = [node("side", CONV, filters=4, kernel_size=1)]
    graph = graph.with_nodes(extra)
    graph = replace(graph, edges=(*graph.edges, Edge("image", "side")))
    tree = (
        Group("outer", "O", ("pool_1",)),
        Group("inner", "I", ("conv_2", "shortcut"), parent="outer"),
    )
    graph = grouped(graph, *tree)
    boxes = {id: NodeBox(*n.position) for id, n in graph.nodes.items()}
    places = arranged_positions(graph, boxes)
    made = {id: NodeBox(*places[id]) for id in boxes}
    inner = frame_around(bounding_box(made[id] for id in ("conv_2", "shortcut")))
    outer = frame_around(bounding_box((made["pool_1"], inner)))
    for id in ("image", "conv_1", "merge", "head", "side"):
        assert not made[id].near(outer), f"{id} lies in the group"
    for edge in graph.edges:
        assert made[edge.source].y < made[edge.target].y


def test_arranging_a_collapsed_group_reserves_room_only_for_its_box(
    hand: MakeHand,
) -> None:
    h = hand(grouped(chain(INPUT, CONV, CONV, DENSE), Group("g", "Body", ("b", "c"))))
    collapse(h, "g")
    h.canvas.run("canvas.arrange")
    scene = h.canvas.context.scene
    assert scene.nodes["d"].y_at - box(h, "g").y_at == 96
    assert box(h, "g").y_at - scene.nodes["a"].y_at == 96


def test_a_new_group_by_one_edit_is_shown(hand: MakeHand) -> None:
    h = hand(nested())
    h.canvas.session.do(GroupNodes("all", "All", tuple("abcde")), "Group")
    frames = h.canvas.context.scene.group_layer.frames
    assert frames["all"].rect().contains(frames["outer"].rect())
