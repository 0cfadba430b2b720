"""The Model room as a whole: synchronized panes, with the real engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from model_world import World, catalog, convolutional, image, layer, shown, world_in
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.document.analysis import Analysis
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import RemoveGraph, SetGraph
from dlstudio.document.graph import INPUT, NESTED, Graph, node
from dlstudio.document.plan import DataRecipe
from dlstudio.document.problems import Problem
from dlstudio.document.project import MODEL, Project
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.settings import SettingsStore
from dlstudio.ui.model.inspector.inspector import HELP, OUTPUT, PARAMETERS
from dlstudio.ui.model.panels.model_panels import PROBLEMS, PYTHON, SUMMARY
from dlstudio.ui.model.room import ModelRoom
from dlstudio.ui.services.model_view_state import (
    DEFAULT_SIZES,
    INSPECTOR,
    PALETTE,
    PANELS,
    ViewState,
    parse_sizes,
    sizes_text,
)
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.shell.window import Window

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
DIGITS = DataRecipe(Spec("dlstudio.sources.digits"))


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "settings") as made:
        made.open(*convolutional())
        yield made


@pytest.fixture
def make_room(world: World) -> Iterator[Callable[[], ModelRoom]]:
    opened = []

    def make() -> ModelRoom:
        context = shown(lambda: ModelRoom(world.studio), 1280, 720)
        opened.append(context)
        return context.__enter__()

    yield make
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def room(make_room: Callable[[], ModelRoom]) -> ModelRoom:
    return make_room()


def _nest(world: World) -> None:
    """Create a model with a nested graph that contains another one."""
    inner = Graph.chain([node("in", INPUT, shape=[4]), layer("d", "Dense", units=4)])
    outer = Graph.chain([node("in", INPUT, shape=[4]), node("p", NESTED, graph="core")])
    world.open(image(4), node("part", NESTED, graph="encoder"))
    project = world.session.project.with_graph("encoder", outer)
    world.session.replace(project.with_graph("core", inner), None, saved=True)


# Common selection.


def test_the_canvas_selection_is_shown_in_all_panes(
    room: ModelRoom, qtbot: QtBot
) -> None:
    workspace = room.workspace
    workspace.panels.open(PYTHON)
    script = workspace.panels.python.text
    until(lambda: "build_model" in script.toPlainText())
    workspace.canvas.select(("conv",))
    assert workspace.inspector.title.full_text() == "Conv2D"
    selections = script.extraSelections()
    marked = selections[0].cursor.block().text()
    assert marked.strip().startswith("conv = ")
    workspace.canvas.select(())
    assert workspace.inspector.title.full_text() == "Ours"
    assert script.extraSelections() == []


def test_enter_on_a_node_focuses_its_first_parameter(room: ModelRoom) -> None:
    workspace = room.workspace
    workspace.inspector.tabs.setCurrentIndex(HELP)
    workspace.canvas.select(("conv",))
    workspace.canvas.opened.emit("conv")
    assert workspace.inspector.tabs.currentIndex() == PARAMETERS
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    assert focused.accessibleName() == "Filters"


def test_a_summary_row_and_a_script_line_select_the_node(room: ModelRoom) -> None:
    room.workspace.panels.summary.chosen.emit("pool")
    assert room.workspace.canvas.context.selection.ids == ("pool",)
    room.workspace.panels.python.chosen.emit("head")
    assert room.workspace.canvas.context.selection.ids == ("head",)


def test_undo_updates_form_and_table(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    room.workspace.canvas.select(("conv",))
    room.workspace.panels.open(SUMMARY)
    world.session.do(SetParam("conv", "filters", 32))
    row = room.workspace.inspector.parameters.form.row("filters")
    assert row.findChild(QLineEdit).text() == "32"
    world.session.undo()
    assert row.findChild(QLineEdit).text() == "8"


# Called by the shell.


def test_the_shells_actions_reach_the_canvas(world: World, room: ModelRoom) -> None:
    def run(id: str) -> None:
        room.commands()[id].run()

    run("edit.select_all")
    assert len(room.workspace.canvas.context.selection.ids) == 5
    room.workspace.canvas.select(("pool",))
    run("edit.copy")
    run("edit.paste")
    run("edit.duplicate")
    assert len(world.session.project.model.nodes) == 7
    room.workspace.canvas.select(("conv",))
    run("edit.cut")
    assert "conv" not in world.session.project.model.nodes
    before = room.workspace.canvas.view.transform().m11()
    run("view.zoom_in")
    assert room.workspace.canvas.view.transform().m11() > before
    run("view.zoom_out")
    run("view.zoom_fit")
    run("edit.find")
    assert room.workspace.canvas.find_bar.isVisible()
    room.search_layers()
    assert room.palette_panel.search.hasFocus()
    room.show_problems()
    assert room.workspace.panels.tabs.currentIndex() == PROBLEMS


def test_the_script_is_requested_from_the_menu(
    room: ModelRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    room.save_script()
    (dialog,) = room.workspace.panels.python.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "m.py"))
    dialog.reject()
    until((tmp_path / "m.py").exists)
    assert "build_model" in (tmp_path / "m.py").read_text("utf-8")


def test_the_canvas_is_saved_as_a_drawing(room: ModelRoom, tmp_path: Path) -> None:
    (button,) = (room.workspace.canvas.toolbar.buttons["canvas.draw"],)
    for name, chosen in (("m.svg", 0), ("m.pdf", 1), ("m", 3)):
        button.click()
        dialog = room.workspace.findChild(QFileDialog)
        assert dialog is not None
        dialog.selectNameFilter(dialog.nameFilters()[chosen])
        dialog.fileSelected.emit(str(tmp_path / name))
        dialog.reject()
        settle()
    files = [tmp_path / name for name in ("m.svg", "m.pdf", "m.png")]
    until(lambda: all(file.exists() for file in files))
    assert ">head<" in files[0].read_text("utf-8")
    assert files[1].read_bytes().startswith(b"%PDF")
    rect = room.workspace.canvas.context.scene.content_rect()
    image = QImage(str(files[2]))
    assert abs(image.width() - 2 * (rect.width() + 48)) < 4
    assert abs(image.height() - 2 * (rect.height() + 48)) < 4


def test_a_layer_that_cannot_be_added_is_a_notice(
    world: World, room: ModelRoom
) -> None:
    room.add_layer("no.such.Layer")
    assert world.reported and world.reported[-1][1] == "bad"


# Nested graphs.


def test_nested_graphs_open_and_the_breadcrumb_goes_back(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    _nest(world)
    assert not room.breadcrumb.isVisible()
    room.workspace.canvas.select(("part",))
    qtbot.mouseClick(room.workspace.inspector.open, LEFT)
    room.workspace.canvas.opened.emit("p")
    assert room.breadcrumb.isVisible()
    assert [b.text() for b in room.breadcrumb.buttons] == ["Model", "encoder"]
    assert set(room.workspace.canvas.context.graph.nodes) == {"in", "d"}
    room.workspace.canvas.select(("d",))
    room.workspace.canvas.add("keras.layers.ReLU")
    assert len(world.session.project.graph("core").nodes) == 3
    assert len(world.session.project.model.nodes) == 2
    qtbot.mouseClick(room.breadcrumb.buttons[0], LEFT)
    assert not room.breadcrumb.isVisible()
    assert room.workspace.canvas.context.name == MODEL


def test_a_removed_graph_is_closed(world: World, room: ModelRoom) -> None:
    _nest(world)
    room.open_graph("encoder")
    room.open_graph("core")
    world.session.do(RemoveGraph("core"))
    assert room.workspace.canvas.context.name == "encoder"
    world.session.undo()
    room.open_graph("core")
    world.open(image())
    assert room.workspace.canvas.context.name == MODEL
    assert not room.breadcrumb.isVisible()
    room.open_graph("gone")
    assert room.workspace.canvas.context.name == MODEL


def test_a_problem_in_another_graph_opens_that_graph(
    world: World, room: ModelRoom
) -> None:
    _nest(world)
    room.workspace.panels.problems.shown.emit("core", "d")
    assert room.workspace.canvas.context.name == "core"
    assert room.workspace.canvas.context.selection.ids == ("d",)


# Saved and restored state.


def test_a_recreated_room_restores_its_state(
    world: World, make_room: Callable[[], ModelRoom], qtbot: QtBot
) -> None:
    _nest(world)
    first = make_room()
    first.open_graph("encoder")
    first.workspace.canvas.select(("p",))
    first.workspace.inspector.tabs.setCurrentIndex(HELP)
    first.workspace.panels.open(SUMMARY)
    second = make_room()
    assert second.workspace.canvas.context.name == "encoder"
    assert second.breadcrumb.isVisible()
    assert second.workspace.canvas.context.selection.ids == ("p",)
    assert second.workspace.inspector.tabs.currentIndex() == HELP
    assert second.workspace.inspector.title.full_text() == "core"
    assert second.workspace.panels.tabs.currentIndex() == SUMMARY
    qtbot.mouseClick(second.workspace.panels.collapse_button, LEFT)
    third = make_room()
    assert third.workspace.panels.is_collapsed


def test_sizes_are_saved_between_sessions(world: World, room: ModelRoom) -> None:
    split = room.workspace._horizontal_splitter
    split.moveSplitter(split.width() - 400, 1)
    room._splitter.moveSplitter(300, 1)
    assert world.studio.services.close()
    again = SettingsStore(world.studio.settings.path.parent)
    sizes = ViewState(again).sizes
    assert abs(sizes[INSPECTOR] - 400) < 4
    assert abs(sizes[PALETTE] - 300) < 4


def test_invalid_sizes_are_ignored() -> None:
    text = "palette=9999 inspector=-3 panels=x other=5 panels palette=200"
    assert parse_sizes(text) == {"palette": 200}
    assert parse_sizes(sizes_text(DEFAULT_SIZES)) == DEFAULT_SIZES


def test_the_smallest_window_shows_everything(room: ModelRoom) -> None:
    room.resize(876, 560)
    QApplication.processEvents()
    workspace = room.workspace
    workspace.panels.collapse(False)
    QApplication.processEvents()
    for part in (
        room.palette_panel,
        workspace.canvas,
        workspace.inspector,
        workspace.panels,
    ):
        assert part.width() > 100 and part.height() > 60
    assert workspace.inspector.geometry().right() <= workspace.width()


def test_theme_and_language_can_change_during_work(
    make_window: Callable[..., Window], qtbot: QtBot
) -> None:
    window = make_window(rooms=ROOMS, with_catalog=catalog())
    session, shell = window.core.session, window.shell
    project = Project("Ours", graphs=FrozenMap({MODEL: Graph.chain(convolutional())}))
    session.replace(project, None, saved=True)
    shell.go("model")
    reported: list[str] = []
    window.core.notices.reported.connect(
        lambda text, _kind, _more: reported.append(text)
    )
    before = shell.room()
    before.workspace.canvas.select(("conv",))
    before.workspace.panels.open(PYTHON)
    edit = before.workspace.inspector.parameters.form.row("filters").findChild(
        QLineEdit
    )
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "12")  # the edit is still pending, as is the script
    shell.set(theme="dark", language="zh_CN")
    after = shell.room()
    assert after is not before
    script = after.workspace.panels.python.text
    until(lambda: "build_model" in script.toPlainText())
    settle()
    assert after.workspace.canvas.context.selection.ids == ("conv",)
    assert after.workspace.inspector.title.full_text() == "Conv2D"
    assert after.workspace.panels.tabs.currentIndex() == PYTHON
    assert window.findChildren(ModelRoom) == [after], "the old one is deleted"
    assert reported == []
    heading = after.palette_panel.model.index(0, 0).data()
    assert heading == "核心"
    after.palette_panel.search.setText("滑动")
    found = after.palette_panel.model.first()
    assert found.data() == "Conv2D", "found by its Chinese summary"


def test_the_palette_finds_chinese_in_the_english_window(room: ModelRoom) -> None:
    room.palette_panel.search.setText("滑动")
    assert room.palette_panel.model.first().data() == "Conv2D"


# With the real engine.


@pytest.fixture
def ready(world: World, qtbot: QtBot) -> World:
    """Return a world whose engine has loaded TensorFlow; every change is analysed."""
    engine, session = world.engine, world.session
    engine.load()
    until(lambda: engine.state == "ready")
    session.changed.connect(
        lambda change: engine.analyse(change.after, change.revision, session.folder)
    )
    return world


def _analysed(world: World, qtbot: QtBot) -> None:
    revision = world.session.revision
    last = lambda: world.engine.last  # noqa: E731
    until(lambda: last() is not None and last().revision == revision)


def test_a_shape_problem_is_shown_and_fixed_with_the_button(
    ready: World, room: ModelRoom, qtbot: QtBot
) -> None:
    world = ready
    world.open(
        image(12, 12, 1),
        layer("conv", "Conv2D", filters=4, kernel_size=15, activation="relu"),
        layer("flat", "Flatten"),
        layer("head", "Dense", units=10, activation="softmax"),
    )
    _analysed(world, qtbot)
    rows = [r for r in room.workspace.panels.problems.rows if r.accessibleName()]
    wrong = next(row for row in rows if "conv" in row.accessibleName())
    room.workspace.canvas.select(())
    qtbot.mouseClick(wrong, LEFT, pos=wrong.rect().bottomLeft() / 2)
    assert room.workspace.canvas.context.selection.ids == ("conv",)
    button = wrong.findChildren(QPushButton)[0]
    fix_label = button.text()
    QApplication.processEvents()
    qtbot.mouseClick(button, LEFT)
    assert world.steps == [fix_label]
    _analysed(world, qtbot)
    assert not [
        p
        for p in world.engine.last.problems
        if p.node == "conv" and p.severity == "error"
    ]
    costs = room.workspace.inspector.parameters.costs
    assert costs.shape.text().startswith("(batch, ")
    assert "parameters" in costs.cost.text()
    room.workspace.panels.open(SUMMARY)
    assert room.workspace.panels.summary.model.rows[-1].id == ""


def _digits(world: World, folder: Path | None = None) -> None:
    world.open(
        image(8, 8, 1),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("conv", "Conv2D", filters=6, kernel_size=3),
        layer("flat", "Flatten"),
        layer("head", "Dense", units=10, activation="softmax"),
    )
    from dataclasses import replace

    project = replace(world.session.project, data=DIGITS)
    world.session.replace(project, folder, saved=True)


def test_the_output_tab_shows_maps_of_a_real_digit(
    ready: World, room: ModelRoom, qtbot: QtBot
) -> None:
    _digits(ready)
    output = room.workspace.inspector.output
    room.workspace.canvas.select(("conv",))
    room.workspace.inspector.tabs.setCurrentIndex(OUTPUT)
    until(output.maps.isVisible)
    assert output.sample.image.width() == output.sample.image.height() == 8
    assert output.maps.image.width() >= 3 * 6
    assert output.note.text().endswith("Untrained weights")
    assert "6×6×6" in output.statistics.text()
    first = output.note.text()
    QApplication.processEvents()
    qtbot.mouseClick(output.next_sample, LEFT)
    until(lambda: output.note.text() != first)
    room.workspace.canvas.select(("head",))
    until(lambda: "[" in output.statistics.text())
    assert not output.maps.isVisible(), "a vector has no image"
    assert output.histogram_chart.isVisible()


def test_the_output_tab_uses_trained_weights(
    ready: World, room: ModelRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    _digits(ready, tmp_path)
    project = ready.session.project

    def pretend_training(_compute: object, memo: object) -> str:
        from dlstudio.engine.model.build import build
        from dlstudio.engine.runs.store import RunStore

        model = build(project, memo.catalog)
        for weight in model.weights:
            weight.assign(np.zeros(weight.shape))
        run = RunStore(tmp_path).create(project_to_json(project), seed=0)
        model.save(run.folder / "model.keras")
        run.set_outcome("succeeded")
        return run.id

    done: list[str] = []
    ready.engine.engine_job(pretend_training).on_success(done.append).start()
    until(lambda: bool(done))
    output = room.workspace.inspector.output
    room.workspace.canvas.select(("conv",))
    room.workspace.inspector.tabs.setCurrentIndex(OUTPUT)
    until(lambda: "run 1" in output.note.text())
    assert "from 0 to 0" in output.statistics.text()
    qtbot.mouseClick(output.trained, LEFT, pos=output.trained.rect().bottomLeft() / 2)
    until(lambda: "Untrained" in output.note.text())
    assert "from 0 to 0" not in output.statistics.text()


def test_only_the_latest_result_is_shown(
    ready: World, room: ModelRoom, qtbot: QtBot
) -> None:
    _digits(ready)
    output = room.workspace.inspector.output
    room.workspace.inspector.tabs.setCurrentIndex(OUTPUT)
    shown_notes: list[str] = []
    room.workspace.canvas.select(("conv",))
    until(output.maps.isVisible)
    output.show_node("scale")
    output._rest.stop()
    output._compute()  # without the delay, as if both were requested in a row
    output.show_node("head")
    output._rest.stop()
    output._compute()
    until(lambda: "10 · " in output.statistics.text())
    shown_notes.append(output.statistics.text())
    settle()
    assert output.statistics.text() == shown_notes[0]
    assert not output.maps.isVisible()


def test_nothing_is_computed_while_the_output_tab_is_hidden(
    ready: World, room: ModelRoom, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _digits(ready)
    requests: list[object] = []
    engine_job = ready.engine.engine_job

    def counted(work, *args):
        if getattr(work, "__name__", "") == "compute_activation":
            requests.append(args)
        return engine_job(work, *args)

    monkeypatch.setattr(ready.engine, "engine_job", counted)
    output = room.workspace.inspector.output
    room.workspace.canvas.select(("conv",))
    ready.session.do(SetParam("conv", "filters", 3))
    settle()
    assert requests == []
    room.workspace.inspector.tabs.setCurrentIndex(OUTPUT)
    until(output.maps.isVisible)
    assert len(requests) == 1
    room.workspace.inspector.tabs.setCurrentIndex(PARAMETERS)
    ready.session.do(SetParam("conv", "filters", 4))
    settle()
    assert len(requests) == 1
    room.workspace.inspector.tabs.setCurrentIndex(OUTPUT)
    until(lambda: "6×6×4" in output.statistics.text())
    room.workspace.inspector.tabs.setCurrentIndex(HELP)
    room.workspace.inspector.tabs.setCurrentIndex(OUTPUT)
    settle()
    assert len(requests) == 2, "an unchanged request is not repeated"


def test_an_error_before_the_layer_is_reported_in_the_output_tab(
    ready: World, room: ModelRoom, qtbot: QtBot
) -> None:
    _digits(ready)
    ready.session.do(SetParam("conv", "kernel_size", 99))
    output = room.workspace.inspector.output
    room.workspace.canvas.select(("head",))
    room.workspace.inspector.tabs.setCurrentIndex(OUTPUT)
    until(lambda: "conv" in output.note.text())
    assert not output.histogram_chart.isVisible()
    ready.session.undo()
    until(output.histogram_chart.isVisible)


def test_the_output_tab_waits_for_tensorflow(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    _digits(world)
    output = room.workspace.inspector.output
    room.workspace.canvas.select(("conv",))
    room.workspace.inspector.tabs.setCurrentIndex(OUTPUT)
    until(lambda: "still loading" in output.note.text())
    world.engine.load()
    until(output.maps.isVisible)


def test_a_broken_tensorflow_is_reported_in_the_output_tab(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    _digits(world)
    room.workspace.canvas.select(("conv",))
    room.workspace.inspector.tabs.setCurrentIndex(OUTPUT)
    world.engine.state = "failed"
    world.engine.state_changed.emit("failed")
    output = room.workspace.inspector.output
    until(lambda: "could not be loaded" in output.note.text())


def test_a_hidden_graph_is_not_redrawn(
    ready: World, room: ModelRoom, qtbot: QtBot
) -> None:
    _nest(ready)
    hidden = room.workspace
    room.open_graph("encoder")
    reported: list[object] = []
    hidden.canvas.set_analysis = reported.append
    ready.session.do(SetParam("part", "name", "x"))
    _analysed(ready, qtbot)
    assert reported == []
    room.open_graph(MODEL)
    assert len(reported) == 1


def test_a_layer_added_to_a_nested_graph_changes_the_outer_shapes(
    ready: World, room: ModelRoom, qtbot: QtBot
) -> None:
    _nest(ready)
    _analysed(ready, qtbot)
    inner = ready.session.project.graph("core")
    wider = inner.with_params("d", {"units": 9})
    ready.session.do(SetGraph(wider, "core"))
    _analysed(ready, qtbot)
    report = ready.engine.last.node(MODEL, "part")
    assert report is not None and str(report.outputs[0]) == "9"


def test_an_empty_problem_list_is_collapsed(
    world: World, room: ModelRoom, qtbot: QtBot
) -> None:
    workspace, problem = room.workspace, Problem("error", "x", "Wrong.", "conv")
    assert workspace.panels.is_collapsed
    world.engine.analysed.emit(Analysis(1))
    assert workspace.panels.is_collapsed
    assert workspace.panels.height() == workspace.panels.head_height < 48
    world.engine.analysed.emit(Analysis(2, problems=(problem,)))
    assert not workspace.panels.is_collapsed
    assert workspace.panels.height() >= DEFAULT_SIZES[PANELS] - 16
    world.engine.analysed.emit(Analysis(3))
    assert workspace.panels.is_collapsed

    qtbot.mouseClick(
        workspace.panels.collapse_button, LEFT
    )  # chosen by the user from now on
    world.engine.analysed.emit(Analysis(4, problems=(problem,)))
    world.engine.analysed.emit(Analysis(5))
    assert not workspace.panels.is_collapsed
    qtbot.mouseClick(workspace.panels.collapse_button, LEFT)
    world.engine.analysed.emit(Analysis(6, problems=(problem,)))
    assert workspace.panels.is_collapsed


def test_other_panels_are_not_collapsed_automatically(
    world: World, room: ModelRoom
) -> None:
    room.workspace.panels.open(SUMMARY)
    world.engine.analysed.emit(Analysis(1, problems=(Problem("error", "x", "Wrong."),)))
    world.engine.analysed.emit(Analysis(2))
    assert not room.workspace.panels.is_collapsed
