"""The panels below the canvas: problems with fixes, summary and script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from model_world import World, connected, convolutional, image, layer, shown, world_in
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.document.analysis import Analysis, NodeReport, TensorInfo
from dlstudio.document.canvas.number_format import cost_text
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetGraph, SetPlan
from dlstudio.document.graph import Graph
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.project import MODEL
from dlstudio.document.values import FrozenMap
from dlstudio.ui.model.panels.model_panels import PROBLEMS, PYTHON, SUMMARY, ModelPanels
from dlstudio.ui.model.panels.problem_row import ProblemRow

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


@pytest.fixture
def world(qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "settings") as made:
        made.open(*convolutional())
        yield made


@pytest.fixture
def panels(world: World) -> Iterator[ModelPanels]:
    with shown(lambda: ModelPanels(world.studio, MODEL), 800, 260) as made:
        yield made


SMALLER = Fix("Set filters to 4", (SetParam("conv", "filters", 4),))
OTHER = Fix("Set filters to 5", (SetParam("conv", "filters", 5),))
WRONG = Problem(
    "error", "odd", "conv: It is odd. Make it even.", "conv", fixes=(SMALLER,)
)
DATA = Problem("warning", "few-samples", "There are few samples.")
PLAN = Problem("hint", "learning-rate", "The rate is high.", fixes=(SMALLER, OTHER))


def _analysis(*problems: Problem, **reports: NodeReport) -> Analysis:
    return Analysis(1, FrozenMap({MODEL: FrozenMap(reports)}), problems)


def _rows(panels: ModelPanels) -> list[ProblemRow]:
    QApplication.processEvents()
    return [row for row in panels.problems.rows if isinstance(row, ProblemRow)]


# Problems.


def test_the_tab_counts_the_problems(panels: ModelPanels) -> None:
    panels.show_analysis(_analysis(WRONG, DATA))
    assert panels.tabs.tabText(PROBLEMS) == "Problems  2"
    assert len(_rows(panels)) == 2
    panels.show_analysis(_analysis())
    assert panels.tabs.tabText(PROBLEMS) == "Problems"
    (label,) = panels.problems.rows
    assert label.text() == "No problems found."


def test_a_row_shows_layer_and_message(panels: ModelPanels) -> None:
    panels.show_analysis(_analysis(WRONG))
    (row,) = _rows(panels)
    texts = [each.text() for each in row.findChildren(type(panels.python._note))]
    assert "conv" in texts
    assert "It is odd. Make it even." in texts, "the name is not repeated"
    assert row.accessibleName() == WRONG.message


def test_a_click_or_enter_shows_the_layer(panels: ModelPanels, qtbot: QtBot) -> None:
    panels.show_analysis(_analysis(WRONG))
    (row,) = _rows(panels)
    with qtbot.waitSignal(panels.problems.shown) as reported:
        qtbot.mouseClick(row, LEFT, pos=QPoint(60, 12))
    assert reported.args == [MODEL, "conv"]
    row.setFocus()
    with qtbot.waitSignal(panels.problems.shown):
        qtbot.keyClick(row, Key.Key_Return)


def test_a_fix_is_one_undo_step_with_its_name(
    world: World, panels: ModelPanels, qtbot: QtBot
) -> None:
    panels.show_analysis(_analysis(WRONG))
    (button,) = _rows(panels)[0].findChildren(QPushButton)
    qtbot.mouseClick(button, LEFT)
    assert world.node("conv").params["filters"] == 4
    assert world.steps == ["Set filters to 4"]
    world.session.undo()
    assert world.node("conv").params["filters"] == 8


def test_an_outdated_fix_is_reported(
    world: World, panels: ModelPanels, qtbot: QtBot
) -> None:
    gone = Fix("Set it", (SetParam("gone", "filters", 4),))
    panels.show_analysis(
        _analysis(Problem("error", "odd", "It is odd.", "gone", fixes=(gone,)))
    )
    qtbot.mouseClick(_rows(panels)[0].findChildren(QPushButton)[0], LEFT)
    assert world.reported[-1][1] == "bad"
    assert world.steps == []


def test_a_problem_without_a_layer_opens_its_room(
    world: World, panels: ModelPanels, qtbot: QtBot
) -> None:
    empty = Problem("error", "empty-graph", "There is nothing yet.")
    panels.show_analysis(_analysis(empty, DATA, PLAN))
    for row in _rows(panels):
        row.setFocus()
        qtbot.keyClick(row, Key.Key_Space)
    assert world.went == ["data", "train"]


def test_several_fixes_are_stacked_and_not_cut_off(
    panels: ModelPanels,
) -> None:
    panels.show_analysis(_analysis(PLAN))
    (row,) = _rows(panels)
    buttons = row.findChildren(QPushButton)
    assert [each.text() for each in buttons] == ["Set filters to 4", "Set filters to 5"]
    for button in buttons:
        assert button.width() >= button.sizeHint().width()
        assert row.rect().contains(button.geometry())


def test_very_many_problems_are_not_all_listed(panels: ModelPanels) -> None:
    many = [Problem("hint", f"odd-{i}", f"Number {i}.") for i in range(150)]
    panels.show_analysis(_analysis(*many))
    assert len(_rows(panels)) == 100
    assert panels.problems.rows[-1].text() == "and 50 more"


def test_many_problems_of_one_kind_share_an_expandable_row(
    panels: ModelPanels, qtbot: QtBot
) -> None:
    many = [Problem("error", "not-connected", f"Number {i}.") for i in range(64)]
    panels.show_analysis(_analysis(*many))
    assert panels.tabs.tabText(PROBLEMS) == "Problems  64"
    head, *rows = _rows(panels)
    assert head.accessibleName() == "64 layers have no input"
    assert len(rows) == 64 and all(row.isHidden() for row in rows)
    (toggle,) = head.findChildren(QPushButton)
    assert toggle.text() == "Show all 64"
    qtbot.mouseClick(toggle, LEFT)
    assert not any(row.isHidden() for row in rows) and toggle.text() == "Hide"
    head.setFocus()
    qtbot.keyClick(head, Key.Key_Return)
    assert all(row.isHidden() for row in rows)


def test_the_same_problems_do_not_rebuild_the_list(panels: ModelPanels) -> None:
    panels.show_analysis(_analysis(WRONG))
    before = _rows(panels)
    panels.show_analysis(_analysis(WRONG))
    assert _rows(panels) == before


# Summary.

REPORTS = {
    "image": NodeReport((), (TensorInfo((12, 12, 1)),), memory=576),
    "conv": NodeReport((), (TensorInfo((10, 10, 8)),), 80, 80, 7200, 3200),
    "pool": NodeReport((), (TensorInfo((5, 5, 8)),), 0, 0, None, 800),
    "flat": NodeReport((), (TensorInfo((200,), "float16"),), memory=400),
    "head": NodeReport((), (TensorInfo((10,)),), 2010, 2010, 2000, 40),
}


def test_the_table_has_every_layer_and_the_totals(panels: ModelPanels) -> None:
    panels.open(SUMMARY)
    panels.show_analysis(_analysis(**REPORTS))
    cells = {row.id: row.cells for row in panels.summary.model.rows}
    assert cells["conv"] == (
        "conv",
        "Conv2D",
        "10×10×8",
        "80",
        "7.2 k",
        "3.12 KB",
        "image",
    )
    assert cells["pool"][4] == "?", "no formula is known"
    assert cells["flat"][2] == "200 float16"
    assert cells[""][3:6] == ("2,090", "≥ 9.2 k", "4.9 KB")


def test_the_table_is_in_topological_order(world: World, panels: ModelPanels) -> None:
    nodes = [layer("b", "ReLU"), layer("a", "ReLU"), image()]
    world.draw(connected(nodes, "image a", "a b"))
    panels.open(SUMMARY)
    assert [row.id for row in panels.summary.model.rows] == ["image", "a", "b"]
    assert panels.summary.model.rows[2].cells[-1] == "a"


def test_the_table_is_built_only_while_it_is_visible(
    world: World, panels: ModelPanels
) -> None:
    panels.show_analysis(_analysis(**REPORTS))
    assert panels.summary.model.rows == []
    panels.open(SUMMARY)
    assert len(panels.summary.model.rows) == 6
    panels.collapse(True)
    world.session.do(SetParam("conv", "name", "eyes"))
    assert panels.summary.model.rows[1].cells[0] == "conv"
    panels.collapse(False)
    assert panels.summary.model.rows[1].cells[0] == "eyes"


def test_the_table_is_copied_as_text(
    world: World, panels: ModelPanels, qtbot: QtBot
) -> None:
    panels.open(SUMMARY)
    panels.show_analysis(_analysis(**REPORTS))
    clipboard = QApplication.clipboard()
    clipboard.setText("")
    qtbot.mouseClick(panels.summary.copy, LEFT)
    lines = clipboard.text().splitlines()
    assert lines[0].split("\t")[:4] == ["Layer", "Type", "Output", "Parameters"]
    assert len(lines) == 7
    assert lines[-1].startswith("Total\t")
    clipboard.setText("")
    panels.summary.table.setFocus()
    qtbot.keyClick(panels.summary.table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text().splitlines() == lines


def test_a_row_is_chosen_by_click_and_enter(panels: ModelPanels, qtbot: QtBot) -> None:
    panels.open(SUMMARY)
    panels.show_analysis(_analysis(**REPORTS))
    QApplication.processEvents()
    table = panels.summary.table
    spot = table.visualRect(panels.summary.model.index(1, 0)).center()
    with qtbot.waitSignal(panels.summary.chosen) as reported:
        qtbot.mouseClick(table.viewport(), LEFT, pos=spot)
    assert reported.args == ["conv"]
    table.setFocus()
    qtbot.keyClick(table, Key.Key_Down)
    with qtbot.waitSignal(panels.summary.chosen) as reported:
        qtbot.keyClick(table, Key.Key_Return)
    assert reported.args == ["pool"]


def test_selected_layers_are_marked_in_the_table(panels: ModelPanels) -> None:
    panels.open(SUMMARY)
    panels.show_analysis(_analysis(**REPORTS))
    panels.mark(("pool", "head"))
    rows = {
        index.row() for index in panels.summary.table.selectionModel().selectedRows()
    }
    assert rows == {2, 4}


# Python.


def _script(panels: ModelPanels, qtbot: QtBot, text: str) -> str:
    until(lambda: text in panels.python.text.toPlainText())
    return panels.python.text.toPlainText()


def test_the_script_is_live(world: World, panels: ModelPanels, qtbot: QtBot) -> None:
    assert panels.python.text.toPlainText() == "", "the panel is hidden"
    panels.open(PYTHON)
    assert "filters=8" in _script(panels, qtbot, "build_model")
    world.session.do(SetParam("conv", "filters", 77))
    _script(panels, qtbot, "filters=77")
    world.session.undo()
    _script(panels, qtbot, "filters=8")


def test_no_script_is_generated_while_the_tab_is_hidden(
    world: World, panels: ModelPanels, qtbot: QtBot
) -> None:
    panels.open(PYTHON)
    _script(panels, qtbot, "filters=8")
    panels.open(SUMMARY)
    world.session.do(SetParam("conv", "filters", 77))
    settle()
    assert "filters=77" not in panels.python.text.toPlainText()
    panels.open(PYTHON)
    _script(panels, qtbot, "filters=77")


def test_the_selected_layers_lines_are_marked(
    world: World, panels: ModelPanels, qtbot: QtBot
) -> None:
    panels.open(PYTHON)
    _script(panels, qtbot, "build_model")
    panels.mark(("conv", "head"))
    lines = [
        each.cursor.block().text() for each in panels.python.text.extraSelections()
    ]
    assert lines[0].strip().startswith("conv = layers.Conv2D(")
    assert any("head = layers.Dense(" in line for line in lines)
    assert not any("pool" in line and "=" in line for line in lines)


def test_a_click_on_a_line_selects_its_layer(
    world: World, panels: ModelPanels, qtbot: QtBot
) -> None:
    panels.open(PYTHON)
    text = _script(panels, qtbot, "build_model")
    edit = panels.python.text
    number = next(i for i, line in enumerate(text.splitlines()) if "pool = " in line)
    cursor = edit.textCursor()
    block = edit.document().findBlockByNumber(number)
    cursor.setPosition(block.position() + 8)
    edit.setTextCursor(cursor)
    edit.ensureCursorVisible()
    edit.setTextCursor(edit.document().find("import keras"))
    place = edit.cursorRect(cursor).center()
    edit.verticalScrollBar().setValue(max(0, number - 2))
    place = edit.cursorRect(cursor).center()
    with qtbot.waitSignal(panels.python.chosen) as reported:
        qtbot.mouseClick(edit.viewport(), LEFT, pos=place)
    assert reported.args == ["pool"]


def test_the_script_is_coloured(
    world: World, panels: ModelPanels, qtbot: QtBot
) -> None:
    panels.open(PYTHON)
    _script(panels, qtbot, "build_model")
    block = panels.python.text.document().findBlockByNumber(2)
    assert block.text() == "import keras"
    (first, *_rest) = block.layout().formats()
    assert first.format.foreground().color().name() == world.studio.theme.colors.accent


def test_the_script_is_copied(world: World, panels: ModelPanels, qtbot: QtBot) -> None:
    assert not panels.python.copy.isEnabled()
    panels.open(PYTHON)
    text = _script(panels, qtbot, "build_model")
    qtbot.mouseClick(panels.python.copy, LEFT)
    assert QApplication.clipboard().text() == text
    assert world.reported[-1][1] == "good"


def test_the_script_is_saved_to_the_chosen_file(
    world: World, panels: ModelPanels, qtbot: QtBot, tmp_path: Path
) -> None:
    panels.open(PYTHON)
    qtbot.mouseClick(panels.python.save, LEFT)
    (dialog,) = panels.python.findChildren(QFileDialog)
    assert not dialog.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    dialog.fileSelected.emit(str(tmp_path / "my model.py"))
    dialog.reject()
    path = tmp_path / "my model.py"
    until(path.exists)
    assert "build_model" in path.read_text("utf-8")
    until(lambda: bool(world.reported))
    assert world.reported[-1][1] == "good"


def test_saving_writes_the_current_model(
    world: World, panels: ModelPanels, qtbot: QtBot, tmp_path: Path
) -> None:
    world.session.do(SetParam("conv", "filters", 77))
    panels.python.save_to(tmp_path / "model.py")
    until((tmp_path / "model.py").exists)
    assert "filters=77" in (tmp_path / "model.py").read_text("utf-8")


def test_a_file_that_cannot_be_written_is_reported(
    world: World, panels: ModelPanels, qtbot: QtBot, tmp_path: Path
) -> None:
    panels.open(PYTHON)
    _script(panels, qtbot, "build_model")
    (tmp_path / "file").write_text("x", "utf-8")
    panels.python.save_to(tmp_path / "file" / "model.py")
    assert world.reported[-1][1] == "bad"


def test_an_invalid_model_shows_why_there_is_no_script(
    world: World, panels: ModelPanels, qtbot: QtBot, tmp_path: Path
) -> None:
    panels.open(PYTHON)
    _script(panels, qtbot, "build_model")
    world.session.do(SetGraph(Graph()))
    note = panels.python._note
    until(note.isVisible)
    assert "out of date" in note.text()
    assert "build_model" in panels.python.text.toPlainText(), "the last script stays"
    panels.python.save_to(tmp_path / "model.py")
    world.session.undo()
    until(lambda: not note.isVisible())


def test_the_training_plan_is_part_of_the_script(
    world: World, panels: ModelPanels, qtbot: QtBot
) -> None:
    panels.open(PYTHON)
    _script(panels, qtbot, "build_model")
    world.session.do(SetPlan("optimizer.learning_rate", 0.05))
    _script(panels, qtbot, "learning_rate=0.05")


# Collapsing.


def test_panels_collapse_to_their_head_and_open_again(
    panels: ModelPanels, qtbot: QtBot
) -> None:
    reported: list[bool] = []
    panels.collapsed.connect(reported.append)
    qtbot.mouseClick(panels.collapse_button, LEFT)
    assert panels.is_collapsed
    assert panels.maximumHeight() == panels.head_height < 60
    assert panels.collapse_button.accessibleName() == "Expand panels"
    spot = panels.tabs.tabRect(SUMMARY).center()
    qtbot.mouseClick(panels.tabs, LEFT, pos=spot)
    assert not panels.is_collapsed
    assert panels.tabs.currentIndex() == SUMMARY
    assert reported == [True, False]


# Numbers.


def test_a_partly_unknown_cost_is_marked() -> None:
    known = NodeReport((), (), 320, 320, 200_000, 84 * 1024)
    assert (
        cost_text([known]) == "320 parameters · 200 k multiply-adds · 84 KB per sample"
    )
    unknown = NodeReport((), (), 1, 1, None, None)
    assert "≥ 200 k multiply-adds · ≥ 84 KB" in cost_text([known, unknown])
    assert "? multiply-adds · ? per sample" in cost_text([unknown])
