"""The tab that follows the newest checkpoint of a run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import until
from train_room_driver import TrainRoomDriver, driver

from dlstudio.document.bindings import OutputBinding
from dlstudio.document.edits.project import SetBindings
from dlstudio.document.evaluation import Evaluation, EvaluationReport, HeadReport
from dlstudio.document.values import Spec
from dlstudio.ui.services.training.run_history import RunHistory

__all__ = ("driver",)


def test_the_newest_checkpoint_is_shown_as_the_head_of_its_run_wants_it(
    driver: TrainRoomDriver,
) -> None:
    """The project has another head by now; the run that is shown keeps its own."""
    room, tabs = driver.room, driver.room.run_tabs
    until(lambda: bool(room.run_monitor.entries and room.main().run))
    assert tabs.live.title == "Confusion matrix"
    number = OutputBinding("label", Spec("dlstudio.heads.regression"))
    driver.session.do(SetBindings(driver.session.project.inputs, (number,)))
    assert tabs.live.title == "Confusion matrix"
    tabs.show_history(RunHistory())
    assert tabs.live.title == "Residuals", "no run: the project's own head"


def test_of_several_labels_each_is_listed(driver: TrainRoomDriver) -> None:
    live = driver.room.run_tabs.live
    live.show_heads((("label", "dlstudio.heads.multi_label"),))
    assert live.title == "Labels"
    live.show_history(RunHistory())
    matrix = [[[4, 1], [0, 3]], [[2, 2], [1, 3]]]
    metrics = {"precision": 0.75, "recall": 1.0, "f1": 0.86, "support": 3}
    labels = {"red": metrics, "blue": metrics}
    sections = {"per_class": labels, "confusion_matrix": matrix}
    report = EvaluationReport.of(
        {"label": HeadReport({}, sections=sections)},
        run="r",
        split="validation",
        samples=8,
        fingerprint="",
        classes=tuple(labels),
        has_several_labels=True,
    )
    live.panel._show(Evaluation(report, samples="rows"))
    table = live.panel.table
    assert not table.isHidden() and live.panel.matrix.isHidden()
    assert [table.item(row, 0).text() for row in range(2)] == ["red", "blue"]


def test_of_several_outputs_one_is_chosen(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    live = driver.room.run_tabs.live
    heads = "dlstudio.heads.classification", "dlstudio.heads.regression"
    live.show_heads(tuple(zip(("sold", "price"), heads, strict=True)))
    assert live.title == "Newest checkpoint" and live.outputs.count() == 2
    live.show_history(RunHistory())
    first = live.panel
    live.outputs.setFocus()
    qtbot.keyClick(live.outputs, Qt.Key.Key_Down)
    assert live.panel is not first and live.panel._output == "price"
    live.show_heads((("x", "no head at all"),))
    assert not live.title and live.panel is None
