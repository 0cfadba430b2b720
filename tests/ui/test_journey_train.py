"""A full session: a folder of images becomes a verified SavedModel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drag_and_drop import drop
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot
from rooms import TrainingEnds, class_page, until

from dlstudio.catalog.store import Catalog
from dlstudio.engine.runs.store import RunStore
from dlstudio.ui.shell.rooms import ROOMS

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
COLORS = {"red": (200, 40, 40), "green": (40, 190, 50), "blue": (50, 60, 210)}
LONG = "5000"
"""More epochs than the test waits for."""


def make_images(root: Path, count: int, seed: int = 0) -> Path:
    """A folder of small noisy images for each colour."""
    random = np.random.default_rng(seed)
    for name, color in COLORS.items():
        (root / name).mkdir(parents=True)
        for number in range(count):
            noise = random.normal(0, 40, (12, 12, 3))
            image = np.clip(np.array(color) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(image).save(root / name / f"{number}.png")
    return root


class Person:
    """A user at the window, with a mouse and a keyboard."""

    def __init__(self, window: Any, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot

    @property
    def room(self) -> Any:
        return self.window.shell.room()

    @property
    def runs(self) -> Any:
        return self.room.runs

    def go(self, key: str) -> Any:
        self.qtbot.mouseClick(self.window.shell.content.rail.buttons[key], LEFT)
        assert self.window.shell.room_key() == key
        return self.room

    def click(self, button: Any) -> None:
        until(lambda: button.isVisible() and button.isEnabled())
        self.qtbot.mouseClick(button, LEFT)

    def type(self, field: Any, text: str) -> None:
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def plan(self, name: str, text: str) -> None:
        self.type(self.room.plan.form.row(name).findChild(QLineEdit), text)

    def tab(self, key: str) -> None:
        run_tabs = self.room.run_tabs
        place = run_tabs.tabs.tabRect(list(run_tabs._pages).index(key)).center()
        self.qtbot.mouseClick(run_tabs.tabs, LEFT, pos=place)
        assert run_tabs.tab == key

    def pick(self, row: int, more: bool = False) -> None:
        """Click a row of the table of runs."""
        table = self.runs.table
        at = QPoint(90, table.rowViewportPosition(row) + 10)
        keys = CONTROL if more else Qt.KeyboardModifier.NoModifier
        self.qtbot.mouseClick(table.viewport(), LEFT, keys, at)

    def outcomes(self) -> list[str]:
        folder = self.window.core.session.folder
        return [run.outcome for run in RunStore(folder).all()]


@pytest.mark.slow
def test_user_trains_steers_compares_and_exports(
    make_window: Callable[..., Any], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window(ROOMS, with_catalog=Catalog.load())
    person, core = Person(window, qtbot), window.core
    window.shell.engine_status.begin()
    until(lambda: core.engine.state == "ready")

    # A folder of images is dropped on the window: a project with a suitable model.
    drop(person.room, make_images(tmp_path / "colours", 16))
    until(lambda: window.shell.room_key() == "data")
    assert core.session.project.data.source.kind == "dlstudio.sources.folder"
    assert len(core.session.project.model.nodes) > 2

    # It trains, is paused, gets another rate and resumes.
    room = person.go("train")
    ends = TrainingEnds(room.trainings)
    person.plan("epochs", LONG)
    person.plan("batch_size", "8")
    stopping = room.plan.form.row("early_stopping").field.box
    qtbot.keyClick(stopping, Qt.Key.Key_Space)
    assert core.session.project.plan.early_stopping is None
    person.click(room.start)
    until(lambda: room.view_state.history.checkpoint >= 2)
    person.click(room.pause)
    until(lambda: room.view_state.history.paused)
    steps = len(room.view_state.history.losses)
    person.tab("steer")
    person.type(room.run_tabs.steer.rate, "0.0005")
    until(lambda: "lr → 0.0005" in room.loss.mark_texts())
    assert len(room.view_state.history.losses) == steps, "it is paused"
    person.click(room.pause)
    until(lambda: len(room.view_state.history.losses) > steps + 5)

    # Meanwhile it predicts images that it has not seen.
    person.go("predict")
    until(lambda: bool(person.room.picker.run))
    drop(person.room, make_images(tmp_path / "new", 2, seed=1))
    page = person.room.images
    until(lambda: len(page.rows) == 6 and not page.stop.isVisible())
    assert all(
        row.prediction.from_checkpoint and row.prediction.answer.label
        for row in page.rows
    )

    # It is stopped, resumed for two more epochs, and then for another one.
    room = person.go("train")
    assert room.trainings.state == "running", "it trained in the meantime"
    person.click(room.stop)
    ends.wait()
    assert person.outcomes() == ["cancelled"]
    until(lambda: room.runs.shown.rowCount() == 1)
    person.tab("runs")
    person.pick(0)
    before = RunStore(core.session.folder).all()[0].record.epochs
    person.click(room.runs.details.resume)
    until(lambda: room.trainings.state == "running")
    person.tab("steer")
    until(room.run_tabs.steer.isEnabled)
    person.type(room.run_tabs.steer.epochs, "1")  # as soon as the epoch is over
    ends.wait()
    assert person.outcomes() == ["succeeded"]
    person.tab("runs")
    person.pick(0)
    done = RunStore(core.session.folder).all()[0].record.epochs
    assert done > before
    person.click(room.runs.details.more)
    ends.wait()
    assert RunStore(core.session.folder).all()[0].record.epochs == done + 1

    # Another run, and the difference of the two.
    person.plan("epochs", "3")
    person.click(room.start)
    ends.wait()
    until(lambda: room.runs.shown.rowCount() == 2)
    person.pick(0)
    person.pick(1, more=True)
    until(lambda: "Plan: epochs" in room.runs.details.difference.text())
    until(lambda: {"run 1", "run 2"} <= set(room.quality.names()))

    # The confusion matrix of the test split; a cell shows its images.
    room = person.go("evaluate")
    until(lambda: bool(room.picker.run))
    person.click(room.evaluate)
    until(class_page(room.view).matrix.isVisible)
    qtbot.mouseClick(
        class_page(room.view).matrix,
        LEFT,
        pos=class_page(room.view).matrix.cell_center(0, 0),
    )
    assert "predicted correctly" in class_page(room.view).thumbnails.title()

    # A SavedModel whose certificate states that it matches the model.
    room = person.go("export")
    until(lambda: bool(room.picker.run))
    chosen = [b for b in room.format.findChildren(QToolButton) if b.isChecked()]
    assert [each.text() for each in chosen] == ["SavedModel"]
    person.click(room.start)

    def certified() -> bool:
        labels = (each for each in room.findChildren(QLabel) if each.isVisible())
        return any(each.text().startswith("Verified:") for each in labels)

    until(certified)
    assert (room._export_job.found.path / "saved_model.pb").is_file()
