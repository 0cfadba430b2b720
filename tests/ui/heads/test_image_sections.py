"""Sections of reports on reconstructed images."""

from __future__ import annotations

import json

import pytest
from image_report import ERRORS, IMAGE_SECTIONS, PAIRS, THRESHOLD
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.ui.heads.report_views import make_section
from dlstudio.ui.heads.section import ReportSection
from dlstudio.ui.theme.tokens import DARK_THEME, LIGHT_THEME

LEFT = Qt.MouseButton.LeftButton


def made(qtbot: QtBot, *sections, theme=LIGHT_THEME) -> ReportSection:
    """The widget of the first one, beside the others."""
    data = {each.NAME: json.loads(json.dumps(each.to_json())) for each in sections}
    widget = make_section(sections[0].NAME, theme, data)
    assert widget is not None
    qtbot.addWidget(widget)
    widget.resize(900, 400)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.mark.parametrize("theme", [LIGHT_THEME, DARK_THEME], ids=lambda each: each.name)
@pytest.mark.parametrize("section", IMAGE_SECTIONS, ids=lambda each: each.NAME)
def test_every_section_has_a_widget(section, theme, qtbot: QtBot) -> None:
    widget = made(qtbot, section, THRESHOLD, theme=theme)
    assert not widget.grab().isNull()


@pytest.mark.parametrize("section", IMAGE_SECTIONS, ids=lambda each: each.NAME)
def test_a_damaged_section_is_left_out(section) -> None:
    damaged = {"rows": [{"x": 1}], "edges": [1], "counts": [2, 3]}
    assert make_section(section.NAME, LIGHT_THEME, {section.NAME: damaged}) is None


def test_a_click_on_a_pair_chooses_its_sample(qtbot: QtBot) -> None:
    widget = made(qtbot, PAIRS)
    tile = widget.tiles[2]
    assert tile.text() == "error 0.0300" and len(tile.images) == 2
    with qtbot.waitSignal(widget.row_chosen) as chosen:
        qtbot.mouseClick(tile, LEFT)
    assert chosen.args == ["2.png"]


def test_the_share_of_anomalies_follows_the_threshold(qtbot: QtBot) -> None:
    widget = made(qtbot, ERRORS, THRESHOLD)
    assert widget.field.text() == "0.1"
    assert widget.share.text().startswith("25.0 %")
    widget.field.selectAll()
    qtbot.keyClicks(widget.field, "0.015")
    assert widget.share.text().startswith("75.0 %")
    assert widget.plot.threshold == pytest.approx(0.015)
    widget.field.selectAll()
    qtbot.keyClicks(widget.field, "much")
    qtbot.keyClick(widget.field, Qt.Key.Key_Return)
    assert widget.field.text() == "0.015"


def test_a_chosen_threshold_is_reported_once(qtbot: QtBot) -> None:
    widget = made(qtbot, ERRORS, THRESHOLD)
    chosen: list[float | None] = []
    widget.threshold_chosen.connect(chosen.append)
    assert not widget.restore.isVisible()
    widget.field.selectAll()
    qtbot.keyClicks(widget.field, "0.015")
    assert chosen == [], "not while it is typed"
    qtbot.keyClick(widget.field, Qt.Key.Key_Return)
    assert chosen == [0.015]
    qtbot.mouseClick(widget.restore, LEFT)
    assert chosen == [0.015, None] and widget.field.text() == "0.1"
    assert not widget.restore.isVisible()
    changed = made(qtbot, ERRORS, THRESHOLD.chosen(0.015))
    assert changed.field.text() == "0.015" and changed.restore.isVisible()
    assert "0.1" in changed.origin.text()


def test_without_a_threshold_only_the_errors_are_shown(qtbot: QtBot) -> None:
    widget = made(qtbot, ERRORS)
    assert widget.field.isHidden() or not widget.field.isVisible()
    assert not widget.plot.line.isVisible()
