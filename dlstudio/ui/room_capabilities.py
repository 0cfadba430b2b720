"""What a room can do for the rest of the window.

A room is a widget; what it can do beyond that it says by having the methods of one of
these protocols. The menus grey out what the room that is shown cannot do, and the
shell asks a room of a certain kind by a `Destination`, so that every call is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar, runtime_checkable

from PySide6.QtWidgets import QWidget

from dlstudio.ui.actions import CommandHandler

C = TypeVar("C")


@runtime_checkable
class HasCommands(Protocol):
    """It does some of the actions that the room that is shown does."""

    def commands(self) -> Mapping[str, CommandHandler]:
        """What it does, by the ids of the actions."""


# What one room, or the window, asks of another room.


@runtime_checkable
class BeginsProjects(Protocol):
    """The Start room."""

    def begin_with_data(self, template: str) -> None:
        """Make a project from a template with the data of the open one."""


@runtime_checkable
class TakesFiles(Protocol):
    """Files can be dropped on it."""

    def take_files(self, paths: Sequence[Path]) -> None:
        """Use these files or folders."""


@runtime_checkable
class ChoosesData(Protocol):
    """The Data room."""

    def choose_folder(self) -> None:
        """Ask for the folder of the images."""

    def find_source(self) -> None:
        """Ask where the data lies now."""

    def show_class(self, name: str) -> None:
        """Show the images of one class; "" for all."""


@runtime_checkable
class EditsModel(Protocol):
    """The Model room."""

    def add_layer(self, kind: str) -> None:
        """Add a layer of a kind, such as "keras.layers.Dense"."""

    def show_problems(self) -> None:
        """Show the list of problems."""

    def save_script(self) -> None:
        """Ask where to save the Python script."""


@runtime_checkable
class CanTrain(Protocol):
    """The Train room."""

    def train(self) -> None:
        """Start training."""

    def queue_training(self) -> None:
        """Put a training of the project as it is at the end of the queue."""

    def train_longer(self, run: str, more: int) -> None:
        """Resume a run for `more` epochs beyond those it has done."""


@runtime_checkable
class Predicts(Protocol):
    """The Predict room."""

    def predict(self, inputs: Sequence[Path]) -> None:
        """Predict files, or all images below folders."""


@dataclass(frozen=True, slots=True)
class Destination(Generic[C]):
    """A room that can be asked for something.

    Attributes:
        key: The room's, such as "train".
        capability: What it must be able to do.
    """

    key: str
    capability: type[C]


START = Destination("start", BeginsProjects)
DATA = Destination("data", ChoosesData)
DATA_FILES = Destination("data", TakesFiles)
MODEL = Destination("model", EditsModel)
TRAIN = Destination("train", CanTrain)
PREDICT = Destination("predict", Predicts)


class Visit(Protocol):
    """Shows a room and asks it for something."""

    def __call__(self, place: Destination[C], ask: Callable[[C], None], /) -> bool:
        """Show the room; call `ask` with it if it has the capability.

        Returns:
            Whether it has.
        """


def visit_nothing(_place: Destination[C], _ask: Callable[[C], None], /) -> bool:
    """A `Visit` where there are no rooms."""
    return False


@runtime_checkable
class OrdersFocus(Protocol):
    """A window with rooms: it knows what the Tab key leads to outside of a room."""

    def next_outside(self, room: QWidget, forward: bool) -> QWidget | None:
        """Where Tab (or Shift+Tab) leads out of a room."""
