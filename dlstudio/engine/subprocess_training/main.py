"""The training process: started by `SubprocessTrainer`, never by hand.

It reads a job and commands from its standard input and writes messages to its standard
output; when the input ends, the program has ended, so it saves a checkpoint and ends
too.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from dlstudio.data.standard_error import keep_python_stderr
from dlstudio.document.events import Event, event_to_json
from dlstudio.engine.runs.record import RUNNING
from dlstudio.engine.runtime.stop_token import Stopped, StopSource
from dlstudio.engine.subprocess_training.messages import (
    Message,
    MessageWriter,
    TrainingJob,
    apply_order,
    messages,
)
from dlstudio.engine.training.control import TrainingControl
from dlstudio.errors import UserError
from dlstudio.i18n import _, translator

if TYPE_CHECKING:
    from dlstudio.data.pipeline import PreparedSamples
    from dlstudio.document.project import Project

NICE = 2
"""Niceness relative to the window, on systems that have it."""
LAST_WORDS = 120.0
"""Seconds for the running step and a checkpoint after the program has ended."""
REPORT_SECONDS = 0.05
"""Seconds between progress reports while preparing data."""


def main() -> None:
    """Run the job, then end the process."""
    answers, orders = _pipes()
    faulthandler.enable(os.dup(2))
    keep_python_stderr()
    _step_back()
    # Ctrl-C in a terminal is handled by the program, which then requests a stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = TrainingProcess(MessageWriter(answers))
    signal.signal(signal.SIGTERM, lambda _number, _frame: process.stop.stop())
    process.work(orders)
    sys.stderr.flush()
    # Everything is written; cleanup by libraries may crash or take long.
    os._exit(0)


class TrainingProcess:
    """One training, as run by the process.

    Args:
        answers: The stream that the program reads.
    """

    def __init__(self, answers: MessageWriter) -> None:
        self._answers = answers
        self._control = TrainingControl()
        self._last_report = 0.0
        self._abandoned = False
        self.stop = StopSource()

    def work(self, orders: IO[bytes]) -> None:
        """Read the job, run it, and report the outcome."""
        lines = messages(orders)
        first = next(lines, None)
        if first is None:
            return
        threading.Thread(target=self._listen, args=(lines,), daemon=True).start()
        self._answers.write(self._answer(first))

    def _listen(self, orders: Iterator[Message]) -> None:
        try:
            for order in orders:
                if "stop" in order:
                    self.stop.stop()
                apply_order(self._control, order)
        finally:
            self._abandoned = not self.stop.token.stop_requested
            self.stop.stop()
            time.sleep(LAST_WORDS)
            os._exit(1)

    def _answer(self, first: Message) -> Message:
        try:
            job = TrainingJob.from_json(first)
            translator.use(job.language)
            return {"done": self._train(job)}
        except Stopped:
            return {"stopped": True}
        except UserError as error:
            return {"refused": [error.message, error.hint]}
        except Exception as error:  # reported by the program, with the details
            message = str(error).strip() or type(error).__name__
            details = "".join(traceback.format_exception(error))
            return {"failed": [message.splitlines()[0], details]}

    def _train(self, job: TrainingJob) -> str:
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.catalog.store import Catalog
        from dlstudio.document.project_lock import ProjectLock
        from dlstudio.engine.project.check import prepare_training
        from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

        self._answers.write({"ready": True})
        catalog, token = Catalog.load(), self.stop.token

        def prepare(project: Project) -> PreparedSamples:
            place, resumed = (job.folder, catalog), bool(job.resume)
            return prepare_training(
                project, *place, self._prepared, token, resumed=resumed
            )

        with ProjectLock(job.folder, _("training")):
            token.check()
            dependencies = TrainerDependencies(prepare, control=self._control)
            trainer = Trainer(
                job.project, job.folder, catalog, self._emit, token, dependencies
            )
            run = trainer.train(job.resume, job.epochs)
            if self._abandoned and run.record.outcome == "cancelled":
                # No stop was requested: the run counts as interrupted and can be
                # resumed.
                run.update(outcome=RUNNING, reason="")
            return run.id

    def _emit(self, event: Event) -> None:
        self._answers.write(event_to_json(event))

    def _prepared(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last_report >= REPORT_SECONDS or done == total:
            self._last_report = now
            self._answers.write({"preparing": [done, total]})


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the program; output of libraries is redirected to stderr."""
    answers, orders = os.dup(1), os.dup(0)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return os.fdopen(answers, "wb"), os.fdopen(orders, "rb")


def _step_back() -> None:
    """Lower the priority, so that the window stays responsive on few cores.

    Windows itself prefers the foreground window.
    """
    nice = getattr(os, "nice", None)
    if nice is not None:
        with suppress(OSError):
            nice(NICE)


if __name__ == "__main__":
    main()
