"""The window's process is killed during training; the next one resumes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from digits_world import digits_project
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from rooms import TrainingEnds, until

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.settings import SettingsStore
from dlstudio.ui.shell.rooms import ROOMS

SHIFT = "keras.layers.RandomTranslation"
LEFT = Qt.MouseButton.LeftButton
ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, signal, sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
folder, own = map(Path, sys.argv[2:4])
from PySide6.QtCore import QTimer
import dlstudio.workers.qt
from PySide6.QtWidgets import QApplication
from dlstudio.catalog.store import Catalog
from dlstudio.settings import SettingsStore
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.window import Window

app = QApplication([])
core = Core.make(app, Catalog.load(), SettingsStore(own / "settings"), own / "recovery")
window = Window(core)
window.show()
core.session.open(folder)
window.shell.go("train")
room = window.shell.room()

from dlstudio.engine.training.stepper import Stepper

calls, train = iter(range(10**6)), Stepper.train

def killed(*given):
    if next(calls) == 200:  # in the third epoch
        os.kill(os.getpid(), signal.SIGKILL)
    return train(*given)

Stepper.train = killed
room.start.click()
QTimer.singleShot(100_000, app.quit)
app.exec()
"""


def project() -> Project:
    """A model with several sources of randomness, trained in single steps."""
    graph = Graph.chain(
        [
            node("input", INPUT, shape=(8, 8, 1)),
            node("scale", "keras.layers.Rescaling", scale=1 / 255),
            node("shift", SHIFT, height_factor=0.1, width_factor=0.1),
            node("flatten", "keras.layers.Flatten"),
            node("drop", "keras.layers.Dropout", rate=0.2),
            node("head", "keras.layers.Dense", units=10, activation="softmax"),
        ]
    )
    made = digits_project()
    plan = replace(made.plan, epochs=8, batch_size=16, steps_per_execution=1)
    changed: Project = replace(made, graphs=FrozenMap({"model": graph}), plan=plan)
    return changed


def weights(run: Run) -> list[Any]:
    import keras

    assert run.model_path is not None
    return list(keras.saving.load_model(run.model_path).get_weights())


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_killed_while_training_it_resumes_to_the_same_weights(
    make_window: Callable[..., Any], qtbot: QtBot, tmp_path: Path
) -> None:
    folder, own = tmp_path / "cut", tmp_path / "own"
    save_project(project(), folder)
    command = [sys.executable, "-c", PROGRAM, str(ROOT), str(folder), str(own)]
    child = subprocess.run(command, capture_output=True, text=True, timeout=150)
    assert child.returncode == -signal.SIGKILL, child.stderr
    (cut,) = RunStore(folder).all()
    assert cut.outcome == "interrupted" and cut.model_path is None

    # The next start reports it at once, with a way to resume.
    SettingsStore(own / "settings").remember_project(folder)
    window = make_window(ROOMS, own / "settings", with_catalog=Catalog.load())
    start = window.shell.room()
    until(lambda: start.recovery.count() == 1)
    reported = start.recovery.itemAt(0).widget()
    # The latest recorded one: on a busy machine the one before.
    expected = r"Training of “cut” was interrupted in epoch [23]\."
    assert re.search(expected, reported.text)
    buttons = reported.findChildren(QPushButton)
    (there,) = (each for each in buttons if each.text() == "Open project")
    qtbot.mouseClick(there, LEFT)
    assert window.core.session.folder == folder
    assert window.shell.room_key() == "train"
    room = window.shell.room()
    pill = window.shell.content.header.job
    until(lambda: "was interrupted" in pill.text())
    until(lambda: room.interrupted is not None)
    assert "interrupted in epoch" in room.interrupted.text
    buttons = room.interrupted.findChildren(QPushButton)
    (go,) = (each for each in buttons if each.text() == "Resume")
    ends = TrainingEnds(room.trainings)
    qtbot.mouseClick(go, LEFT)
    ends.wait()
    until(lambda: room.view_state.history.outcome == "succeeded")
    (run,) = RunStore(folder).all()
    assert run.outcome == "succeeded" and run.record.epochs == 8

    # Another project of the same kind, without an interruption.
    save_project(project(), tmp_path / "whole")
    window.core.session.open(tmp_path / "whole")
    qtbot.mouseClick(room.start, LEFT)
    ends.wait()
    (whole,) = RunStore(tmp_path / "whole").all()
    assert whole.outcome == "succeeded"
    assert whole.record.metrics == run.record.metrics
    pairs = zip(weights(run), weights(whole), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)
