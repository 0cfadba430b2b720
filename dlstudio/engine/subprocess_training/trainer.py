"""A trainer that trains in a subprocess."""

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
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.engine.runtime.stop_token import Stopped, StopToken
from dlstudio.engine.subprocess_training.lost_run import record_loss
from dlstudio.engine.subprocess_training.messages import (
    Message,
    MessageWriter,
    TrainingJob,
    messages,
    plain,
)
from dlstudio.engine.subprocess_training.process import (
    ended,
    last_words,
    start,
    status_of,
)
from dlstudio.engine.subprocess_training.process_exit import (
    POLL_SECONDS,
    MemoryMonitor,
    describe_exit,
)
from dlstudio.engine.training.control import TrainingControl
from dlstudio.errors import UserError
from dlstudio.i18n import _, translator

POLL = 0.02
"""Seconds between two checks for interventions."""
Progress = Callable[[int, int], None]


class SubprocessFailure(Exception):
    """An unexpected error in the process; its traceback is the cause."""


@dataclass
class SubprocessStatus:
    """What the process has reported so far."""

    ready: bool = False
    run: str = ""
    ended: bool = False
    answer: Message = field(default_factory=dict)


class SubprocessTrainer:
    """Trains like `engine.training.trainer.Trainer`, in a subprocess.

    Events, record and weights are the same. If the process dies, the run fails, its
    last checkpoint is kept, and the last event says so. The process holds the run's
    lock; it ends when this process does.

    Args:
        project: The project to train; a resumed run uses its own snapshot.
        folder: The project's folder.
        emit: Called with each event, on the waiting thread.
        token: Checked for a stop many times a second.
        control: Interventions, which are forwarded to the process.
        progress: Called with the number of samples prepared and the total.
    """

    def __init__(
        self,
        project: Project,
        folder: Path,
        emit: Callable[[Event], None],
        token: StopToken,
        control: TrainingControl | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._project = project
        self._folder = folder
        self._emit = emit
        self._token = token
        self._control = control or TrainingControl()
        self._progress = progress
        self._status = SubprocessStatus()
        self._memory = MemoryMonitor()

    def train(self, resume: str = "", epochs: int | None = None) -> Run:
        """Train and return the run; see `Trainer.train`.

        Raises:
            UserError: It could not start, or the process died before it did.
            Stopped: It was stopped before it started.
            SubprocessFailure: An unexpected error occurred before it started.
        """
        self._token.check()
        folder = self._folder.absolute()
        job = TrainingJob(self._project, folder, resume, epochs, translator.language)
        self._status, self._memory = SubprocessStatus(), MemoryMonitor()
        with tempfile.TemporaryFile() as complaints:
            process = start(complaints)
            try:
                self._follow(process, job)
                status = status_of(process)
            finally:
                ended(process)
            answer = self._status.answer
            if "done" in answer or self._status.ended:
                return RunStore(self._folder).find(self._status.run)
            if answer:
                raise _error(answer)
            return self._lost(status, last_words(complaints))

    def _follow(self, process: subprocess.Popen[bytes], job: TrainingJob) -> None:
        """Read messages until the end; another thread forwards interventions."""
        assert process.stdin is not None and process.stdout is not None
        orders, over = MessageWriter(process.stdin), threading.Event()
        first = job.to_json()
        steering = threading.Thread(
            target=self._steer, args=(process, orders, first, over), name="steering"
        )
        steering.start()
        try:
            for message in messages(process.stdout):
                self._handle(message)
        except BaseException:
            process.kill()  # so that a full pipe does not block the other thread
            raise
        finally:
            over.set()
            steering.join()

    def _handle(self, message: Message) -> None:
        status = self._status
        if "event" in message:
            event = event_from_json(message)
            if isinstance(event, RunStarted):
                status.run = event.run
            status.ended = isinstance(event, RunEnded)
            self._emit(event)
        elif "preparing" in message:
            if self._progress is not None:
                self._progress(*message["preparing"])
        elif "ready" in message:
            status.ready = True
        else:
            status.answer = message

    def _steer(
        self,
        process: subprocess.Popen[bytes],
        orders: MessageWriter,
        first: Message,
        over: threading.Event,
    ) -> None:
        """Forward interventions; runs on a separate thread."""
        orders.write(first)
        sent: dict[str, bool] = {"pause": False, "gradients": False, "stop": False}
        control, looked = self._control, 0.0
        while not over.wait(POLL):
            # Interventions are returned once; this place comes before all others.
            for what, value in control.due((0, 0)):
                orders.write({"intervene": [what, plain(value)]})
            stop_requested = {
                "pause": control.paused,
                "gradients": control.gradients,
                "stop": self._token.stop_requested,
            }
            for name, value in stop_requested.items():
                if value != sent[name]:
                    orders.write({name: value})
            sent = stop_requested
            if self._token.stop_requested and not self._status.ready:
                process.kill()  # still loading; nothing to save
            if time.monotonic() - looked > POLL_SECONDS:
                looked = time.monotonic()
                self._memory.poll()

    def _lost(self, status: int, stderr_text: str) -> Run:
        """Handle the death of the process; mark its run as failed.

        Raises:
            Stopped: It was stopped before it started.
            UserError: There is no run.
        """
        if self._token.stop_requested and not self._status.ready:
            raise Stopped
        exit_ = describe_exit(status, self._memory.ran_out, stderr_text)
        if not self._status.run:
            last = stderr_text.strip().splitlines()[-1:]
            raise UserError(
                exit_.message,
                " ".join([_("Training had not started yet. Start it again."), *last]),
            )
        run = RunStore(self._folder).find(self._status.run)
        self._emit(record_loss(run, exit_, stderr_text))
        return run


def _error(answer: Message) -> Exception:
    if "refused" in answer:
        message, hint = answer["refused"]
        return UserError(message, hint)
    if "failed" in answer:
        stderr_text, details = answer["failed"]
        error = SubprocessFailure(stderr_text)
        error.__cause__ = RuntimeError(f"\n{details}")
        return error
    return Stopped()
