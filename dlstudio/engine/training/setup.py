"""Sets up a training from a project and its prepared data."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples, SplitView
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.plan_metrics import LOSS, reported_metrics
from dlstudio.document.project import MODEL, Project
from dlstudio.engine.model.instantiate import make
from dlstudio.engine.preprocessing.learned_layers import LearnedLayers
from dlstudio.engine.runtime.devices import TrainingPlacement
from dlstudio.engine.runtime.seeds import seeded
from dlstudio.engine.training.batch_feeder import BatchFeeder
from dlstudio.engine.training.class_weights import planned_weights
from dlstudio.engine.training.components import TrainingComponents
from dlstudio.engine.training.method import (
    MethodComponents,
    MethodContext,
    find_training_method,
)
from dlstudio.engine.training.monitored_metric import metric_monitor
from dlstudio.engine.training.phases import body_of
from dlstudio.engine.training.schedules import OnPlateau
from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.steering import Steering
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, Variable


@dataclass(frozen=True, slots=True)
class PreparedTraining:
    """A training that has not started.

    Attributes:
        method: The models, the step, and what else changes while training.
        components: The loop's components.
        state: The loop's initial state.
        smaller_is_better: Names of the metrics to minimize, the loss first.
    """

    method: MethodComponents
    components: TrainingComponents
    state: LoopState
    smaller_is_better: tuple[str, ...] = (LOSS,)

    @property
    def model(self) -> KerasModel:
        """The model that the run keeps; built and seeded."""
        return self.method.models[MODEL]

    @property
    def learned(self) -> LearnedLayers:
        """What layers have learned from the training split."""
        return self.method.learned

    @property
    def weights(self) -> list[Variable]:
        """The variables of all models."""
        models = self.method.models.values()
        return [each for model in models for each in model.variables]

    @property
    def variables(self) -> list[Variable]:
        """All variables that change while training, those of the models first."""
        groups = self.method.stepper.variables.values()
        return [*self.weights, *(each for group in groups for each in group)]


def check_plan(plan: TrainingPlan) -> None:
    """Check a plan for numbers that prevent training.

    Raises:
        UserError: A number is invalid.
    """
    for name, value, least in (
        (_("epochs"), plan.epochs, 1),
        (_("batch size"), plan.batch_size, 1),
        (_("steps per execution"), plan.steps_per_execution, 0),
        (
            _("epochs for the head alone"),
            plan.head_first.epochs if plan.head_first else 1,
            1,
        ),
    ):
        if value < least:
            raise UserError(
                _("{name} in the plan is {value}.").format(name=name, value=value),
                _("It must be at least {least}.").format(least=least),
            )


def assemble(
    project: Project,
    samples: PreparedSamples,
    catalog: Catalog,
    placement: TrainingPlacement,
    resident: bool | None = None,
    folder: Path | None = None,
    learned: LearnedLayers | None = None,
) -> PreparedTraining:
    """Build everything that the plan's training method needs on the device(s).

    Args:
        folder: The project's folder, with the weights of opaque layers.
        learned: What layers have learned when the run was begun; they learn now if it
            is None.

    Raises:
        UserError: Model, plan and data do not match.
    """
    plan = project.plan
    check_plan(plan)
    method = find_training_method(plan.method.kind, catalog)
    with garbage_later(), seeded(plan.seed, plan.deterministic):
        chosen = _training(samples, len(placement.devices))
        made = method.assemble(
            MethodContext(project, samples, catalog, placement, chosen, folder, learned)
        )
        stepper, rows = made.stepper, made.rows
        _check_batches(plan, len(placement.devices))
        held = np.asarray(samples.splits["validation"], np.int64)
        weights = planned_weights(plan, rows, made.classes, samples.splits["train"])
        stepper.weigh(weights)
        training = SplitView(rows, weights, chosen)
        validation = SplitView(rows, dict.fromkeys(weights), held)
        feeds = (
            BatchFeeder(training, stepper, resident, made.lengths),
            BatchFeeder(validation, stepper, resident, made.lengths),
        )
        schedule = make(plan.schedule, catalog, "schedules")
        state = _state(
            project, catalog, made.rate, schedule, validated=len(validation) > 0
        )
        first = plan.head_first
        body = body_of(project.model, made.models[MODEL]) if first else ()
        later = first.rate if first else 1.0
        steering = Steering(stepper, feeds[0], made.classes, body, later)
        components = TrainingComponents(
            plan, stepper, *feeds, schedule, steering, made.base
        )
    metrics = reported_metrics(project, catalog)
    smaller = tuple(each.name for each in metrics if not each.larger_is_better)
    return PreparedTraining(made, components, state, smaller)


def _state(
    project: Project,
    catalog: Catalog,
    rate: float,
    schedule: object,
    *,
    validated: bool,
) -> LoopState:
    early = project.plan.early_stopping
    monitors = (
        early.monitor if early else "val_loss",
        schedule.monitor if isinstance(schedule, OnPlateau) else "val_loss",
    )
    stopping, falling = (
        metric_monitor(monitor, project, catalog, validated=validated)
        for monitor in monitors
    )
    return LoopState(rate, stopping, falling)


def _check_batches(plan: TrainingPlan, replicas: int) -> None:
    if plan.batch_size % replicas:
        raise UserError(
            _(
                "A batch size of {batch} cannot be divided evenly among {count} "
                "devices."
            ).format(batch=plan.batch_size, count=replicas),
            _("Set the batch size to {batch}.").format(
                batch=-(-plan.batch_size // replicas) * replicas
            ),
        )


def _training(samples: PreparedSamples, devices: int) -> npt.NDArray[np.int64]:
    """Indices of the training split; all devices take the same number of samples."""
    training = np.asarray(samples.splits["train"], np.int64)
    if not len(training):
        raise UserError(
            _("There are no samples for training."),
            _("Reduce the shares of validation and test, or add samples."),
        )
    shared = len(training) // devices * devices
    return training[: shared or None]


@contextmanager
def garbage_later() -> Iterator[None]:
    """Disable garbage collection inside: long collections stall other threads."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def split_sizes(samples: PreparedSamples) -> Mapping[str, int]:
    """Number of samples in each split."""
    return {str(name): len(chosen) for name, chosen in samples.splits.items()}
