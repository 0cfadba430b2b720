"""A chart's legend in limited space."""

from __future__ import annotations

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.train.legend import Legend, LegendEntry

LINE = LegendEntry("validation 0.0146", "#ff8800")
BEST = LegendEntry("★ best: epoch 18", short="★ 18")


def seen(qtbot: QtBot, width: int, *entries: LegendEntry) -> QImage:
    legend = Legend(LIGHT_THEME)
    qtbot.addWidget(legend)
    legend.resize(width, 20)
    legend.show_entries(entries)
    image: QImage = legend.grab().toImage()
    return image


def test_entries_are_shortened_to_fit(qtbot: QtBot) -> None:
    short = LegendEntry("★ 18")
    assert seen(qtbot, 400, LINE, BEST) != seen(qtbot, 400, LINE, short)
    assert seen(qtbot, 190, LINE, BEST) == seen(qtbot, 190, LINE, short)
    assert seen(qtbot, 190, LINE, BEST) != seen(qtbot, 190, LINE)


def test_accessible_text_is_complete(qtbot: QtBot) -> None:
    legend = Legend(LIGHT_THEME)
    qtbot.addWidget(legend)
    legend.show_entries((LINE, BEST))
    assert legend.accessibleName() == "validation 0.0146   ★ best: epoch 18"
    assert legend.toolTip() == legend.accessibleName()
