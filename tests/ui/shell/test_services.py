"""What outlives a room, and whether the window may close without a question."""

from __future__ import annotations

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from dlstudio.catalog.store import Catalog
from dlstudio.ui.data.dataset_controller import DatasetController
from dlstudio.ui.session import Session
from dlstudio.ui.studio import ProjectServices
from dlstudio.workers.training import IDLE, PREPARING, TrainingController


def test_only_a_training_asks_before_the_window_closes(qtbot: QtBot) -> None:
    kept = ProjectServices()
    trainings = kept.get("trainings", lambda: TrainingController(Catalog([])))
    assert not kept.busy
    trainings.state = PREPARING
    assert kept.busy
    trainings.state = IDLE
    assert not kept.busy
    assert kept.close()


def test_a_room_that_has_shown_something_asks_nothing(qtbot: QtBot) -> None:
    class Shown(QObject):
        state = "ready"

    kept = ProjectServices()
    kept.get("shown", Shown)
    assert not kept.busy


def test_the_data_of_an_empty_project_asks_nothing(qtbot: QtBot) -> None:
    kept = ProjectServices()
    session = Session(Catalog([]))
    controller = kept.get("data", lambda: DatasetController(session))
    assert controller.session is session
    assert not kept.busy
    assert kept.close()
