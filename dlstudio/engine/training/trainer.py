"""The trainer: a frozen project in, events out, a record on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples
from dlstudio.document.events import Event
from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json
from dlstudio.engine.runs.record import RUNNING
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.engine.runtime.devices import TrainingPlacement, choose_placement
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.engine.runtime.versions import platform_now, versions_now
from dlstudio.engine.training.control import TrainingControl
from dlstudio.engine.training.endings import is_memory
from dlstudio.engine.training.resume import ResumePoint, longer, resume_run
from dlstudio.engine.training.session import TrainingSession
from dlstudio.engine.training.setup import PreparedTraining, assemble, split_sizes
from dlstudio.errors import UserError
from dlstudio.i18n import _

Prepare = Callable[[Project], PreparedSamples]


@dataclass(frozen=True, slots=True)
class TrainerDependencies:
    """What a trainer stands on; collaborators that seldom change.

    Attributes:
        prepare: Brings the project's data into its prepared form.
        placement: The device(s); by default those of the plan.
        resident: Keep the images in memory; by default if they are small enough.
        control: Interventions, live or replayed.
        reproduces: Id of the run this one repeats, for the record.
    """

    prepare: Prepare
    placement: TrainingPlacement | None = None
    resident: bool | None = None
    control: TrainingControl | None = None
    reproduces: str = ""


class Trainer:
    """Trains one project once (or goes on with one of its runs).

    Everything that can be refused is refused before there is a run. From then on the
    run's `events.jsonl` and `emit` get the same events, and the last of them is one
    `RunEnded`, whatever happens.

    Args:
        project: What is trained; of a resumed run, its own snapshot is.
        folder: The project's folder.
        catalog: Descriptions.
        emit: Called with each event, on the thread that trains.
        token: Checked between any two calls of the device whether to stop.
        dependencies: Where data comes from, and the rest.
    """

    def __init__(
        self,
        project: Project,
        folder: Path,
        catalog: Catalog,
        emit: Callable[[Event], None],
        token: StopToken,
        dependencies: TrainerDependencies,
    ) -> None:
        self._project = project
        self._folder = folder
        self._catalog = catalog
        self._emit = emit
        self._token = token
        self._dependencies = dependencies
        self._control = dependencies.control or TrainingControl()

    def train(self, resume: str = "", epochs: int | None = None) -> Run:
        """Train and return the run; its `outcome` tells how it ended.

        Args:
            resume: Id of a run to go on with, from its last good checkpoint.
            epochs: For a resumed run: train up to this many instead.

        Raises:
            UserError: It could not begin: plan, model, data and device do not fit,
                the run to resume is not there, damaged or being trained elsewhere.
            Stopped: It was asked to stop before it began.
        """
        store = RunStore(self._folder)
        with ExitStack() as stack:
            run = store.find(resume) if resume else None
            project = self._project
            if run is not None:
                stack.enter_context(run.held())
                project = _longer(run.project(), epochs)
            placement = self._dependencies.placement or choose_placement(
                project.plan.device
            )
            samples = self._dependencies.prepare(project)
            self._token.check()
            stack.enter_context(placement.scope())
            made = self._assemble(project, samples, placement)
            self._token.check()
            start = ResumePoint()
            if run is None:
                run = self._create(store, project, samples)
                stack.enter_context(run.held())
            else:
                check_data(run, samples)
                start = longer(resume_run(run.checkpoints, made), made, run, epochs)
                self._control.replay(
                    run.events(), (made.state.epoch + 1, made.state.step)
                )
            run.update(
                outcome=RUNNING,
                project=project_to_json(project),
                platform=platform_now(),
                versions=versions_now(),
                device=placement.name,
                parameters=int(made.model.count_params()),
                smaller_is_better=made.smaller_is_better,
                message="",
            )
            session = TrainingSession(
                run, made, self._emit, self._token, self._control, samples.skipped
            )
            session.train(start)
        return run

    def _assemble(
        self, project: Project, samples: PreparedSamples, placement: TrainingPlacement
    ) -> PreparedTraining:
        resident = self._dependencies.resident
        try:
            return assemble(
                project, samples, self._catalog, placement, resident, self._folder
            )
        except Exception as error:
            if not is_memory(error):
                raise
            raise UserError(
                _("There is not enough memory for this model."),
                _("Use a smaller model, or close other programs."),
            ) from error

    def _create(
        self, store: RunStore, project: Project, samples: PreparedSamples
    ) -> Run:
        data = {
            "fingerprint": samples.fingerprint,
            "classes": list(samples.classes),
            "multi_label": samples.multi_label,
            "splits": dict(split_sizes(samples)),
        }
        if samples.skipped:
            data["left_out"] = dict(samples.skipped)
        return store.create(
            project_to_json(project),
            seed=project.plan.seed,
            data=data,
            reproduces=self._dependencies.reproduces,
        )


def _longer(project: Project, epochs: int | None) -> Project:
    if epochs is None:
        return project
    return replace(project, plan=replace(project.plan, epochs=epochs))


def check_data(run: Run, samples: PreparedSamples) -> None:
    """Refuse other data than a run was trained on.

    Raises:
        UserError: It has changed; the hint says what, as far as the record tells.
    """
    if run.record.data.get("fingerprint") != samples.fingerprint:
        raise UserError(
            _("The data differs from the data that run {id} was trained on.").format(
                id=run.label
            ),
            _data_change(run, samples),
        )


def _data_change(run: Run, samples: PreparedSamples) -> str:
    before, now = run.record.data, split_sizes(samples)
    classes = list(samples.classes)
    if before.get("classes") != classes:
        return _("The classes were {before}; now they are {now}.").format(
            before=", ".join(map(str, before.get("classes", ()))),
            now=", ".join(classes),
        )
    if before.get("splits") != now:
        return _("The samples were {before}; now they are {now}.").format(
            before=_sizes(before.get("splits", {})), now=_sizes(now)
        )
    return _("Some images, their labels or their preprocessing have changed.")


def _sizes(splits: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {count}" for name, count in dict(splits).items())
