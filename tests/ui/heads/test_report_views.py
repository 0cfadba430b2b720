"""Sections of reports: one widget each, made from plain JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from image_report import png
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from report_world import GROUPS, IMPORTANCE, METRICS, SECTIONS, WORST, residuals

from dlstudio.document.feature_sections import PartialDependence
from dlstudio.document.report_sections import (
    MetricsOfReport,
    MetricValue,
    Residuals,
    WorstRows,
)
from dlstudio.ui.heads.dependence_section import DependencePlot, DependenceSection
from dlstudio.ui.heads.groups_section import GroupsSection
from dlstudio.ui.heads.importance_section import ImportanceSection
from dlstudio.ui.heads.metric_format import metric_title, metric_value, signed_value
from dlstudio.ui.heads.metrics_section import MetricsSection
from dlstudio.ui.heads.report_views import make_section
from dlstudio.ui.heads.residuals_section import (
    MAX_POINTS,
    ResidualsSection,
    shown_points,
)
from dlstudio.ui.heads.row_table import IMAGE_SIDE, RowTable
from dlstudio.ui.heads.section import ReportSection
from dlstudio.ui.heads.worst_section import WorstSection
from dlstudio.ui.theme.tokens import DARK_THEME, LIGHT_THEME


def made(section, qtbot: QtBot, theme=LIGHT_THEME) -> ReportSection:
    data = json.loads(json.dumps(section.to_json()))
    widget = make_section(section.NAME, theme, {section.NAME: data})
    assert widget is not None
    qtbot.addWidget(widget)
    widget.resize(900, 400)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def texts(table: RowTable, row: int) -> list[str]:
    return [table.item(row, column).text() for column in range(table.columnCount())]


@pytest.mark.parametrize("theme", [LIGHT_THEME, DARK_THEME], ids=lambda each: each.name)
@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.NAME)
def test_every_section_has_a_widget(section, theme, qtbot: QtBot) -> None:
    widget = made(section, qtbot, theme)
    assert not widget.grab().isNull()


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.NAME)
def test_a_damaged_or_unknown_section_is_left_out(section) -> None:
    assert make_section(section.NAME, LIGHT_THEME, {}) is None
    assert (
        make_section(section.NAME, LIGHT_THEME, {section.NAME: {"rows": [{"x": 1}]}})
        is None
    )
    assert make_section("confusion of another version", LIGHT_THEME, {"x": {}}) is None


def test_cards_show_metrics_beside_their_baselines(qtbot: QtBot) -> None:
    widget = made(METRICS, qtbot)
    assert isinstance(widget, MetricsSection)
    assert [each.text() for each in widget.cards] == [
        "18,420", "0.87", "71.0 %", "164,000"
    ]  # fmt: skip
    names = [each.accessibleName() for each in widget.cards]
    assert names[0] == "Mean absolute error 18,420 baseline 71,300"
    assert names[3] == "Largest error 164,000 row flats.csv:8"


def test_a_metric_below_its_baseline_is_marked(qtbot: QtBot) -> None:
    bad = MetricsOfReport((MetricValue("mae", 80.0, "down", 71.0),))
    widget = made(bad, qtbot)
    roles = [each.property("role") for each in widget.findChildren(QLabel)]
    assert "bad" in roles
    undefined = made(MetricsOfReport((MetricValue("r2", None),)), qtbot)
    assert isinstance(undefined, MetricsSection) and undefined.cards[0].text() == "–"


def test_a_click_on_a_point_chooses_its_row(qtbot: QtBot) -> None:
    widget = made(residuals(), qtbot)
    assert isinstance(widget, ResidualsSection)
    chosen: list[str] = []
    widget.row_chosen.connect(chosen.append)
    section = residuals()
    plot = widget.residual_plot
    error = section.predicted[7] - section.actual[7]
    view = plot.widget.getPlotItem().getViewBox()
    scene = view.mapViewToScene(QPointF(section.predicted[7], error))
    at = plot.widget.mapFromScene(scene)
    qtbot.mouseMove(plot.widget.viewport(), at)
    qtbot.mouseClick(plot.widget.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chosen == ["flats.csv:8"]
    qtbot.mouseClick(
        plot.widget.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3)
    )
    assert len(chosen) == 1


def test_of_many_points_the_worst_are_drawn() -> None:
    errors = np.zeros(100_000)
    errors[[5, 77_777]] = 9.0
    shown = shown_points(errors)
    assert len(shown) <= MAX_POINTS and {5, 77_777} <= set(shown.tolist())
    assert shown_points(errors[:10]).tolist() == list(range(10))


def test_a_report_without_samples_is_drawn_too(qtbot: QtBot) -> None:
    made(Residuals("price", (), (), ()), qtbot)


def test_the_worst_rows_are_opened_by_double_click_and_enter(qtbot: QtBot) -> None:
    widget = made(WORST, qtbot)
    assert isinstance(widget, WorstSection)
    table = widget.table
    assert texts(table, 0) == [
        "flats.csv:8", "248,008", "340,000", "92,000", "8", "West", "1924-02-11"
    ]  # fmt: skip
    chosen: list[str] = []
    widget.row_chosen.connect(chosen.append)
    at = table.visualItemRect(table.item(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert chosen == ["flats.csv:3", "flats.csv:12"]


def test_the_worst_rows_show_their_images(qtbot: QtBot) -> None:
    rows = [replace(each, thumbnails={"photo": png(90)}) for each in WORST.rows[:2]]
    widget = made(WorstRows("price", (*rows, *WORST.rows[2:])), qtbot)
    assert isinstance(widget, WorstSection)
    icons = [not widget.table.item(row, 0).icon().isNull() for row in range(4)]
    assert icons == [True, True, False, False]
    assert widget.table.rowHeight(0) >= IMAGE_SIDE
    broken = replace(WORST.rows[0], thumbnails={"photo": "AAAA"})
    data = {WORST.NAME: WorstRows("price", (broken,)).to_json()}
    assert make_section(WORST.NAME, LIGHT_THEME, data) is None


def test_cards_show_intervals_and_what_they_are_a_share_of(qtbot: QtBot) -> None:
    cards = MetricsOfReport(
        (
            MetricValue("r2", 0.87, "up", 0.0, low=0.84, high=0.9),
            MetricValue("within_10_percent", 0.71, "up", samples=1810),
        )
    )
    widget = made(cards, qtbot)
    assert isinstance(widget, MetricsSection)
    first, second = (each.accessibleName() for each in widget.cards)
    assert first.endswith("0.84 – 0.90 (95 % interval)")
    assert second == "Within 10 % 71.0 % of 1,810 rows"


def test_the_most_important_feature_stands_first(qtbot: QtBot) -> None:
    widget = made(IMPORTANCE, qtbot)
    assert isinstance(widget, ImportanceSection)
    name = widget.bars.accessibleName()
    assert name.startswith("area 0.61, photo 0.34") and name.endswith("rooms 0.00")


def test_groups_stand_from_the_worst_to_the_best(qtbot: QtBot) -> None:
    widget = made(GROUPS, qtbot)
    assert isinstance(widget, GroupsSection)
    table = widget.table
    few = "uncertain: few samples"
    assert texts(table, 0) == ["Island", "3", "52,000", "+33,580", few]
    assert texts(table, 2) == ["West", "80", "17,100", "−1320", ""]
    assert texts(table, 3) == ["Nowhere", "0", "–", "", few]
    colors = LIGHT_THEME.colors
    assert table.item(0, 3).foreground().color().name() == colors.text_faint
    assert table.item(1, 3).foreground().color().name() == colors.warning


def test_the_effect_of_numbers_is_a_curve(qtbot: QtBot) -> None:
    rows = ((1.0,), (2.0,), (4.0,))
    widget = made(
        PartialDependence("size", (5.0, 6.0, 9.0), rows, rows, rows, 9), qtbot
    )
    assert isinstance(widget, DependenceSection)
    assert not widget.unit.isVisible()
    assert isinstance(widget.plot, DependencePlot)
    x, y = widget.plot.curve.getData()
    assert (x.tolist(), y.tolist()) == ([5, 6, 9], [1, 2, 4])
    assert widget.plot.accessibleName().endswith("lies between 1 and 4.")


def test_the_effect_of_names_is_shown_for_each_class(qtbot: QtBot) -> None:
    rows = ((0.25, 0.75), (0.5, 0.5))
    section = PartialDependence(
        "city", ("", "Rome"), rows, rows, rows, 9, ("no", "yes")
    )
    widget = made(section, qtbot)
    assert isinstance(widget, DependenceSection)
    assert widget.unit.currentText() == "yes"
    assert widget.plot.accessibleName() == "no value 75.0 %, Rome 50.0 %"
    widget.unit.setFocus()
    qtbot.keyClick(widget.unit, Qt.Key.Key_Up)
    assert widget.plot.accessibleName() == "no value 25.0 %, Rome 50.0 %"
    qtbot.waitUntil(widget.plot.isVisible)


def test_metrics_are_named_and_written_in_their_own_way() -> None:
    assert metric_title("rmse") == "Root mean squared error"
    assert metric_title("turn_angle") == "Turn angle"
    assert metric_value("accuracy", 0.913) == "91.3 %"
    assert metric_value("r2", float("nan")) == "–"
    assert signed_value("mae", 0.0) == "0"


def test_metrics_of_texts_say_what_they_mean(qtbot: QtBot) -> None:
    values = (
        MetricValue("bleu", None, "up"),
        MetricValue("chrf", 99.8, "up", 7.6),
        MetricValue("perplexity", 5.04, "down", 28.85),
    )
    section = MetricsSection(LIGHT_THEME, MetricsOfReport(values))
    qtbot.addWidget(section)
    said = [[e.text() for e in c.findChildren(QLabel)] for c in section.cards]
    assert "Needs texts of four words or more." in said[0]
    assert "chrF" in said[1]
    assert "Like choosing among this many tokens." in said[2]
