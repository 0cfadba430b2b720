"""Texts of marks on a chart do not overlap at any width."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from dlstudio.ui.services.training.curve import Curve
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.plot_lines import LineStyle
from dlstudio.ui.train.plot_marks import rows_of

MANY = [
    (0.6, "lr → 0.0005"),
    (1.2, "paused"),
    (1.2, "lr → 0.001"),
    (1.25, "freeze conv_1, conv_2"),
    (1.6, "thaw conv_1, conv_2"),
    (10.8, "lr → 0.0001"),
    (11.4, "paused"),
    (12.0, "stopped early"),
]


def boxes(plot: Plot) -> list[QRectF]:
    """The rectangles of the texts on the chart."""
    labels = [line.label for line in plot._marks._lines]
    return [
        each.mapRectToScene(each.boundingRect()) for each in labels if each.isVisible()
    ]


def test_rows_fill_from_the_top_and_overflow_is_hidden() -> None:
    spans = [(0.0, 50.0), (40.0, 90.0), (45.0, 95.0), (60.0, 80.0), (90.0, 140.0)]
    assert rows_of(spans, 2, 130) == [0, 1, None, 0, None]
    assert rows_of([], 2, 100) == []


@pytest.mark.parametrize("width", [260, 420, 900])
@pytest.mark.parametrize("logarithmic", [False, True])
def test_texts_of_marks_do_not_overlap(
    qtbot: QtBot, width: int, logarithmic: bool
) -> None:
    plot = Plot(LIGHT_THEME, "Loss")
    qtbot.addWidget(plot)
    curve = Curve()
    curve.extend(np.arange(0.0, 12.0, 0.1), np.exp(-np.arange(0.0, 12.0, 0.1)))
    plot.set_logarithmic(logarithmic)
    plot.draw({"training": (curve, LineStyle("#ff0000"))})
    plot.marks(MANY)
    plot.resize(width, 220)
    plot.show()
    qtbot.waitExposed(plot)
    plot.grab()  # pyqtgraph positions items when painting
    shown = boxes(plot)
    assert shown, "some have room at any width"
    whole = plot._view.sceneBoundingRect()
    for box in shown:
        assert box.left() >= whole.left() - 1 and box.right() <= whole.right() + 1
    for one, other in itertools.combinations(shown, 2):
        assert not one.adjusted(1, 1, -1, -1).intersects(other), (one, other)
    assert plot.mark_texts() == tuple(text for _x, text in MANY)


def test_simultaneous_marks_share_a_text_also_in_the_readout(qtbot: QtBot) -> None:
    plot = Plot(LIGHT_THEME, "Loss")
    qtbot.addWidget(plot)
    plot.resize(600, 220)
    plot.show()
    plot.marks(MANY)
    assert plot._marks.near(1.2)[0] == "paused · lr → 0.001"
    assert plot._marks.near(6.0) == []
