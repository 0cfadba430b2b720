"""A feature type and a head that only tests know, in the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from drag_and_drop import drop
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from rooms import until
from toy_angle_view import AngleEdit
from toy_catalog import toy_catalog

from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.edits.project import SetPlan
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.predict.value_form import PredictForm
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.workers.feature_form import FeatureForm
from dlstudio.workers.table import TableColumn

ANGLE = "toy.features.angle"


@pytest.mark.slow
def test_the_data_room_shows_it_and_a_model_of_it_is_trained(
    make_window, tmp_path: Path
) -> None:
    lines = ["wind,speed,course"]
    for row in range(60):
        wind, speed = row * 37 % 360, 1 + row * 7 % 11
        lines.append(f"{wind}°,{speed}.5,{(wind + 20 + row % 3) % 360}°")
    table = tmp_path / "sails.csv"
    table.write_text("\n".join(lines) + "\n", "utf-8")
    window = make_window(ROOMS, with_catalog=toy_catalog())
    core, shell = window.core, window.shell
    shell.engine_status.begin()
    shell.go("data")
    room = shell.room()
    drop(room, table)
    until(lambda: room.controller.tables.snapshot is not None)
    until(lambda: room.controller.tables.is_examined)
    columns = {e.name: e for e in room.controller.tables.snapshot.content.columns}
    assert columns["wind"].kind == columns["course"].kind == ANGLE
    assert columns["course"].role == "target"
    assert columns["wind"].statistics.most == 353
    header = room.table_page.table.view.header
    assert header.header_width(0) > 60
    image = QImage(header.size(), QImage.Format.Format_ARGB32)
    header.render(image)  # draws name, type, share of certainty, and the chart
    until(lambda: not room.bar.model.isHidden())
    room.bar.model.click()
    until(lambda: bool(core.session.project.model.nodes))
    assert core.session.project.output.head.kind == "toy.heads.direction"
    until(lambda: core.engine.state == "ready")
    until(lambda: shell.content.status.problems.text() == "●  No problems")
    core.session.do(SetPlan("epochs", 2))
    core.session.save(tmp_path / "project")
    shell.content.header.train_button.click()
    until(lambda: "finished" in shell.content.header.job.text())
    for name in ("train", "evaluate", "predict", "export"):
        shell.go(name)
        QTest.qWait(1)


def test_a_field_for_it_says_what_can_be_typed(qtbot: QtBot) -> None:
    statistics = ColumnStatistics(60, 0, 50, 0.0, 180.0, 180.0, 357.0, 100.0, (1, 2))
    column = TableColumn("wind", ANGLE, 1.0, statistics=statistics, role="input")
    form = PredictForm(LIGHT_THEME, FeatureViews(toy_catalog()))
    qtbot.addWidget(form)
    course = replace(column, name="course", role="target")
    form.show_form(FeatureForm("run", (column,), (course,), {"wind": "30°"}, "1"))
    form.show()
    qtbot.waitExposed(form)
    field = form.fields["wind"]
    assert isinstance(field.editor, AngleEdit)
    assert field.note.full_text() == "0° to 357°, all around"
    assert form.values() == {"wind": "30°"}
    field.editor.selectAll()
    QTest.keyClicks(field.editor, "north")
    assert field.editor.problem() and form.values() == {"wind": ""}
    field.editor.selectAll()
    with qtbot.waitSignal(form.changed):
        QTest.keyClicks(field.editor, "95°")
    assert form.values() == {"wind": "95°"}
    QTest.keyClick(field.editor, Qt.Key.Key_Backspace)
    field.editor.clear()
    assert not field.editor.problem()
