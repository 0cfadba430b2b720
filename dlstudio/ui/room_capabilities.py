"""Capabilities of rooms, used by the rest of the window.

A room is a widget; it declares additional capabilities by implementing the methods of
these protocols. Menus disable what the current room does not support, and the shell
addresses a room through a `Destination`, so that every call is type-checked.
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
    """A room that handles some of the actions with context "room"."""

    def commands(self) -> Mapping[str, CommandHandler]:
        """The handlers by action id."""


# Requests to a room from another room or from the window.


@runtime_checkable
class TakesFiles(Protocol):
    """A room that accepts dropped files."""

    def take_files(self, paths: Sequence[Path]) -> None:
        """Use these files or folders."""


@runtime_checkable
class ChoosesData(Protocol):
    """Implemented by the Data room."""

    def choose_folder(self) -> None:
        """Open a dialog to choose the folder of images."""

    def find_source(self) -> None:
        """Open a dialog to locate missing data."""

    def show_class(self, name: str) -> None:
        """Show the images of one class; "" for all."""

    def show_sample(self, id: str) -> None:
        """Show one image, or one row of a table."""


@runtime_checkable
class EditsModel(Protocol):
    """Implemented by the Model room."""

    def add_layer(self, kind: str) -> None:
        """Add a layer of the given kind, such as "keras.layers.Dense"."""

    def show_problems(self) -> None:
        """Show the list of problems."""

    def save_script(self) -> None:
        """Open a dialog to save the Python script."""

    def save_drawing(self) -> None:
        """Open a dialog to save the canvas as a drawing."""


@runtime_checkable
class CanTrain(Protocol):
    """Implemented by the Train room."""

    def train(self) -> None:
        """Start training."""

    def queue_training(self) -> None:
        """Append a training of the project in its current state to the queue."""

    def train_longer(self, run: str, more: int) -> None:
        """Resume a run for `more` epochs beyond those completed."""


@runtime_checkable
class Predicts(Protocol):
    """Implemented by the Predict room."""

    def predict(self, inputs: Sequence[Path]) -> None:
        """Predict files and all images in folders."""


@dataclass(frozen=True, slots=True)
class Destination(Generic[C]):
    """A room and the capability required of it.

    Attributes:
        key: Key of the room, such as "train".
        capability: The protocol that the room must implement.
    """

    key: str
    capability: type[C]


DATA = Destination("data", ChoosesData)
DATA_FILES = Destination("data", TakesFiles)
MODEL = Destination("model", EditsModel)
TRAIN = Destination("train", CanTrain)
PREDICT = Destination("predict", Predicts)


class Visit(Protocol):
    """Shows a room and sends it a request."""

    def __call__(self, place: Destination[C], ask: Callable[[C], None], /) -> bool:
        """Show the room; call `ask` with it if it has the capability.

        Returns:
            Whether the room has the capability.
        """


def visit_nothing(_place: Destination[C], _ask: Callable[[C], None], /) -> bool:
    """A `Visit` that does nothing, for when there are no rooms."""
    return False


@runtime_checkable
class OrdersFocus(Protocol):
    """A window that defines the focus order outside of its rooms."""

    def next_outside(self, room: QWidget, forward: bool) -> QWidget | None:
        """The widget that Tab (or Shift+Tab) reaches when leaving a room."""
