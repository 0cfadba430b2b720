"""Two ways to run a training: on this thread, or in a subprocess."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import Event
from dlstudio.document.plan import CHILD
from dlstudio.document.project import Project
from dlstudio.i18n import _
from dlstudio.workers.quiet_import import quiet_import

if TYPE_CHECKING:
    from dlstudio.engine.runtime.stop_token import StopToken
    from dlstudio.engine.training.control import TrainingControl


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """A request to train a project; its plan selects thread or subprocess.

    Attributes:
        resume: Id of a run to resume, or "".
        more: For a resumed run: additional epochs; 0 to train to the planned end.
    """

    project: Project
    folder: Path
    resume: str = ""
    more: int = 0

    def epochs(self) -> int | None:
        """Total number of epochs to train; None for the plan's.

        Read from the run's record when the work starts: the window's data may be
        outdated.

        Raises:
            UserError: There is no such run, or its record is damaged.
        """
        if not self.more:
            return None
        from dlstudio.engine.runs.store import RunStore

        return RunStore(self.folder).find(self.resume).record.epochs + self.more


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """A training with its callbacks.

    Attributes:
        emit: Called with each event.
        progress: Called with the number of samples prepared and the total.
        token: Checked for a stop.
        control: The source of interventions.
    """

    request: TrainingRequest
    catalog: Catalog
    emit: Callable[[Event], None]
    progress: Callable[[int, int], None]
    token: StopToken
    control: TrainingControl


Runner = Callable[[TrainingTask], None]
"""Runs a training on the calling thread; raises the same errors as `Trainer`."""


def runner_of(request: TrainingRequest) -> Runner:
    """The runner that the plan selects."""
    return in_child if request.project.plan.process == CHILD else in_thread


def in_thread(work: TrainingTask) -> None:
    """Train on this thread."""
    from dlstudio.document.project_lock import ProjectLock
    from dlstudio.engine.runtime.startup import start_tensorflow

    known = "tensorflow" in sys.modules
    with nullcontext() if known else quiet_import():
        start_tensorflow()
        from dlstudio.engine.project.check import prepare_training
        from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    request, token = work.request, work.token

    def prepare(project: Project) -> Any:
        place, resumed = (request.folder, work.catalog), bool(request.resume)
        return prepare_training(project, *place, work.progress, token, resumed=resumed)

    dependencies = TrainerDependencies(prepare, control=work.control)
    with ProjectLock(request.folder, _("training")):
        trainer = Trainer(
            request.project,
            request.folder,
            work.catalog,
            work.emit,
            token,
            dependencies,
        )
        trainer.train(request.resume, request.epochs())


def in_child(work: TrainingTask) -> None:
    """Train in a subprocess; this thread waits for it and needs no Keras."""
    from dlstudio.engine.subprocess_training.trainer import SubprocessTrainer

    request = work.request
    trainer = SubprocessTrainer(
        request.project,
        request.folder,
        work.emit,
        work.token,
        work.control,
        work.progress,
    )
    trainer.train(request.resume, request.epochs())
