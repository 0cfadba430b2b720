"""The Train room of the real window on the digits, driven by clicks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from digits_world import World
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from rooms import TrainingEnds, open_room, until

from dlstudio.document.edits.project import SetPlan

LEFT = Qt.MouseButton.LeftButton
LONG = 5_000
"""More epochs than any test waits for."""


@dataclass
class TrainRoomDriver:
    """The window with the Train room, and its notices."""

    window: Any
    world: World
    messages: list[str]
    ends: TrainingEnds = field(init=False)

    def __post_init__(self) -> None:
        self.ends = TrainingEnds(self.room.trainings)

    @property
    def room(self) -> Any:
        return self.window.shell.room()

    @property
    def session(self) -> Any:
        return self.window.core.session

    @property
    def pill(self) -> str:
        return str(self.window.shell.content.header.job.text())

    def plan(self, **values: Any) -> None:
        for name, value in values.items():
            self.session.do(SetPlan(name, value))

    def begin(self, qtbot: QtBot) -> None:
        """Start training by a click and wait until the curves have data."""
        qtbot.mouseClick(self.room.start, LEFT)
        until(lambda: len(self.room.view_state.history.losses) > 0)

    def idle(self) -> bool:
        return bool(self.room.trainings.state == "idle")

    def newest(self) -> Any:
        from dlstudio.engine.runs.store import RunStore

        return RunStore(self.world.folder).all()[-1]


@pytest.fixture
def driver(make_window: Callable[..., Any], world: World) -> TrainRoomDriver:
    window = open_room(make_window, world, "train", runs=False)
    messages: list[str] = []
    window.core.notices.reported.connect(
        lambda text, _kind, _more: messages.append(text)
    )
    made = TrainRoomDriver(window, world, messages)
    made.plan(epochs=LONG, steps_per_execution=1)
    return made


__all__ = ("LEFT", "LONG", "TrainRoomDriver", "driver")
