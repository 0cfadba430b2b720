"""The canvas' contents and how they follow the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from canvas_world import (
    CONV,
    DENSE,
    LAYERS,
    Hand,
    chain,
    design_analysis,
    design_graph,
    residual_graph,
)
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from rooms import settle

from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.edits.nodes import AddNode, MoveNodes, RemoveNodes, SetFrozen
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetGraph
from dlstudio.document.graph import INPUT, OPAQUE, Edge, Graph, Node, node
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import translator
from dlstudio.ui.model.canvas.editor import CanvasEditor
from dlstudio.ui.model.canvas.input.actions import BY_ID
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import DARK_THEME

MakeHand = Callable[[Graph], Hand]
MakeCanvas = Callable[..., CanvasEditor]


def shapes(canvas: CanvasEditor) -> dict[tuple[str, str], str]:
    edge_layer = canvas.context.scene.edge_layer.items
    return {
        (x.source, x.target): edge_layer[x].text
        for x in edge_layer
        if edge_layer[x].text
    }


def test_shapes_weights_and_problems_are_shown(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(design_graph())
    canvas.set_analysis(design_analysis())
    assert shapes(canvas) == {
        ("image", "conv_1"): "28×28×1",
        ("conv_1", "pool_1"): "26×26×32",
        ("pool_1", "conv_2"): "13×13×32",
        ("conv_2", "merge"): "11×11×64",
        ("shortcut", "merge"): "13×13×64",
    }
    nodes = canvas.context.scene.nodes
    assert nodes["conv_2"].card.count == "18,496"
    assert nodes["conv_2"].card.title == "Conv2D · 64 filters 3×3 · relu"
    assert nodes["conv_2"].card.share > 0.7
    assert nodes["merge"].card.severity == "error"
    edge_layer = canvas.context.scene.edge_layer.items
    assert edge_layer[Edge("merge", "head")].invalid
    assert not edge_layer[Edge("pool_1", "conv_2")].invalid


def test_a_fix_is_one_click_and_one_step(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(design_graph())
    canvas.set_analysis(design_analysis())
    (card_rect,) = canvas.problems.cards
    assert card_rect.isVisible()
    button = card_rect.findChild(QPushButton)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    session = canvas.session
    assert session.project.model.nodes["conv_2"].params["padding"] == "same"
    assert session.history.undo_name == "Set padding of conv_2 to “same”"
    analysis = design_analysis()
    canvas.set_analysis(replace(analysis, problems=()))
    assert canvas.problems.cards == []


@pytest.mark.parametrize("width", [1100, 720, 560, 480])
def test_the_problem_card_covers_no_node(make_canvas: MakeCanvas, width: int) -> None:
    canvas = make_canvas(design_graph())
    canvas.resize(width, 800)
    canvas.view.fit()
    canvas.set_analysis(design_analysis())
    (card_rect,) = canvas.problems.cards
    covered = [
        id
        for id in canvas.context.graph.nodes
        if canvas.view.card_rect(id).intersects(card_rect.geometry())
    ]
    assert covered == []
    assert canvas.rect().contains(card_rect.geometry())


@pytest.mark.parametrize("width", [440, 400, 360])
def test_the_problem_card_of_a_narrow_canvas_is_compact_and_leaves_its_node_free(
    make_canvas: MakeCanvas, width: int
) -> None:
    canvas = make_canvas(design_graph())
    canvas.resize(width, 800)
    canvas.view.fit()
    canvas.set_analysis(design_analysis())
    (card,) = canvas.problems.cards
    assert not canvas.view.card_rect(card.node).intersects(card.geometry())
    assert canvas.rect().contains(card.geometry())
    for button in card.findChildren(QPushButton):
        elided = button.width() < button.sizeHint().width()
        assert button.toolTip() == (button.accessibleName() if elided else "")
        assert card.rect().contains(button.geometry())


def test_items_follow_every_change(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(chain(INPUT, CONV, DENSE))
    session, scene = canvas.session, canvas.context.scene
    first = scene.nodes["a"]
    session.do(
        CompositeEdit(
            (
                AddNode(Node("x", LAYERS + "Flatten", position=(300.0, 0.0))),
                RemoveNodes(("b",), join=True),
                SetParam("c", "units", 7),
                SetFrozen(("c",), True),
            )
        )
    )
    assert set(scene.nodes) == {"a", "c", "x"}
    assert scene.nodes["a"] is first
    assert set(scene.edge_layer.items) == {Edge("a", "c")}
    assert scene.nodes["c"].card.title == "Dense · 7"
    assert scene.nodes["c"].card.frozen
    session.undo()
    assert set(scene.nodes) == {"a", "b", "c"}
    assert set(scene.edge_layer.items) == {Edge("a", "b"), Edge("b", "c")}
    session.redo()
    assert set(scene.nodes) == {"a", "c", "x"}


def test_an_updated_scene_equals_a_new_one(
    make_canvas: MakeCanvas,
) -> None:
    canvas = make_canvas(design_graph())
    graph = canvas.context.graph
    for id in ("conv_2", "shortcut"):
        canvas.session.do(RemoveNodes((id,), join=True))
    followed = _appearance(canvas)
    again = make_canvas(canvas.context.graph)
    assert followed == _appearance(again)
    canvas.session.undo()
    canvas.session.undo()
    assert _appearance(canvas) == _appearance(make_canvas(graph))


def _appearance(canvas: CanvasEditor) -> tuple[object, object]:
    scene = canvas.context.scene
    nodes = {id: (item.box(), item.card) for id, item in scene.nodes.items()}
    edge_layer = {edge: item.points for edge, item in scene.edge_layer.items.items()}
    return nodes, edge_layer


def test_removed_nodes_are_deselected(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(chain(INPUT, CONV))
    canvas.select(["b"])
    reported: list[tuple[str, ...]] = []
    canvas.selection_changed.connect(reported.append)
    canvas.session.do(RemoveNodes(("b",)))
    assert reported == [()]


def test_opening_another_project_shows_it(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(chain(INPUT, CONV))
    other = Project(graphs=FrozenMap({"model": design_graph()}))
    canvas.session.replace(other, None, saved=True)
    assert set(canvas.context.scene.nodes) == set(design_graph().nodes)
    assert canvas.view.visible_rect().contains(canvas.context.scene.content_rect())


def test_a_long_model_is_readable_when_first_shown(
    make_canvas: MakeCanvas,
) -> None:
    canvas = make_canvas(residual_graph(60, column=60))
    assert canvas.view.current_scale >= 0.6
    assert canvas.view.visible_rect().contains(0, -20)
    canvas.run("view.zoom_fit")
    assert canvas.view.visible_rect().contains(canvas.context.scene.content_rect())


def test_a_wide_model_begins_at_the_left_edge(make_canvas: MakeCanvas) -> None:
    nodes = [Node(f"n{n}", DENSE, position=(240.0 * n, 0.0)) for n in range(20)]
    canvas = make_canvas(Graph(FrozenMap({each.id: each for each in nodes})))
    seen, whole = canvas.view.visible_rect(), canvas.context.scene.content_rect()
    assert canvas.view.current_scale >= 0.6
    assert seen.left() <= whole.left() < seen.left() + seen.width() / 8


def test_an_extreme_position_is_shown_within_bounds(make_canvas: MakeCanvas) -> None:
    far = Node("a", DENSE, position=(1e300, -1e300))
    canvas = make_canvas(Graph.chain([far]))
    item = canvas.context.scene.nodes["a"]
    assert (item.x_at, item.y_at) == (100_000.0, -100_000.0)
    canvas.grab()


def test_unknown_kinds_and_ports_are_shown(make_canvas: MakeCanvas) -> None:
    odd = Node("odd", "my.package.Strange")
    graph = Graph(
        FrozenMap({"a": Node("a", DENSE), "odd": odd}), (Edge("a", "odd", 2, 5),)
    )
    canvas = make_canvas(graph)
    assert canvas.context.scene.nodes["odd"].card.title == "Strange · unknown layer"
    assert canvas.context.scene.nodes["odd"].card.inputs == 6
    canvas.grab()


def test_opaque_layers_and_operations_are_shown(
    make_canvas: MakeCanvas,
) -> None:
    block = node("block", OPAQUE, class_name="Mixer", inputs=2, config={"json": {}})
    nodes = {"a": Node("a", DENSE), "block": block, "sum": Node("sum", "keras.ops.add")}
    canvas = make_canvas(Graph(FrozenMap(nodes)))
    cards = {id: item.card for id, item in canvas.context.scene.nodes.items()}
    assert cards["block"].title == "Opaque block · Mixer"
    assert (cards["block"].inputs, cards["block"].nested) == (2, True)
    assert cards["sum"].title == "ops.add"
    assert cards["sum"].port_names == ("x1", "x2")


def test_rarely_used_tensor_arguments_are_the_last_ports(hand: MakeHand) -> None:
    softmax = Node("s", LAYERS + "Softmax", position=(0.0, 96.0))
    mask = Node("m", INPUT, position=(300.0, 0.0))
    graph = chain(INPUT).with_nodes([softmax, mask])
    h = hand(replace(graph, edges=(Edge("a", "s"),)))
    card = h.canvas.context.scene.nodes["s"].card
    assert (card.inputs, card.main, card.port_names) == (2, 1, ("", "mask"))
    h.drag(h.out_of("m"), h.into("s", 1))
    assert Edge("m", "s", 0, 1) in h.canvas.context.graph.edges


def test_an_empty_canvas_shows_how_to_start(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas()
    assert canvas.overlays.hint.isVisible()
    assert not canvas.minimap.isVisible()
    canvas.add(INPUT)
    assert not canvas.overlays.hint.isVisible()
    assert canvas.minimap.isVisible()


def test_the_toolbar_names_the_undo_step(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(chain(INPUT, CONV))
    undo, redo = (canvas.toolbar.buttons[id] for id in ("edit.undo", "edit.redo"))
    assert not undo.isEnabled()
    canvas.add(DENSE)
    assert undo.isEnabled()
    assert "Add Dense" in undo.toolTip()
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert set(canvas.context.graph.nodes) == {"a", "b"}
    assert redo.isEnabled()


def test_the_context_menu_acts_on_the_clicked_item(hand: MakeHand) -> None:
    h = hand(chain(INPUT, CONV, DENSE))
    menu = _menu(h, 0, 96)
    assert h.canvas.context.selection.ids == ("b",)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert "Delete" in texts
    assert "Ungroup" in texts
    by_text = {action.text(): action for action in menu.actions()}
    assert not by_text["Ungroup"].isEnabled()
    by_text["Delete"].trigger()
    menu.close()
    assert set(h.canvas.context.graph.nodes) == {"a", "c"}
    menu = _menu(h, 0, 120)  # the edge that connects them now
    assert next(a.text() for a in menu.actions() if a.text()) == "Add layer…"
    menu.close()
    menu = _menu(h, -300, 300)
    assert next(a.text() for a in menu.actions() if a.text()) == "Add layer…"
    menu.close()


def _menu(hand: Hand, x: float, y: float) -> QMenu:
    view = hand.canvas.view
    spot = view.spot(QPointF(hand.at(x, y)), Qt.KeyboardModifier.NoModifier)
    view.menu_requested.emit(spot)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_dragging_in_the_map_scrolls_the_view(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(residual_graph(60))
    canvas.view.zoom_to(1.0)
    settle()
    before = canvas.view.center()
    QTest.mouseClick(
        canvas.minimap,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(100, 80),
    )
    assert canvas.view.center() != before


def test_show_node_brings_it_into_view(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(residual_graph(120))
    canvas.view.zoom_to(1.0)
    canvas.show_node("add_39")
    assert canvas.context.selection.ids == ("add_39",)
    item = canvas.context.scene.nodes["add_39"]
    assert canvas.view.visible_rect().contains(item.x_at, item.y_at)
    canvas.show_node("not there")
    assert canvas.context.selection.ids == ("add_39",)


def test_both_themes_and_languages_are_painted(make_canvas: MakeCanvas) -> None:
    light = make_canvas(design_graph())
    light.set_analysis(design_analysis())
    translator.use("zh_CN")
    dark = make_canvas(design_graph(), DARK_THEME)
    dark.set_analysis(design_analysis())
    background = [
        canvas.grab().toImage().pixelColor(2, 2).lightness() for canvas in (light, dark)
    ]
    assert background[0] > 200
    assert background[1] < 60


def test_every_action_has_a_command_and_its_icon(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(design_graph())
    assert canvas.commands.keys() == BY_ID.keys()
    for id, command in canvas.commands.items():
        action = BY_ID[id]
        assert not action.icon or not icon(action.icon, "#000000").isNull()
        assert command.enabled() in (True, False)
        assert command.text_of(action)


def test_a_removed_graph_leaves_an_empty_canvas(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(design_graph())
    canvas.session.do(SetGraph(Graph()))
    assert canvas.context.scene.nodes == {}
    assert canvas.context.scene.edge_layer.items == {}


def test_attention_is_inserted_as_self_attention(make_canvas: MakeCanvas) -> None:
    canvas = make_canvas(chain(INPUT, DENSE))
    canvas.select(["a"])
    canvas.add(LAYERS + "MultiHeadAttention")
    (id,) = canvas.context.selection.ids
    assert set(canvas.context.graph.into(id)) == {
        Edge("a", id, 0, 0),
        Edge("a", id, 0, 1),
    }
    assert canvas.context.graph.into("b") == (Edge(id, "b"),)
    assert len(canvas.session.history.past) == 1


def test_optional_inputs_are_never_chosen_automatically(hand: MakeHand) -> None:
    lstm = Node("l", LAYERS + "LSTM", position=(0.0, 96.0))
    graph = chain(INPUT, DENSE).with_nodes([lstm])
    h = hand(replace(graph, edges=(Edge("a", "l"),)))
    h.canvas.session.do(MoveNodes(FrozenMap({"b": (300.0, 0.0)})))
    h.press(*h.out_of("b"))
    h.move(60, 100)
    assert "Replaces" in h.canvas.hint_bubbles.bubble.text()
    h.move(*h.into("l", 1))
    assert h.canvas.hint_bubbles.bubble.text() == "Input “initial state”."
    h.release(*h.into("l", 1))
    assert Edge("b", "l", 0, 1) in h.canvas.context.graph.edges
