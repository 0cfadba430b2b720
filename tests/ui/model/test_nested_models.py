"""Nested models: creation, expansion, renaming and insertion from the palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from model_world import (
    World,
    catalog,
    connected,
    image,
    layer,
    shown,
    stacked,
    world_in,
)
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.document.analysis import NodeReport, TensorInfo
from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.edits.nodes import ReplaceNode
from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, Group, Node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError
from dlstudio.ui.model.nested_models.creation import nest
from dlstudio.ui.model.nested_models.expansion import rename_graph, unnest
from dlstudio.ui.model.nested_models.kinds import nested_kinds, used_by
from dlstudio.ui.model.nested_models.repetition import expand_repetition, repeat
from dlstudio.ui.model.room import ModelRoom

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def residual() -> Graph:
    """image → a → b → add → head, with a shortcut a → add."""
    nodes = stacked(
        image(),
        layer("a", "Conv2D", filters=4, kernel_size=3, padding="same"),
        layer("b", "Conv2D", filters=4, kernel_size=3, padding="same"),
        layer("add", "Add"),
        layer("head", "Flatten"),
    )
    return connected(list(nodes), "image a", "a b", "b add", "a add 1", "add head")


def project_of(graph: Graph) -> Project:
    return Project("Ours", graphs=FrozenMap({MODEL: graph}))


def reports_of(graph: Graph) -> dict[str, NodeReport]:
    return {id: NodeReport(outputs=(TensorInfo((12, 12, 4)),)) for id in graph.nodes}


def after(project: Project, edits: tuple[object, ...]) -> Project:
    return CompositeEdit(edits).apply(project)  # type: ignore[arg-type]


def test_layers_are_replaced_by_one_nested_model() -> None:
    graph = residual()
    project = project_of(graph)
    made = nest(project, MODEL, {"b", "add"}, "Block", reports_of(graph))
    done = after(project, made.edits)
    (id,) = made.ids
    outer, inner = done.model, done.graphs["Block"]
    assert dict(outer.nodes[id].params) == {"graph": "Block"}
    assert set(outer.edges) == {Edge("image", "a"), Edge("a", id), Edge(id, "head")}
    (begin,) = inner.inputs
    assert begin.params["shape"] == (12, 12, 4), "each source becomes one input"
    assert inner.outputs == ("add",)
    assert {Edge(begin.id, "b"), Edge(begin.id, "add", 0, 1)} <= set(inner.edges)


def test_unnesting_restores_the_edges_in_a_group() -> None:
    graph = residual()
    project = project_of(graph)
    made = nest(project, MODEL, {"b", "add"}, "Block", reports_of(graph))
    there = after(project, made.edits)
    reports = {"Block": reports_of(there.graphs["Block"])}
    back = unnest(there, MODEL, made.ids[0], reports)
    done = after(there, back.edits)
    assert set(done.model.edges) == set(graph.edges)
    assert "Block" not in done.graphs, "nothing else uses it"
    (group,) = done.model.groups
    assert (group.name, set(group.nodes)) == ("Block", {"b", "add"})


def test_a_nested_model_keeps_the_groups_name_and_inner_groups() -> None:
    graph = residual()
    groups = (
        Group("g", "Body", ("add",)),
        Group("h", "Inner", ("b",), parent="g"),
    )
    project = project_of(replace(graph, groups=groups))
    made = nest(project, MODEL, {"b", "add"}, "Body", reports_of(graph))
    done = after(project, made.edits)
    assert done.model.groups == ()
    (inner,) = done.graphs["Body"].groups
    assert (inner.name, inner.parent) == ("Inner", None)


def test_weights_shared_across_the_border_are_refused() -> None:
    graph = residual()
    sharing = replace(graph.nodes["b"], shares="a")
    project = project_of(graph.with_nodes([sharing]))
    with pytest.raises(UserError, match="uses the weights"):
        nest(project, MODEL, {"b", "add"}, "Block", {})


def test_inputs_stay_outside_and_cannot_be_nested_alone() -> None:
    project = project_of(residual())
    made = nest(project, MODEL, {"image", "a"}, "Block", {})
    assert "image" in after(project, made.edits).model.nodes
    with pytest.raises(UserError, match="input alone"):
        nest(project, MODEL, {"image"}, "Block", {})


def test_no_layer_may_lie_between_those_of_a_nested_model() -> None:
    project = project_of(residual())
    with pytest.raises(UserError, match="“b” lies between"):
        nest(project, MODEL, {"a", "add"}, "Block", {})


def test_renaming_updates_all_references() -> None:
    project = project_of(residual())
    made = nest(project, MODEL, {"b"}, "Block", {})
    there = after(project, made.edits)
    done = after(there, rename_graph(there, "Block", "Encoder"))
    assert set(done.graphs) == {MODEL, "Encoder"}
    assert done.model.nodes[made.ids[0]].params["graph"] == "Encoder"
    with pytest.raises(UserError, match="already a model called"):
        rename_graph(there, "Block", MODEL)


def test_a_repeated_model_expands_into_its_copies() -> None:
    project = project_of(residual())
    reports = reports_of(project.model)
    made = repeat(project, MODEL, ["b", "add"], "block", reports)
    whole = after(project, made.edits)
    assert whole.model.nodes["block"].params["repeat"] == 2
    with pytest.raises(UserError, match="already repeated"):
        repeat(whole, MODEL, ["block"], "", reports)
    params = {"graph": "block", "repeat": 3, "shared_weights": True}
    three = whole.model.with_params("block", FrozenMap(params))
    whole = whole.with_graph(MODEL, three)
    expanded = expand_repetition(whole, MODEL, "block")
    graph = after(whole, expanded.edits).model
    first, second, third = expanded.ids
    assert [graph.into(id)[0].source for id in expanded.ids] == ["a", first, second]
    assert graph.into("head")[0].source == third
    assert [graph.nodes[id].shares for id in expanded.ids] == [None, first, first]
    assert all(
        dict(graph.nodes[id].params) == {"graph": "block"} for id in expanded.ids
    )
    ys = [graph.nodes[id].position[1] for id in (*expanded.ids, "head")]
    assert ys == sorted(ys) and len(set(ys)) == 4


def test_no_model_is_offered_inside_itself() -> None:
    graphs = {
        MODEL: Graph(),
        "outer": Graph.chain([Node("x", NESTED, FrozenMap({"graph": "inner"}))]),
        "inner": Graph(),
    }
    project = Project("Ours", graphs=FrozenMap(graphs))
    assert used_by(project.graphs, "outer") == {"inner"}
    kinds = [d.kind for d in nested_kinds(project, "inner", catalog())]
    assert kinds == [f"{NESTED}:"], "outer uses inner already"
    kinds = [d.kind for d in nested_kinds(project, MODEL, catalog())]
    assert kinds == [f"{NESTED}:outer", f"{NESTED}:inner", f"{NESTED}:"]


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "settings") as made:
        made.draw(residual())
        yield made


@pytest.fixture
def room(world: World) -> Iterator[ModelRoom]:
    with shown(lambda: ModelRoom(world.studio), 1280, 720) as made:
        yield made


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_a_nested_model_is_created_opened_renamed_and_expanded_by_keyboard(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    view = room.workspace.canvas.view
    room.workspace.canvas.select(("b", "add"))
    qtbot.keyClick(view, Key.Key_M, CTRL)
    assert world.steps == ["Create nested model"]
    assert room.workspace.canvas.context.selection.ids == ("block",)
    assert room.workspace.canvas.context.scene.nodes["block"].card.inputs == 1
    qtbot.keyClick(view, Key.Key_Return)
    assert room.workspace.canvas.context.name == "block"
    room.breadcrumb.pencil.setFocus()
    qtbot.keyClick(room.breadcrumb.pencil, Key.Key_Space)
    field = focused()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "Encoder")
    qtbot.keyClick(field, Key.Key_Return)
    assert set(world.session.project.graphs) == {MODEL, "Encoder"}
    assert room.workspace.canvas.context.name == "Encoder"
    qtbot.keyClick(room.breadcrumb.buttons[0], Key.Key_Space)
    assert room.workspace.canvas.context.name == MODEL
    room.workspace.canvas.select(("block",))
    qtbot.keyClick(
        room.workspace.canvas.view, Key.Key_M, CTRL | Qt.KeyboardModifier.ShiftModifier
    )
    assert set(world.session.project.graphs) == {MODEL}
    assert set(world.session.project.model.edges) == set(residual().edges)


@pytest.mark.parametrize("wrapper", ["TimeDistributed", "SpectralNormalization"])
def test_a_model_inside_a_wrapper_is_opened_by_a_double_click(
    world: World, room: ModelRoom, wrapper: str, qtbot: QtBot
) -> None:
    canvas = room.workspace.canvas
    canvas.select(("b", "add"))
    canvas.run("canvas.nest")
    spec = Spec(NESTED, FrozenMap({"graph": "block"}))
    wrapped = replace(layer("block", wrapper, layer=spec), position=(0.0, 200.0))
    world.session.do(ReplaceNode(wrapped))
    card = canvas.context.scene.nodes["block"].card
    assert card.nested and card.title == f"{wrapper} · block"
    canvas.select(("block",))
    form = room.workspace.inspector.parameters.form
    assert form is not None
    field = form.row("layer").field
    assert field.combo.currentText() == "Nested model"
    assert field.form.form.row("graph") and not field.form.form.row("repeat")
    assert room.workspace.inspector.open.isVisible()
    at = canvas.view.card_rect("block").center()
    qtbot.mouseDClick(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert room.workspace.canvas.context.name == "block"


def test_a_new_nested_model_from_the_palette_is_connected_to_the_selection(
    world: World, room: ModelRoom
) -> None:
    room.workspace.canvas.select(("a",))
    room.palette_panel.chosen.emit(f"{NESTED}:")
    project = world.session.project
    (id,) = room.workspace.canvas.context.selection.ids
    assert project.model.nodes[id].params["graph"] == "block"
    assert Edge("a", id) in project.model.edges
    assert [n.kind for n in project.graphs["block"].inputs] == [INPUT]
    names = [d.kind for d in room.palette_panel._user_layers.models]
    assert names == [f"{NESTED}:block", f"{NESTED}:"]
    world.session.undo()
    assert set(world.session.project.graphs) == {MODEL}, "one step"


def test_another_input_inside_is_another_port_outside(
    world: World, room: ModelRoom
) -> None:
    room.workspace.canvas.select(("b",))
    room.workspace.canvas.run("canvas.nest")
    (id,) = room.workspace.canvas.context.selection.ids
    scene = room.workspace.canvas.context.scene
    assert scene.nodes[id].card.inputs == 1
    room.open_graph("block")
    room.workspace.canvas.select(())
    room.workspace.canvas.add(INPUT)
    assert scene.nodes[id].card.inputs == 2


def test_layers_are_repeated_by_key_and_the_count_is_edited(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    canvas = room.workspace.canvas
    canvas.select(["b", "add"])
    qtbot.keyClick(canvas.view, Key.Key_R)
    assert world.steps == ["Repeat"]
    (id,) = canvas.context.selection.ids
    assert canvas.context.scene.nodes[id].card.title == "Nested model · block ×2"
    form = room.workspace.inspector.parameters.form
    assert form is not None
    row = form.row("repeat")
    assert row is not None
    field = row.findChildren(QLineEdit)[0]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "5")
    qtbot.keyClick(field, Key.Key_Return)
    assert canvas.context.scene.nodes[id].card.title == "Nested model · block ×5"
    assert world.node(id).params["repeat"] == 5
    canvas.run("canvas.unnest")
    assert len(canvas.context.selection.ids) == 5
    for _step in range(3):
        canvas.run("edit.undo")
    assert set(world.session.project.model.edges) == set(residual().edges)
    assert set(world.session.project.graphs) == {MODEL}
