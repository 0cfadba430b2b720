"""A table's run in the Evaluate room: outputs, columns, groups, and their rows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from priced_flats import trained_flats
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton
from pytestqt.qtbot import QtBot
from rooms import class_page, settle, until

from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.edits.project import SetBindings, SetFeatures
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.runs.thresholds import kept_thresholds
from dlstudio.ui.evaluate.evaluation_view import EvaluationView
from dlstudio.ui.evaluate.room import EvaluateRoom
from dlstudio.ui.heads.dependence_section import DependencePlot, DependenceSection
from dlstudio.ui.heads.groups_section import GroupsSection
from dlstudio.ui.heads.importance_section import ImportanceSection
from dlstudio.ui.heads.worst_section import WorstSection
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.workers.feature_reports import ReportColumns

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_flats(tmp_path_factory.mktemp("flats"))


@pytest.fixture
def room(make_window, trained: Path, tmp_path: Path, qtbot: QtBot) -> EvaluateRoom:
    """The room with the project's run, evaluated."""
    shutil.copytree(trained.parent, tmp_path / "flats")
    window = make_window(ROOMS, with_catalog=Catalog.load())
    window.core.session.open(tmp_path / "flats" / trained.name)
    window.shell.go("evaluate")
    made = window.shell.room()
    until(lambda: bool(made.picker.run))
    qtbot.mouseClick(made.evaluate, LEFT)
    until(lambda: made.evaluate.isEnabled() and made.view.isVisible())
    return made


