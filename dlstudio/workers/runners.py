"""The two ways to do a training: on this thread, or in a process of its own."""

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
    """What is to be trained; its plan says where.

    Attributes:
        resume: Id of a run to go on with, or "".
        more: For a resumed run: epochs to train beyond those it has done by then;
            0 to go on to the planned end.
    """

    project: Project
    folder: Path
    resume: str = ""
    more: int = 0

    def epochs(self) -> int | None:
        """Up to how many epochs to train; None for as planned.

        Read from the run's record when the work begins: what the window knows of it
        may be a second old.

        Raises:
            UserError: There is no such run, or its record is damaged.
        """
        if not self.more:
            return None
        from dlstudio.engine.runs.store import RunStore

        return RunStore(self.folder).find(self.resume).record.epochs + self.more


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """A training with all that it is given.

    Attributes:
        emit: Called with each event.
        progress: Called with how many images are prepared, and of how many.
        token: Checked whether to stop.
        control: Where interventions come from.
    """

    request: TrainingRequest
    catalog: Catalog
    emit: Callable[[Event], None]
    progress: Callable[[int, int], None]
    token: StopToken
    control: TrainingControl


Runner = Callable[[TrainingTask], None]
"""Does the work on the thread that calls it; it may raise what `Trainer` does."""


def runner_of(request: TrainingRequest) -> Runner:
    """The way that the plan wishes."""
    return in_child if request.project.plan.process == CHILD else in_thread


def in_thread(work: TrainingTask) -> None:
    """Train on this thread, in this process."""
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
    """Let a process of its own train; this thread waits for it and needs no Keras."""
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
