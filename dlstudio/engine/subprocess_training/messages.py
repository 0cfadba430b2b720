"""Messages to and from the training process: JSON, one object per line.

The process receives a `TrainingJob`, then commands, and sends answers. Nothing is
pickled.

Commands: {"intervene": [what, value]}, {"pause": true}, {"gradients": true}, {"stop":
true}. Answers: {"ready": true} once it can be stopped, {"preparing": [done, total]},
events as in a run's journal, and at last one of {"done": run}, {"stopped": true},
{"refused": [message, hint]} and {"failed": [summary, details]}.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.engine.training.control import (
    CLASS_WEIGHTS,
    DROPOUT,
    EPOCHS,
    FREEZE,
    LEARNING_RATE,
    THAW,
    TrainingControl,
)

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """The training to run.

    Attributes:
        resume: Id of a run to resume, or "".
        epochs: For a resumed run: the new total number of epochs.
        language: Language of the process's messages.
    """

    project: Project
    folder: Path
    resume: str = ""
    epochs: int | None = None
    language: str = "en"

    def to_json(self) -> Message:
        """The job as JSON: the first line that the process reads."""
        return {
            "project": project_to_json(self.project),
            "folder": str(self.folder),
            "resume": self.resume,
            "epochs": self.epochs,
            "language": self.language,
        }

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> TrainingJob:
        """The job from its JSON form.

        Raises:
            UserError, KeyError: It is invalid.
        """
        return cls(
            project_from_json(item["project"]),
            Path(item["folder"]),
            item["resume"],
            item["epochs"],
            item["language"],
        )


class MessageWriter:
    """Writes messages unbuffered; thread-safe.

    Once the reader has closed the pipe, messages are lost and `broken` is set.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self.broken = False

    def write(self, message: Mapping[str, object]) -> None:
        """Write one message."""
        line = json.dumps(message, ensure_ascii=False).encode("utf-8") + b"\n"
        with self._lock:
            if self.broken:
                return
            try:
                self._stream.write(line)
                self._stream.flush()
            except (
                OSError,
                ValueError,
            ):  # the other side has ended, or the pipe is closed
                self.broken = True


def messages(stream: IO[bytes]) -> Iterator[Message]:
    """The messages of a stream until its end, without a truncated last one."""
    for line in stream:
        if not line.endswith(b"\n"):
            return
        yield json.loads(line)


def apply_order(control: TrainingControl, order: Message) -> None:
    """Apply a command to the control of a training."""
    for name, value in order.items():
        if name == "intervene":
            _intervene(control, *value)
        elif name == "gradients":
            control.watch_gradients(bool(value))
        elif name == "pause":
            if value:
                control.pause()
            else:
                control.resume()


def plain(value: object) -> object:
    """An intervention's value as plain JSON data."""
    return dict(value) if isinstance(value, FrozenMap) else value


def _intervene(control: TrainingControl, what: str, value: object) -> None:
    setters: dict[str, Callable[[Any], None]] = {
        LEARNING_RATE: control.set_learning_rate,
        FREEZE: control.freeze,
        THAW: control.thaw,
        DROPOUT: control.set_dropout,
        CLASS_WEIGHTS: control.set_class_weights,
        EPOCHS: control.set_epochs,
    }
    setters[what](value)
