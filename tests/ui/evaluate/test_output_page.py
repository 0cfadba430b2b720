"""Reports of outputs that predict numbers."""

from __future__ import annotations

from pytestqt.qtbot import QtBot
from report_world import METRICS, WORST, residuals

from dlstudio.document.evaluation import HeadReport
from dlstudio.ui.evaluate.output_page import OutputPage
from dlstudio.ui.heads.residuals_section import ResidualsSection
from dlstudio.ui.heads.section import ReportSection
from dlstudio.ui.heads.worst_section import WorstSection
from dlstudio.ui.theme.tokens import LIGHT_THEME


def report() -> HeadReport:
    sections = (METRICS, residuals(50), WORST)
    return HeadReport(
        {"mae": 1.0}, {}, {each.NAME: each.to_json() for each in sections}
    )


def test_each_output_has_its_sections(qtbot: QtBot) -> None:
    page = OutputPage(LIGHT_THEME)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    page.show_outputs({"price": report(), "rent": report()})
    inside = page.widget()
    assert len(inside.findChildren(ResidualsSection)) == 2
    assert len(inside.findChildren(ReportSection)) == 6
    (worst, *_more) = inside.findChildren(WorstSection)
    with qtbot.waitSignal(page.row_chosen):
        worst.row_chosen.emit("7")
    page.show_outputs({})
    assert not page.widget().findChildren(ReportSection)


def test_what_another_version_wrote_is_left_out(qtbot: QtBot) -> None:
    page = OutputPage(LIGHT_THEME)
    qtbot.addWidget(page)
    page.show_outputs({"price": HeadReport({}, {}, {"residuals": {"x": 1}, "new": {}})})
    assert not page.widget().findChildren(ReportSection)
