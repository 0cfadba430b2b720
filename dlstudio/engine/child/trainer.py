"""A trainer whose work is done by a process of its own."""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.document.events import Event, RunEnded, RunStarted, event_from_json
from dlstudio.document.project import Project
from dlstudio.engine.child.lost_run import note_loss
from dlstudio.engine.child.messages import Message, TrainingJob, Writer, messages, plain
from dlstudio.engine.child.process import ended, last_words, start, status_of
from dlstudio.engine.child.process_exit import LOOK, MemoryMonitor, death_of
from dlstudio.engine.runs import Run, RunStore
from dlstudio.engine.tokens import Stopped, StopToken
from dlstudio.engine.training.control import Control
from dlstudio.errors import UserError
from dlstudio.i18n import _, translator

POLL = 0.02
"""Seconds between two looks at what is wished."""
Progress = Callable[[int, int], None]


class ChildFailure(Exception):
    """Something unexpected happened in the process; its traceback is the cause."""


@dataclass
class ChildStatus:
    """What the process has said so far."""

    ready: bool = False
    run: str = ""
    ended: bool = False
    answer: Message = field(default_factory=dict)


class ChildTrainer:
    """Trains as `dlstudio.engine.trainer.Trainer` does, in a process of its own.

    The same events come, the same record is written and the same weights are found.
    If the process dies, the run has failed, its last checkpoint is kept, and the last
    event says so. The process holds the project's lock; it ends when this one does.

    Args:
        project: What is trained; of a resumed run, its own snapshot is.
        folder: The project's folder.
        emit: Told what happens, on the thread that waits.
        token: Asked many times a second whether to stop.
        control: Interventions, taken out of it and sent over.
        progress: Told how many pictures are prepared, and of how many.
    """

    def __init__(
        self,
        project: Project,
        folder: Path,
        emit: Callable[[Event], None],
        token: StopToken,
        control: Control | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._project = project
        self._folder = folder
        self._emit = emit
        self._token = token
        self._control = control or Control()
        self._progress = progress
        self._told = ChildStatus()
        self._memory = MemoryMonitor()

    def train(self, resume: str = "", epochs: int | None = None) -> Run:
        """Train and return the run; see `Trainer.train`.

        Raises:
            UserError: It could not begin, or the process died before it did.
            Stopped: It was asked to stop before it began.
            FailedThere: Something unexpected happened before it began.
        """
        self._token.check()
        folder = self._folder.absolute()
        job = TrainingJob(self._project, folder, resume, epochs, translator.language)
        self._told, self._memory = ChildStatus(), MemoryMonitor()
        with tempfile.TemporaryFile() as complaints:
            process = start(complaints)
            try:
                self._follow(process, job)
                status = status_of(process)
            finally:
                ended(process)
            answer = self._told.answer
            if "done" in answer or self._told.ended:
                return RunStore(self._folder).find(self._told.run)
            if answer:
                raise _error(answer)
            return self._lost(status, last_words(complaints))

    def _follow(self, process: subprocess.Popen[bytes], job: TrainingJob) -> None:
        """Listen until it says no more; another thread passes wishes on."""
        assert process.stdin is not None and process.stdout is not None
        orders, over = Writer(process.stdin), threading.Event()
        first = job.to_json()
        steering = threading.Thread(
            target=self._steer, args=(process, orders, first, over), name="steering"
        )
        steering.start()
        try:
            for message in messages(process.stdout):
                self._hear(message)
        except BaseException:
            process.kill()  # so that the other thread is not kept by a full pipe
            raise
        finally:
            over.set()
            steering.join()

    def _hear(self, message: Message) -> None:
        told = self._told
        if "event" in message:
            event = event_from_json(message)
            if isinstance(event, RunStarted):
                told.run = event.run
            told.ended = isinstance(event, RunEnded)
            self._emit(event)
        elif "preparing" in message:
            if self._progress is not None:
                self._progress(*message["preparing"])
        elif "ready" in message:
            told.ready = True
        else:
            told.answer = message

    def _steer(
        self,
        process: subprocess.Popen[bytes],
        orders: Writer,
        first: Message,
        over: threading.Event,
    ) -> None:
        """On a thread of its own: pass on whatever is wished."""
        orders.write(first)
        sent: dict[str, bool] = {"pause": False, "gradients": False, "stop": False}
        control, looked = self._control, 0.0
        while not over.wait(POLL):
            # Wishes are given once; this place is before every other.
            for what, value in control.due((0, 0)):
                orders.write({"wish": [what, plain(value)]})
            wished = {
                "pause": control.paused,
                "gradients": control.gradients,
                "stop": self._token.wished,
            }
            for name, value in wished.items():
                if value != sent[name]:
                    orders.write({name: value})
            sent = wished
            if self._token.wished and not self._told.ready:
                process.kill()  # still loading; there is nothing to keep
            if time.monotonic() - looked > LOOK:
                looked = time.monotonic()
                self._memory.look()

    def _lost(self, status: int, said: str) -> Run:
        """The process has died; a run it leaves behind has failed.

        Raises:
            Stopped: Stopped before it began.
            UserError: There is no run.
        """
        if self._token.wished and not self._told.ready:
            raise Stopped
        death = death_of(status, self._memory.ran_out, said)
        if not self._told.run:
            last = said.strip().splitlines()[-1:]
            raise UserError(
                death.message,
                " ".join([_("The training had not begun yet; start it again."), *last]),
            )
        run = RunStore(self._folder).find(self._told.run)
        self._emit(note_loss(run, death, said))
        return run


def _error(answer: Message) -> Exception:
    if "refused" in answer:
        message, hint = answer["refused"]
        return UserError(message, hint)
    if "failed" in answer:
        said, details = answer["failed"]
        error = ChildFailure(said)
        error.__cause__ = RuntimeError(f"\n{details}")
        return error
    return Stopped()
