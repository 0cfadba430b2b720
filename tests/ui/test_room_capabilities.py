"""Capabilities of the rooms for menus and for other rooms."""

from __future__ import annotations

import inspect

import pytest
from PySide6.QtWidgets import QWidget

from dlstudio.ui import room_capabilities as can
from dlstudio.ui.data.room import DataRoom
from dlstudio.ui.model.room import ModelRoom
from dlstudio.ui.predict.room import PredictRoom
from dlstudio.ui.shell.window import Window
from dlstudio.ui.train.room import TrainRoom

CAPABILITIES = {
    DataRoom: (
        can.ChoosesData,
        can.TakesFiles,
        can.HasCommands,
    ),
    ModelRoom: (
        can.EditsModel,
        can.HasCommands,
    ),
    TrainRoom: (can.CanTrain,),
    PredictRoom: (can.Predicts, can.HasCommands),
    Window: (can.OrdersFocus,),
}
PAIRS = [(made, each) for made, found in CAPABILITIES.items() for each in found]


@pytest.mark.parametrize(("made", "capability"), PAIRS)
def test_a_room_has_the_methods_of_its_capabilities(
    made: type[QWidget], capability: type[object]
) -> None:
    assert issubclass(made, capability)
    for name, wanted in inspect.getmembers(capability, inspect.isfunction):
        if not name.startswith("_"):
            own = inspect.signature(getattr(made, name)).parameters
            assert list(own)[1:] == list(inspect.signature(wanted).parameters)[1:]


def test_no_room_has_undeclared_capabilities() -> None:
    every = {each for found in CAPABILITIES.values() for each in found}
    for made, known in CAPABILITIES.items():
        assert {each for each in every if issubclass(made, each)} == set(known)


def test_a_visit_shows_the_room_and_returns_whether_it_was_called(window) -> None:
    shell = window.shell
    assert shell.visit(can.TRAIN, lambda room: room.train_longer("7", 3))
    assert shell.room_key() == "train" and shell.room().requests == [("7", 3)]
    assert not shell.visit(can.DATA, lambda room: room.show_class("cats"))
    assert shell.room_key() == "data" and shell.room().requests == []