def choose(combo: QComboBox, text: str, qtbot: QtBot) -> None:
    """Choose by the keyboard, as a user does."""
    combo.setFocus()
    at = combo.findText(text)
    assert at >= 0, text
    while combo.currentIndex() != at:
        down = combo.currentIndex() < at
        qtbot.keyClick(combo, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def show(view: EvaluationView, text: str, qtbot: QtBot) -> None:
    (tab,) = (
        each for each in view.view.findChildren(QToolButton) if each.text() == text
    )
    qtbot.mouseClick(tab, LEFT)


def test_a_model_that_predicts_its_input_has_no_other_columns(
    room: EvaluateRoom,
) -> None:
    view = room.view
    assert view.view.isVisible() and view._found is not None
    own = OutputBinding("price", Spec("dlstudio.heads.language_model"))
    session = view._session
    session.do(SetBindings(session.project.inputs, (own,)))
    view.show_evaluation(view._found)
    assert view.view.isHidden()


def test_a_text_alone_is_compared_with_no_other_column(room: EvaluateRoom) -> None:
    view, session = room.view, room.view._session
    shown = [each.isVisible() for each in view.view.buttons]
    assert shown == [True, True, True]
    text = {**session.project.data.features, "district": Feature(TEXT.kind)}
    session.do(SetFeatures(FrozenMap(text)))
    session.do(SetBindings((InputBinding("district"),), session.project.outputs))
    view.show_evaluation(view._found)
    assert [each.isHidden() for each in view.view.buttons] == [False, True, False]
    reports = room._studio.services.feature_reports
    reports.columns = ReportColumns("a run")
    reports.columns_changed.emit()
    said = [each.text() for each in view.groups.groups.widget().findChildren(QLabel)]
    assert said == ["The data has no column that forms groups."]
    assert not view.groups.column.isEnabled()


def test_every_output_is_shown_with_its_verdict(
    room: EvaluateRoom, qtbot: QtBot
) -> None:
    view = room.view
    assert view.sections.isVisible() and not class_page(view).isVisible()
    until(lambda: room.verdict.isVisible())
    assert "off on average" in room.verdict.text.text()
    choose(view.output, "kind", qtbot)
    assert class_page(view).isVisible()
    assert "classified correctly" in room.verdict.text.text()
    assert "rows" in room.verdict.text.text()
    assert class_page(view).matrix.isVisible()
    assert not class_page(view).thumbnails.isVisible(), "there are no images"
    assert (
        class_page(view).mistakes is not None and class_page(view).mistakes.isVisible()
    )
    choose(view.output, "price", qtbot)
    assert view.sections.isVisible()


def test_columns_and_groups_are_computed_on_demand(
    room: EvaluateRoom, qtbot: QtBot
) -> None:
    view, reports = room.view, room._studio.services.feature_reports
    show(view, "Columns", qtbot)
    page = view.columns
    until(lambda: page.column.count() > 1)
    names = [page.column.itemText(row) for row in range(1, page.column.count())]
    assert names == ["size", "district", "noise"], "inputs alone"
    qtbot.mouseClick(page.compute, LEFT)
    until(lambda: isinstance(page.importance.section, ImportanceSection))
    assert isinstance(page.importance.section, ImportanceSection)
    assert page.importance.section.bars.accessibleName().startswith("size ")
    assert not page.compute.isEnabled(), "it is known"
    choose(page.column, "size", qtbot)
    until(lambda: isinstance(page.dependence.section, DependenceSection))
    assert isinstance(page.dependence.section, DependenceSection)
    assert isinstance(page.dependence.section.plot, DependencePlot)
    choose(view.output, "kind", qtbot)
    assert page.importance.section.bars.accessibleName().startswith("district ")
    show(view, "By group", qtbot)
    groups = view.groups
    choose(groups.column, "agent", qtbot)
    until(lambda: isinstance(groups.groups.section, GroupsSection))
    assert isinstance(groups.groups.section, GroupsSection)
    table = groups.groups.section.table
    shown = {table.item(row, 0).text() for row in range(table.rowCount())}
    assert {"agent 0", "agent 1", "agent 2"} <= shown
    assert groups.metric_choice.currentText() == "Accuracy"
    choose(groups.metric_choice, "Macro F1", qtbot)
    assert "Macro F1" in groups.groups.section.findChildren(type(room.about))[0].text()
    # Another split forgets what was computed.
    choose(room.split, "Validation split", qtbot)
    qtbot.mouseClick(room.evaluate, LEFT)
    until(lambda: room.evaluate.isEnabled())
    until(lambda: "Validation" in room.about.full_text())
    assert groups.groups.section is None and reports.known("importance") is None


def test_a_report_is_stopped(room: EvaluateRoom, qtbot: QtBot) -> None:
    view, reports = room.view, room._studio.services.feature_reports
    show(view, "Columns", qtbot)
    qtbot.mouseClick(view.columns.compute, LEFT)
    assert reports.running and not view.columns.compute.isEnabled()
    reports.stop()
    until(lambda: not reports.running)
    assert view.columns.importance.section is None
    assert view.columns.compute.isEnabled()


def test_a_wrong_prediction_leads_to_its_row(room: EvaluateRoom, qtbot: QtBot) -> None:
    shell = room.window().shell
    (worst,) = room.view.sections.findChildren(WorstSection)
    id = worst.table.item(1, 0).text()
    at = worst.table.visualItemRect(worst.table.item(1, 0)).center()
    qtbot.mouseClick(worst.table.viewport(), LEFT, pos=at)
    qtbot.mouseDClick(worst.table.viewport(), LEFT, pos=at)
    until(lambda: shell.room() is not room)
    view = shell.room().table_page.table.view
    until(lambda: bool(view.selectionModel().selectedRows()))
    (row,) = view.selectionModel().selectedRows()
    assert view.table.ids([row.row()]) == (id,)
    shell.room().show_class("agent 1")
    until(lambda: 0 < view.table.rowCount() < view.table.total())
    shell.go("evaluate")
    room._show_row(id)
    until(lambda: view.table.rowCount() == view.table.total())
    (row,) = view.selectionModel().selectedRows()
    assert view.table.ids([row.row()]) == (id,), "whatever was filtered before"
    settle()


def test_what_was_found_is_shown_again_when_the_project_is_opened(
    room: EvaluateRoom, qtbot: QtBot
) -> None:
    view, reports = room.view, room._studio.services.feature_reports
    show(view, "Columns", qtbot)
    page = view.columns
    until(lambda: page.column.count() > 1)
    qtbot.mouseClick(page.compute, LEFT)
    until(lambda: page.importance.section is not None)
    choose(page.column, "size", qtbot)
    until(lambda: page.dependence.section is not None)
    show(view, "By group", qtbot)
    choose(view.groups.column, "agent", qtbot)
    until(lambda: view.groups.groups.section is not None)
    qtbot.mouseClick(room.evaluate, LEFT)
    until(lambda: room.evaluate.isEnabled())
    until(lambda: page.importance.section is not None)
    # As after opening the project: nothing is in memory, all is in the run's folder.
    for service in (room._evaluation_job, reports):
        service.set_project(None)
    reports.columns_changed.emit()
    assert page.importance.section is None and not page.column.column
    room._opened()
    room._filled()
    until(lambda: page.importance.section is not None)
    reports.find_columns()
    until(lambda: page.column.column == "size" and page.dependence.section is not None)
    assert view.groups.column.column == "agent" and view.groups.groups.section
    assert not page.compute.isEnabled(), "it is known"


def test_a_threshold_is_kept_and_evaluated(room: EvaluateRoom, qtbot: QtBot) -> None:
    view = room.view
    choose(view.output, "kind", qtbot)
    panel = class_page(view).threshold
    assert panel.isVisible() and panel.field.value() == 50
    assert "“house”" in panel.meaning.full_text()
    before = panel.effect.full_text()
    panel.field.setFocus()
    panel.field.selectAll()
    qtbot.keyClicks(panel.field, "1")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel.effect.full_text() != before, "at once"

    def value() -> float:
        found = room._evaluation_job.found
        assert found is not None
        return found.report.outputs["kind"].sections["threshold"]["value"]

    until(lambda: value() == 0.01)
    folder = room._studio.session.folder
    (run,) = (folder / "runs").iterdir()
    assert kept_thresholds(run) == {"kind": 0.01}
    assert view.name == "kind" and panel.field.value() == 1
    qtbot.mouseClick(panel.restore, LEFT)
    until(lambda: value() == 0.5)
    assert kept_thresholds(run) == {} and not panel.restore.isVisible()
