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
"""Seconds between two looks at what is wished."""
Progress = Callable[[int, int], None]


class SubprocessFailure(Exception):
    """Something unexpected happened in the process; its traceback is the cause."""


@dataclass
class SubprocessStatus:
    """What the process has said so far."""

    ready: bool = False
    run: str = ""
    ended: bool = False
    answer: Message = field(default_factory=dict)


class SubprocessTrainer:
    """Trains as `engine.training.trainer.Trainer` does, in a process of its own.

    The same events come, the same record is written and the same weights are found.
    If the process dies, the run has failed, its last checkpoint is kept, and the last
    event says so. The process holds the project's lock; it ends when this one does.

    Args:
        project: What is trained; of a resumed run, its own snapshot is.
        folder: The project's folder.
        emit: Called with each event, on the thread that waits.
        token: Asked many times a second whether to stop.
        control: Interventions, taken out of it and sent over.
        progress: Called with how many images are prepared, and of how many.
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
            UserError: It could not begin, or the process died before it did.
            Stopped: It was asked to stop before it began.
            FailedThere: Something unexpected happened before it began.
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
        """Listen until it says no more; another thread passes wishes on."""
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
            process.kill()  # so that the other thread is not kept by a full pipe
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
        """On a thread of its own: pass on whatever is wished."""
        orders.write(first)
        sent: dict[str, bool] = {"pause": False, "gradients": False, "stop": False}
        control, looked = self._control, 0.0
        while not over.wait(POLL):
            # Wishes are given once; this place is before every other.
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
                process.kill()  # still loading; there is nothing to keep
            if time.monotonic() - looked > POLL_SECONDS:
                looked = time.monotonic()
                self._memory.poll()

    def _lost(self, status: int, stderr_text: str) -> Run:
        """The process has died; a run it leaves behind has failed.

        Raises:
            Stopped: Stopped before it began.
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
