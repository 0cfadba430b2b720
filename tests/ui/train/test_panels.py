"""Chart interaction, the schedule's plot, and the preflight card."""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from rooms import until
from train_room_driver import LEFT, TrainRoomDriver, driver

from dlstudio.document.edits.nodes import RemoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetBindings, SetHead
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError
from dlstudio.ui.services.training.curve import Curve
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.plot_axis import EpochAxis, log_ticks
from dlstudio.ui.train.plot_lines import LineStyle

__all__ = ("driver",)


@pytest.fixture
def plot(qtbot: QtBot) -> Plot:
    made = Plot(LIGHT_THEME, "Loss")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    curve = Curve()
    curve.extend(np.arange(1, 101) / 10, np.linspace(2, 1, 100))
    made.line("training", curve, LineStyle("#0000ff"))
    return made


@pytest.mark.parametrize("epochs", [1, 5, 40, 3000])
def test_no_tick_of_a_chart_is_between_epochs(plot: Plot, epochs: int) -> None:
    axis = plot.widget.getPlotItem().getAxis("bottom")
    assert isinstance(axis, EpochAxis)
    levels = axis.tickValues(0.3, epochs + 0.4, 300)
    ticks = [each for _spacing, values in levels for each in values]
    assert ticks and all(float(each).is_integer() for each in ticks)


