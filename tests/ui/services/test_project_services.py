"""Services that outlive a room, and whether the window may close unconfirmed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from dlstudio.catalog.store import Catalog
from dlstudio.settings import SettingsStore
from dlstudio.ui.activity import Activity
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_services import ProjectServices
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.training import IDLE, PREPARING

LAZY = (
    "automatic_evaluation",
    "dataset",
    "evaluation_job",
    "export_job",
    "interrupted_runs",
    "model_view_state",
    "models",
    "predictions",
    "queue",
    "run_monitor",
    "run_names",
    "run_selection",
    "train_view_state",
    "trainings",
)


@pytest.fixture
def services(qtbot: QtBot, tmp_path: Path) -> Iterator[ProjectServices]:
    catalog = Catalog([])
    engine = Engine(catalog)
    made = ProjectServices(
        Session(catalog), engine, SettingsStore(tmp_path), Notices(), Activity()
    )
    yield made
    assert made.close()
    assert engine.close()


@pytest.mark.parametrize("name", LAZY)
def test_each_service_is_created_once_on_first_use(
    services: ProjectServices, name: str
) -> None:
    assert name not in vars(services)
    made = getattr(services, name)
    assert getattr(services, name) is made
    assert isinstance(made, QObject) and made.parent() is not None


def test_only_a_training_requires_confirmation_to_close(
    services: ProjectServices,
) -> None:
    trainings = services.trainings
    assert not services.busy and not services.quit_warnings
    trainings.state = PREPARING
    assert services.busy and len(services.quit_warnings) == 1
    trainings.state = IDLE
    assert not services.busy


def test_services_without_work_require_no_confirmation(
    services: ProjectServices,
) -> None:
    class Shown(QObject):
        state = "ready"

    services.keep(Shown())
    assert not services.busy and not services.quit_warnings


def test_the_data_of_an_empty_project_requires_no_confirmation(
    services: ProjectServices,
) -> None:
    assert services.dataset.session is services.session
    assert not services.busy


def test_a_service_that_does_not_end_in_time_is_reported(
    services: ProjectServices,
) -> None:
    class Slow(QObject):
        ended = False

        def close(self) -> bool:
            return self.ended

    slow = services.keep(Slow())
    assert not services.close()
    slow.ended = True
    assert services.close()
