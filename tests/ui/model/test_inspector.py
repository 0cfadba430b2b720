"""The inspector: named undo steps, multiple selection, weights, help, totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from model_world import (
    World,
    connected,
    convolutional,
    image,
    layer,
    shown,
    world_in,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QMenu
from pytestqt.qtbot import QtBot
from rooms import settle

from dlstudio.document.analysis import Analysis, NodeReport, TensorInfo
from dlstudio.document.edits.groups import GroupNodes
from dlstudio.document.edits.nodes import RemoveNodes, SetFrozen
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetName
from dlstudio.document.graph import INPUT, NESTED, OPAQUE, Edge, Graph, node
from dlstudio.document.project import MODEL
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.ui.forms.form_row import FormRow
from dlstudio.ui.model.inspector.graph_overview import overview_rows
from dlstudio.ui.model.inspector.help_view import docstring_html
from dlstudio.ui.model.inspector.inspector import HELP, Inspector

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
Made = tuple[World, Inspector]


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "settings") as made:
        yield made


@pytest.fixture
def inspect(world: World) -> Iterator[Callable[..., Inspector]]:
    opened = []

    def make(*ids: str, graph: str = MODEL) -> Inspector:
        context = shown(lambda: Inspector(world.studio, graph))
        opened.append(context)
        inspector = context.__enter__()
        inspector.show_nodes(ids)
        return inspector

    yield make
    for context in opened:
        context.__exit__(None, None, None)


def _row(inspector: Inspector, name: str) -> FormRow:
    form = inspector.parameters.form
    assert form is not None
    row = form.row(name)
    assert row is not None, name
    QApplication.processEvents()  # new rows are visible after the next layout
    return row


def _type(qtbot: QtBot, inspector: Inspector, name: str, text: str, part: int = 0):
    edit = _row(inspector, name).findChildren(QLineEdit)[part]
    edit.setFocus()
    edit.selectAll()
    if text:
        qtbot.keyClicks(edit, text)
    else:
        qtbot.keyClick(edit, Key.Key_Delete)
    qtbot.keyClick(edit, Key.Key_Return)


def _choose(inspector: Inspector, name: str, text: str, qtbot: QtBot) -> None:
    """Choose with the keyboard, as in a closed combo box."""
    combo = _row(inspector, name).findChild(QComboBox)
    combo.setFocus()
    wanted = combo.findText(text)
    assert wanted >= 0, text
    step = Key.Key_Down if wanted > combo.currentIndex() else Key.Key_Up
    while combo.currentIndex() != wanted:
        before = combo.currentIndex()
        qtbot.keyClick(combo, step)
        assert combo.currentIndex() != before


def _analysis(**reports: NodeReport) -> Analysis:
    return Analysis(1, FrozenMap({MODEL: FrozenMap(reports)}))


EDITS = [
    ("filters", lambda t, i: _type(t, i, "filters", "32"), 32, "Change conv: Filters"),
    (
        "kernel_size",
        lambda t, i: _type(t, i, "kernel_size", "5", part=1),
        (3, 5),
        "Change conv: Kernel size",
    ),
    (
        "padding",
        lambda t, i: _choose(i, "padding", "same", t),
        "same",
        "Change conv: Padding",
    ),
    (
        "activation",
        lambda t, i: t.keyClicks(_combo(i, "activation"), "elu"),
        "elu",
        "Change conv: Activation",
    ),
    (
        "use_bias",
        lambda t, i: t.keyClick(_row(i, "use_bias").field.box, Key.Key_Space),
        False,
        "Change conv: Use bias",
    ),
    ("name", lambda t, i: _type(t, i, "name", "eyes"), "eyes", "Change conv: Name"),
    (
        "dilation_rate",
        lambda t, i: _type(t, i, "dilation_rate", "2"),
        (2, 1),
        "Change conv: Dilation rate",
    ),
]


def _combo(inspector: Inspector, name: str) -> QComboBox:
    combo = _row(inspector, name).findChild(QComboBox)
    combo.setFocus()
    return combo


@pytest.mark.parametrize(("name", "edit", "value", "step"), EDITS)
def test_an_edit_is_one_named_step_that_can_be_undone(
    world: World, inspect, qtbot: QtBot, name, edit, value, step
) -> None:
    world.open(*convolutional())
    inspector = inspect("conv")
    inspector.parameters.form.open_more()
    before = world.session.project
    edit(qtbot, inspector)
    assert world.node("conv").params[name] == value
    assert world.steps == [step]
    world.session.undo()
    assert world.session.project == before
    world.session.redo()
    assert world.node("conv").params[name] == value


def test_invalid_input_changes_nothing(world: World, inspect, qtbot: QtBot) -> None:
    world.open(*convolutional())
    inspector = inspect("conv")
    _type(qtbot, inspector, "filters", "0")
    assert world.node("conv").params["filters"] == 8
    assert "at least 1" in _row(inspector, "filters").mistake()
    _type(qtbot, inspector, "kernel_size", "5")
    assert "at least 1" in _row(inspector, "filters").mistake() or (
        _row(inspector, "filters").findChild(QLineEdit).text() == "8"
    ), "it is either still reported or reset to the valid value"
    assert world.steps == ["Change conv: Kernel size"]


def test_invalid_values_from_a_file_are_reported_at_their_parameter(
    world: World, inspect
) -> None:
    world.open(image(), layer("conv", "Conv2D", filters=0, kernel_size=3, groups=-1))
    inspector = inspect("conv")
    assert "filters" in _row(inspector, "filters").mistake()
    assert _row(inspector, "groups").isVisible(), "invalid ones are not hidden"
    assert "groups" in _row(inspector, "groups").mistake()
    world.session.do(SetParam("conv", "filters", 4))
    assert _row(inspector, "filters").mistake() == ""


def test_parameters_are_reset_one_by_one(world: World, inspect, qtbot: QtBot) -> None:
    world.open(
        image(),
        layer("conv", "Conv2D", filters=4, kernel_size=3, padding="same", groups=2),
    )
    inspector = inspect("conv")
    assert not _row(inspector, "filters").reset_button.isVisible(), "it is required"
    assert not _row(inspector, "strides").reset_button.isVisible()
    qtbot.mouseClick(_row(inspector, "padding").reset_button, LEFT)
    assert "padding" not in world.node("conv").params
    assert "groups" in world.node("conv").params
    assert world.steps == ["Change conv: Padding"]
    assert not _row(inspector, "padding").reset_button.isVisible()
    world.session.undo()
    assert _row(inspector, "padding").reset_button.isVisible()


def test_choosing_the_default_is_the_same_as_resetting(
    world: World, inspect, qtbot: QtBot
) -> None:
    world.open(
        image(), layer("conv", "Conv2D", filters=4, kernel_size=3, padding="same")
    )
    inspector = inspect("conv")
    _choose(inspector, "padding", "valid", qtbot)
    assert "padding" not in world.node("conv").params


def test_an_empty_name_resets_to_the_id_and_names_are_unique(
    world: World, inspect, qtbot: QtBot
) -> None:
    world.open(*convolutional())
    inspector = inspect("conv")
    _type(qtbot, inspector, "name", "eyes")
    assert inspector.above.full_text() == "eyes"
    _type(qtbot, inspector, "name", "")
    assert "name" not in world.node("conv").params
    _type(qtbot, inspector, "name", "head")
    assert "Another layer" in _row(inspector, "name").mistake()


def test_partial_input_is_never_applied_to_another_layer(
    world: World, inspect, qtbot: QtBot
) -> None:
    world.open(*convolutional(), layer("conv_2", "Conv2D", filters=4, kernel_size=3))
    inspector = inspect("conv")
    edit = _row(inspector, "filters").findChild(QLineEdit)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "99")
    inspector.show_nodes(("conv_2",))
    settle()
    assert world.node("conv_2").params["filters"] == 4


def test_several_layers_are_edited_at_once(world: World, inspect, qtbot: QtBot) -> None:
    world.open(
        image(),
        layer("a", "Conv2D", filters=8, kernel_size=3, padding="same"),
        layer("b", "Conv2D", filters=16, kernel_size=3),
    )
    inspector = inspect("a", "b")
    assert inspector.title.full_text() == "2 layers"
    assert inspector.parameters.form.row("name") is None
    filters = _row(inspector, "filters").findChild(QLineEdit)
    assert (filters.text(), filters.placeholderText()) == ("", "multiple values")
    assert _row(inspector, "kernel_size").findChild(QLineEdit).text() == "3"
    assert _combo(inspector, "padding").placeholderText() == "multiple values"
    _type(qtbot, inspector, "filters", "64")
    assert [world.node(id).params["filters"] for id in "ab"] == [64, 64]
    assert world.steps == ["Change 2 layers: Filters"]
    qtbot.mouseClick(_row(inspector, "padding").reset_button, LEFT)
    assert "padding" not in world.node("a").params
    assert world.steps[-1] == "Change 2 layers: Padding"


def test_layers_of_different_kinds_show_common_parameters(
    world: World, inspect, qtbot: QtBot
) -> None:
    world.open(*convolutional())
    inspector = inspect("conv", "head")
    form = inspector.parameters.form
    assert form.row("activation") is not None
    assert form.row("filters") is None and form.row("units") is None
    assert "Conv2D, Dense" in inspector.summary.text()
    qtbot.keyClicks(_combo(inspector, "activation"), "tanh")
    assert [world.node(id).params["activation"] for id in ("conv", "head")] == [
        "tanh",
        "tanh",
    ]


def test_a_nested_layers_parameter_is_one_step(
    world: World, inspect, qtbot: QtBot
) -> None:
    inner = {"kind": "keras.layers.LSTM", "params": {"units": 4}}
    world.open(
        node("x", INPUT, shape=[5, 3]),
        layer("bi", "Bidirectional", layer=inner, merge_mode="sum"),
    )
    inspector = inspect("bi")
    units = _row(inspector, "layer").field.form.form.row("units")
    edit = units.findChild(QLineEdit)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "12")
    qtbot.keyClick(edit, Key.Key_Return)
    spec = world.node("bi").params["layer"]
    assert isinstance(spec, Spec) and spec.params["units"] == 12
    assert world.steps == ["Change bi: Layer"]
    world.session.undo()
    assert edit.text() == "4"


def test_a_stack_of_cells_grows_by_a_click(world: World, inspect, qtbot: QtBot) -> None:
    cell = {"kind": "keras.layers.GRUCell", "params": {"units": 3}}
    stack = {"kind": "keras.layers.StackedRNNCells", "params": {"cells": [cell]}}
    world.open(node("x", INPUT, shape=[5, 3]), layer("rnn", "RNN", cell=stack))
    inspector = inspect("rnn")
    cells = _row(inspector, "cell").field.form.form.row("cells").field
    qtbot.mouseClick(cells.add, LEFT)
    spec = world.node("rnn").params["cell"]
    assert isinstance(spec, Spec) and len(spec.params["cells"]) == 2
    qtbot.mouseClick(cells.rows[0].remove, LEFT)
    assert world.steps == ["Change rnn: Cell", "Change rnn: Cell"]


def test_advanced_parameters_stay_open_between_layers(
    world: World, inspect, qtbot: QtBot
) -> None:
    world.open(*convolutional())
    inspector = inspect("conv")
    assert not _row(inspector, "groups").isVisible()
    more = inspector.parameters.form._more
    qtbot.mouseClick(more, LEFT)
    assert _row(inspector, "groups").isVisible()
    inspector.show_nodes(("head",))
    assert _row(inspector, "use_bias").isVisible()


def test_shape_cost_and_freezing(world: World, inspect, qtbot: QtBot) -> None:
    world.open(*convolutional())
    inspector = inspect("conv")
    costs = inspector.parameters.costs
    assert not costs.cost.isVisible(), "nothing is known yet"
    conv = NodeReport((), (TensorInfo((10, 10, 8)),), 80, 80, 7200, 3200)
    inspector.set_analysis(_analysis(conv=conv, pool=NodeReport()))
    assert costs.shape.text() == "(batch, 10, 10, 8) float32"
    assert "80 parameters" in costs.cost.text()
    assert "7.2 k multiply-adds" in costs.cost.text()
    frozen = inspector.parameters.weights.frozen
    assert frozen.isVisible()
    qtbot.mouseClick(frozen, LEFT, pos=frozen.rect().center())
    qtbot.keyClick(frozen, Key.Key_Space) if not world.steps else None
    assert world.node("conv").frozen
    assert world.steps == ["Change conv: Frozen"]
    inspector.show_nodes(("pool",))
    assert not frozen.isVisible(), "it has no weights"


def test_partly_frozen_layers_are_frozen_by_one_click(
    world: World, inspect, qtbot: QtBot
) -> None:
    world.open(*convolutional())
    world.session.do(SetFrozen(("conv",), True))
    inspector = inspect("conv", "head")
    some = NodeReport((), (), 80, 80)
    inspector.set_analysis(_analysis(conv=some, head=some))
    frozen = inspector.parameters.weights.frozen
    assert frozen.checkState() == Qt.CheckState.PartiallyChecked
    qtbot.keyClick(frozen, Key.Key_Space)
    assert world.node("conv").frozen and world.node("head").frozen
    qtbot.keyClick(frozen, Key.Key_Space)
    assert not world.node("conv").frozen and not world.node("head").frozen


def test_weights_are_shared_by_a_menu_and_owned_again_by_a_button(
    world: World, inspect, qtbot: QtBot
) -> None:
    nodes = [
        image(4),
        layer("one", "Dense", units=4),
        layer("two", "Dense", units=8),
        layer("other", "Flatten"),
    ]
    world.open(*nodes)
    inspector = inspect("two")
    some = NodeReport((), (TensorInfo((4,)),), 20, 20)
    inspector.set_analysis(_analysis(one=some, two=some))
    weights = inspector.parameters.weights
    qtbot.mouseClick(weights.share, LEFT)
    (menu,) = weights.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["one"]
    menu.actions()[0].trigger()
    menu.close()
    assert world.node("two").shares == "one"
    assert world.steps == ["Share weights"]
    assert not inspector.parameters.form.isEnabled()
    assert _row(inspector, "units").findChild(QLineEdit).text() == "4", "the owner's"
    inspector.show_nodes(("one",))
    assert "“two”" in weights._note.text()
    inspector.show_nodes(("two",))
    qtbot.mouseClick(weights.own, LEFT)
    assert world.node("two").shares is None
    assert inspector.parameters.form.isEnabled()
    assert world.steps[-1] == "Use own weights"


def test_call_arguments_are_advanced_parameters(
    world: World, inspect, qtbot: QtBot
) -> None:
    world.open(image(4), layer("drop", "Dropout", rate=0.5))
    inspector = inspect("drop")
    inspector.parameters.form.open_more()
    row = _row(inspector, "call.training")
    box = row.findChild(QCheckBox)
    assert box.text() == "automatic"
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert dict(world.node("drop").call) == {"training": True}
    assert world.steps == ["Change drop: Training mode"]
    qtbot.mouseClick(row.reset_button, LEFT)
    assert not world.node("drop").call


def test_only_the_name_of_an_opaque_layer_is_editable(world: World, inspect) -> None:
    block = node("block", OPAQUE, class_name="Mixer", config={"json": {}})
    world.open(image(4), block)
    inspector = inspect("block")
    assert inspector.title.full_text() == "Mixer"
    form = inspector.parameters.form
    assert form.row("name") is not None
    assert form.row("config") is None


def test_a_nested_graph_is_opened_and_chosen(
    world: World, inspect, qtbot: QtBot
) -> None:
    inner = Graph.chain([node("in", INPUT, shape=[4]), layer("d", "Dense", units=4)])
    world.open(image(4), node("part", NESTED, graph="encoder"))
    project = world.session.project.with_graph("encoder", inner)
    world.session.replace(project.with_graph("decoder", inner), None, saved=True)
    inspector = inspect("part")
    assert inspector.title.full_text() == "encoder"
    with qtbot.waitSignal(inspector.graph_requested) as reported:
        qtbot.mouseClick(inspector.open, LEFT)
    assert reported.args == ["encoder"]
    _choose(inspector, "graph", "decoder", qtbot)
    assert world.node("part").params["graph"] == "decoder"
    inspector.show_nodes(("image",))
    assert not inspector.open.isVisible()


def test_help_is_keras_own_docstring(world: World, inspect, qtbot: QtBot) -> None:
    world.open(*convolutional())
    inspector = inspect("conv")
    inspector.tabs.setCurrentIndex(HELP)
    text = inspector.help.toPlainText()
    assert "keras.layers.Conv2D" in text
    assert "convolution kernel" in text
    inspector.show_nodes(("pool",))
    assert "keras.layers.MaxPooling2D" in inspector.help.toPlainText()


def test_help_is_not_created_while_another_tab_is_shown(world: World, inspect) -> None:
    world.open(*convolutional())
    assert inspect("conv").help.toPlainText() == ""


def test_docstrings_are_escaped() -> None:
    page = docstring_html(
        "Does <b>things</b>.\n\nArgs:\n    a: The `first`.\n    b: Second\n"
        "        line.\n\nExample:\n\n```python\nx = 1 < 2\n```\n\n- one\n- two `x`\n"
    )
    assert "&lt;b&gt;things" in page
    assert "<b>a</b> The <code>first</code>." in page
    assert "<b>b</b> Second line." in page
    assert "<pre>x = 1 &lt; 2\n</pre>" in page
    assert "<li>one</li><li>two <code>x</code></li>" in page


def test_several_inputs_are_shown_by_their_names() -> None:
    shape = (TensorInfo((12, 12, 1)),)
    ids = ("left", "right", "sum")
    kinds = (INPUT, INPUT, "keras.layers.Add")
    graph = Graph(
        FrozenMap({id: node(id, kind) for id, kind in zip(ids, kinds, strict=True)}),
        (Edge("left", "sum"), Edge("right", "sum", 0, 1)),
    )
    reports = {id: NodeReport((), shape) for id in ids}
    rows = overview_rows(graph, _analysis(**reports), MODEL)
    titles = [title for title, _value, is_shape in rows if is_shape]
    assert titles == ["Input left", "Input right", "Output"]
    many = {f"in_{n}": node(f"in_{n}", INPUT) for n in range(9)}
    graph = Graph(FrozenMap(many), (), ("in_0",))
    reports = {id: NodeReport((), shape) for id in many}
    rows = overview_rows(graph, _analysis(**reports), MODEL)
    assert sum(title.startswith("Input") for title, *_more in rows) == 6
    assert ("", "and 3 more", False) in rows


def test_the_model_overview_is_shown_without_a_selection(world: World, inspect) -> None:
    world.open(*convolutional(), name="Ours")
    inspector = inspect()
    assert inspector.title.full_text() == "Ours"
    assert "Layers: 4" in inspector.overview.text()
    world.session.do(SetFrozen(("conv",), True))
    inspector.set_analysis(
        _analysis(
            image=NodeReport((), (TensorInfo((12, 12, 1)),), memory=576),
            conv=NodeReport((), (TensorInfo((10, 10, 8)),), 80, 80, 7200, 3200),
            pool=NodeReport((), (TensorInfo((5, 5, 8)),), 0, 0, None, 800),
            flat=NodeReport((), (TensorInfo((200,)),)),
            head=NodeReport((), (TensorInfo((10,)),), 2010, 2010, 2000, 40),
        )
    )
    lines = inspector.overview.text().splitlines()
    assert "Parameters: 2,090" in lines
    assert "Trainable: 2,010" in lines
    assert "Multiply-adds: ≥ 9.2 k" in lines, "one layer's are not known"
    assert "Size of weights: 8.16 KB" in lines
    assert "Input: (batch, 12, 12, 1) float32" in lines
    assert "Output: (batch, 10) float32" in lines
    world.session.do(SetName("Other"))
    assert inspector.title.full_text() == "Other"


def test_a_removed_node_is_not_shown_any_more(world: World, inspect) -> None:
    world.open(*convolutional())
    inspector = inspect("conv")
    assert inspector.tabs.isVisible()
    world.session.do(RemoveNodes(("conv",), join=True))
    assert not inspector.tabs.isVisible()
    assert inspector.overview.isVisible()


def test_an_unknown_layer_has_no_form(world: World, inspect) -> None:
    world.open(image(), node("x", "some.other.Layer", units=3))
    inspector = inspect("x")
    assert inspector.parameters.form is None
    assert "does not support this layer" in inspector.summary.text()


def test_a_refused_edit_is_a_notice(world: World, inspect, qtbot: QtBot) -> None:
    nodes = [image(4), layer("one", "Dense", units=4), layer("two", "Dense", units=4)]
    world.draw(
        connected([nodes[0], replace(nodes[1], shares="two"), nodes[2]], "image one")
    )
    inspector = inspect("two")
    inspector.parameters.weights.show_nodes(
        [world.node("two")], world.session.project.model, True
    )
    inspector.parameters.weights._share_with("one")
    assert world.reported and world.reported[-1][1] == "bad"
    assert world.steps == []


def test_moving_a_node_keeps_the_form(world: World, inspect, qtbot: QtBot) -> None:
    from dlstudio.document.edits.nodes import MoveNodes

    world.open(*convolutional())
    inspector = inspect("conv")
    edit = _row(inspector, "filters").findChild(QLineEdit)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "x")
    world.session.do(MoveNodes(FrozenMap({"conv": (5.0, 5.0)})))
    assert edit.text() == "x", "partial input is kept"


def test_a_selected_group_is_shown_by_name(world: World, inspect) -> None:
    world.open(*convolutional())
    world.session.do(GroupNodes("g", "Body", ("conv", "pool")))
    inspector = inspect("conv", "pool")
    assert inspector.title.full_text() == "Body"
    assert inspector.above.full_text() == "Group · 2 layers"
    inspector.show_nodes(("conv", "flat"))
    assert inspector.title.full_text() == "2 layers"