def test_curves_are_saved_as_images_and_as_values(plot: Plot, tmp_path: Path) -> None:
    plot.save(tmp_path / "loss.png")
    assert not QImage(str(tmp_path / "loss.png")).isNull()
    plot.save(tmp_path / "loss.svg")
    assert "<svg" in (tmp_path / "loss.svg").read_text("utf-8")
    plot.save(tmp_path / "loss.csv")
    with (tmp_path / "loss.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["curve", "epoch", "value"] and len(rows) == 101
    assert rows[1] == ["training", "0.1", "2.0"]
    with pytest.raises(UserError, match="not a supported file type"):
        plot.save(tmp_path / "loss.gif")
    with pytest.raises(UserError):
        plot.save(tmp_path / "nowhere" / "loss.png")


def test_the_crosshair_shows_values(plot: Plot, qtbot: QtBot) -> None:
    assert plot.values_at(5.0) == {"training": pytest.approx(1.505, abs=0.02)}
    view = plot.widget.viewport()
    qtbot.mouseMove(view, QPoint(50, 60))
    qtbot.mouseMove(view, QPoint(250, 120))
    until(lambda: "epoch" in plot.legend.text() and "training" in plot.legend.text())
    end = time.monotonic() + 0.2  # the crosshair's timer is idle again
    until(lambda: time.monotonic() > end)


def test_zoomed_in_only_that_part_is_drawn(plot: Plot, qtbot: QtBot) -> None:
    view = plot.widget.getPlotItem().getViewBox()
    assert not plot._all.isVisible()
    view.setXRange(2, 3, padding=0)
    assert plot._all.isVisible()
    x, _y = plot.lines.items["training"].getOriginalDataset()
    assert 10 <= len(x) <= 14
    qtbot.mouseClick(plot._all, LEFT)
    x, _y = plot.lines.items["training"].getOriginalDataset()
    assert len(x) == 100 and not plot._all.isVisible()


def test_a_click_saves(
    driver: TrainRoomDriver,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    until(lambda: "validation" in driver.room.loss.names())
    path = tmp_path / "loss.csv"
    given: list[Any] = []

    def choose_path(*args: Any, **_more: Any) -> tuple[str, str]:
        given.append(args)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose_path)
    qtbot.mouseClick(driver.room.loss.keep, LEFT)
    assert "validation" in path.read_text("utf-8")
    assert given and "CSV" in given[0][3]


def test_the_schedule_is_drawn_under_its_form(driver: TrainRoomDriver) -> None:
    rates = driver.room.plan.rates
    until(lambda: rates.rates is not None)
    assert np.allclose(rates.rates.y, 0.02)
    warm = FrozenMap({"warmup_epochs": 2.0})
    driver.plan(epochs=10, schedule=Spec("dlstudio.schedules.Cosine", warm))
    until(lambda: float(rates.rates.y[-1]) < 1e-6)
    peak = float(rates.rates.x[int(rates.rates.y.argmax())])
    assert peak == pytest.approx(2.0, abs=0.1)
    assert rates.accessibleName().startswith("Learning rate from")
    driver.plan(optimizer=Spec("keras.optimizers.Adam"))
    until(lambda: float(rates.rates.y.max()) == pytest.approx(0.001, rel=0.05))


def test_the_task_follows_the_project(driver: TrainRoomDriver) -> None:
    session, panel = driver.session, driver.room.plan
    assert panel.task.text() == "Single-label classification"
    session.do(SetHead.of(session.catalog["dlstudio.heads.regression"]))
    assert panel.task.text() == "Regression"
    assert panel.task.toolTip().startswith("Each sample has a number")
    until(lambda: not any("labels" in line for line in panel.preflight.lines()))
    session.undo()
    assert panel.task.text() == "Single-label classification"


def test_a_loss_of_the_plan_is_hidden_where_outputs_have_their_own(
    driver: TrainRoomDriver,
) -> None:
    session, form = driver.session, driver.room.plan.form
    loss = Spec("keras.losses.SparseCategoricalCrossentropy")
    (output,) = session.project.outputs
    inputs = session.project.inputs
    session.do(SetBindings(inputs, (replace(output, loss=loss),)))
    assert form.row("loss").isHidden() and not form.row("metrics").isHidden()
    session.undo()
    assert not form.row("loss").isHidden()


def test_preflight_summarizes_the_training(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    card = driver.room.plan.preflight
    until(
        lambda: any("s per epoch, as in the last run" in line for line in card.lines())
    )
    driver.session.do(SetParam("head", "use_bias", False))
    until(lambda: any("head use_bias default → off" in x for x in card.lines()))
    core = driver.window.core
    core.engine.load()
    session = driver.session
    core.engine.analyse(session.project, session.revision, session.folder)
    until(lambda: any(line.startswith("fits in memory") for line in card.lines()))
    until(lambda: "labels match the head (10 classes)" in card.lines())
    card.measure.click()
    assert not card.measure.isEnabled()
    until(lambda: any("(timed)" in line for line in card.lines()))
    until(card.measure.isEnabled)
    assert any("s per epoch (timed)" in line for line in card.lines()), driver.messages


def test_every_metric_of_the_plan_can_be_monitored(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    top = Spec("dlstudio.metrics.top_k")
    driver.plan(
        metrics=(top,),
        early_stopping=EarlyStopping(),
        schedule=Spec("dlstudio.schedules.OnPlateau"),
    )
    form = driver.room.plan.form
    names = ["val_loss", "val_top_3_accuracy", "loss", "top_3_accuracy"]
    stopping = form.row("early_stopping.monitor").field.combo
    nested = form.row("schedule").field.form.form
    plateau = nested.row("monitor").field.combo
    for combo in (stopping, plateau):
        assert [combo.itemText(i) for i in range(combo.count())] == names
        assert combo.currentText() == "val_loss"
        combo.setFocus()
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    plan = driver.session.project.plan
    assert plan.early_stopping.monitor == "val_top_3_accuracy"
    assert plan.schedule.params["monitor"] == "val_top_3_accuracy"
    driver.plan(metrics=(Spec("dlstudio.metrics.f1"),))
    assert stopping.currentText() == "val_top_3_accuracy"  # set by the check
    assert stopping.findText("val_f1") >= 0


def test_problems_are_counted_with_their_fixes(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.session.do(RemoveNodes(("flatten",), True))
    core = driver.window.core
    core.engine.load()
    session = driver.session
    core.engine.analyse(session.project, session.revision, session.folder)
    card = driver.room.plan.preflight
    until(lambda: any("error" in line for line in card.lines()))
    assert any("with a fix" in line for line in card.lines())
    assert "labels do not match the head" in card.lines()
    qtbot.keyClick(card.see, Qt.Key.Key_Space)
    assert driver.window.shell.room_key() == "model"


def test_the_confusion_of_the_newest_checkpoint(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.window.core.engine.load()
    driver.begin(qtbot)
    room = driver.room
    room.run_tabs.show_tab("live")
    until(
        lambda: (
            room.run_tabs.live.panel is not None
            and not room.run_tabs.live.panel.matrix.isHidden()
        )
    )
    assert "after epoch" in room.run_tabs.live.panel.note.text()
    qtbot.mouseClick(room.stop, LEFT)
    driver.ends.wait()


def test_best_epoch_figures_and_machine_are_shown(
    driver: TrainRoomDriver, qtbot: QtBot
) -> None:
    driver.plan(
        epochs=3,
        metrics=(Spec("dlstudio.metrics.accuracy"), Spec("dlstudio.metrics.recall")),
        early_stopping=EarlyStopping(),
    )
    driver.begin(qtbot)
    driver.ends.wait()
    room = driver.room
    history = room.view_state.history
    assert history.best_epoch and room.loss.best == history.best_of("loss")
    assert f"epoch {history.best_epoch}" in room.loss.legend.text()
    assert room.quality.title == "Accuracy"
    chooser = room.charts.chooser
    assert chooser.isVisible()
    chooser.setFocus()
    qtbot.keyClick(chooser, Qt.Key.Key_Down)
    assert room.quality.title == "Recall"
    assert room.quality.best == history.best_of("recall")
    driver.window.shell.set(theme="dark")
    room = driver.room
    assert room.quality.title == "Recall", "it stays chosen"
    room.run_tabs.show_tab("machine")
    memory = room.run_tabs.machine.memory.values_at(1)
    assert 0.05 < memory["process"] < 100, "gigabytes"
    assert room.run_tabs.machine.speed.names() == ("samples/s",)
    room.tools.logarithmic.setChecked(True)
    assert room.loss.best == history.best_of("loss")


def test_logarithmic_tick_labels_do_not_overlap() -> None:
    assert [10**x for x in log_ticks(-1, 1, 9)] == pytest.approx(
        [0.1, 0.2, 0.5, 1, 2, 5, 10]
    )
    assert log_ticks(-1, 1, 4) == [-1, 0, 1]
    assert log_ticks(-8, 2, 4) == [-8, -5, -2, 1]
    assert log_ticks(0.1, 0.2, 4) == []
    assert len(log_ticks(0.1, 0.9, 1)) == 1
