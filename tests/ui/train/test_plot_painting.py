"""How often a chart is painted for new data."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.train.charts import TrainingCharts


class Paints(QObject):
    """Counts the paint events of a widget."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_new_points_are_painted_once_and_only_where_they_are(qtbot: QtBot) -> None:
    charts = TrainingCharts(LIGHT_THEME)
    qtbot.addWidget(charts)
    charts.resize(1000, 300)
    charts.show()
    history = RunHistory(steps_per_epoch=100, epochs=20)
    loss, quality = Paints(charts), Paints(charts)
    charts.loss.widget.viewport().installEventFilter(loss)
    charts.quality.widget.viewport().installEventFilter(quality)
    for frame in range(4):
        x = frame + np.arange(1, 51) / 50
        history.losses.extend(x, 2 / (1 + x))
        if frame == 2:  # layout changes caused by the first frames are done
            loss.count = quality.count = 0
        before = loss.count
        charts.show_run(history, 0.6)
        until(lambda before=before: loss.count > before)
        settle()  # a second paint event would have followed
    assert (loss.count, quality.count) == (2, 0)
