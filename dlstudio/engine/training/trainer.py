"""The trainer: trains a project, emits events and writes a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples
from dlstudio.document.events import Event
from dlstudio.document.project import Project
from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.document.storage import project_to_json
from dlstudio.engine.preprocessing.learned_layers import (
    LearnedLayers,
    checksum,
    read_learned,
    write_learned,
)
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
    """Collaborators of a trainer.

    Attributes:
        prepare: Prepares the project's data.
        placement: The device(s); the plan's by default.
        resident: Whether to keep the samples in memory; by default if they fit.
        control: Interventions, live or replayed.
        reproduces: Id of the run this one reproduces, for the record.
    """

    prepare: Prepare
    placement: TrainingPlacement | None = None
    resident: bool | None = None
    control: TrainingControl | None = None
    reproduces: str = ""


class Trainer:
    """Trains one project once (or resumes one of its runs).

    Everything is validated before a run is created. From then on the run's
    `events.jsonl` and `emit` receive the same events, and the last one is always
    `RunEnded`.

    Args:
        project: The project to train; a resumed run uses its own snapshot.
        folder: The project's folder.
        catalog: Describes layers, optimizers, losses and so on.
        emit: Called with each event, on the training thread.
        token: Checked for a stop between any two calls of the step.
        dependencies: Data preparation, devices and other collaborators.
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
        """Train and return the run; its `outcome` is how it ended.

        Args:
            resume: Id of a run to resume from its last valid checkpoint.
            epochs: For a resumed run: the new total number of epochs.

        Raises:
            UserError: It could not start: plan, model, data and device do not match, or
                the run to resume is missing, damaged or being trained elsewhere.
            Stopped: It was stopped before it started.
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
            expected = str(run.record.data.get("learned", "")) if run else ""
            learned = read_learned(run.folder, expected) if run and expected else None
            made = self._assemble(project, samples, placement, learned)
            self._token.check()
            start = ResumePoint()
            if run is None:
                run = self._create(store, project, samples, made.learned)
                stack.enter_context(run.held())
            else:
                check_data(run, samples)
                if expected and checksum(made.learned) != expected:
                    raise _learned_otherwise(run)
                start = longer(resume_run(run.checkpoints, made), made, run, epochs)
                self._control.replay(
                    run.events(), (made.state.epoch + 1, made.state.step)
                )
            if learned is None and "learned" in run.record.data:
                write_learned(run.folder, made.learned)
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
        self,
        project: Project,
        samples: PreparedSamples,
        placement: TrainingPlacement,
        learned: LearnedLayers | None,
    ) -> PreparedTraining:
        resident = self._dependencies.resident
        try:
            return assemble(
                project,
                samples,
                self._catalog,
                placement,
                resident,
                self._folder,
                learned,
            )
        except Exception as error:
            if not is_memory(error):
                raise
            raise UserError(
                _("There is not enough memory for this model."),
                _("Use a smaller model, or close other programs."),
            ) from error

    def _create(
        self,
        store: RunStore,
        project: Project,
        samples: PreparedSamples,
        learned: LearnedLayers,
    ) -> Run:
        data = {
            "fingerprint": samples.fingerprint,
            "classes": class_names(project, samples),
            SEVERAL_LABELS: samples.rows[project.output.feature].ndim == 2,
            "splits": dict(split_sizes(samples)),
        }
        fitted = _fitted(project, samples)
        if fitted:
            data["fitted"] = fitted
        if learned:
            data["learned"] = checksum(learned)
        if samples.skipped:
            data["left_out"] = dict(samples.skipped)
        return store.create(
            project_to_json(project),
            seed=project.plan.seed,
            data=data,
            reproduces=self._dependencies.reproduces,
        )


def class_names(project: Project, samples: PreparedSamples) -> list[str]:
    """Names of the classes that the first output predicts, if it has classes."""
    return list(samples.fitted.get(project.output.feature, {}).get("names", ()))


def _fitted(project: Project, samples: PreparedSamples) -> dict[str, dict[str, Any]]:
    """What the features in use have learned, but the classes of the first output."""
    names = dict.fromkeys(each.feature for each in project.inputs)
    names |= dict.fromkeys(each.feature for each in project.outputs)
    if class_names(project, samples):
        del names[project.output.feature]
    fitted = {name: dict(samples.fitted.get(name, {})) for name in names}
    return {name: values for name, values in fitted.items() if values}


def _learned_otherwise(run: Run) -> UserError:
    return UserError(
        _("The layers of run {id} would learn something else now.").format(
            id=run.label
        ),
        _("Keras or the data has changed. Start a new run."),
    )


def _longer(project: Project, epochs: int | None) -> Project:
    if epochs is None:
        return project
    return replace(project, plan=replace(project.plan, epochs=epochs))


def check_data(run: Run, samples: PreparedSamples) -> None:
    """Check that the data is the one that a run was trained on.

    Raises:
        UserError: It has changed; the hint lists the changes known from the record.
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
    classes = class_names(run.project(), samples)
    if before.get("classes") != classes:
        return _("The classes were {before}; now they are {now}.").format(
            before=", ".join(map(str, before.get("classes", ()))),
            now=", ".join(classes),
        )
    if before.get("splits") != now:
        return _("The samples were {before}; now they are {now}.").format(
            before=_sizes(before.get("splits", {})), now=_sizes(now)
        )
    return _("Some samples, their labels or their preprocessing have changed.")


def _sizes(splits: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {count}" for name, count in dict(splits).items())
