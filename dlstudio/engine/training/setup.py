"""Sets up a training from a project and its prepared data."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples, SplitView
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.plan_metrics import LOSS, plan_metrics
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import find_head_type
from dlstudio.engine.model.build import build
from dlstudio.engine.model.instantiate import make
from dlstudio.engine.runtime.devices import TrainingPlacement
from dlstudio.engine.runtime.seeds import seeded
from dlstudio.engine.training.batch_feeder import BatchFeeder
from dlstudio.engine.training.components import (
    BaseRate,
    StepNumbers,
    TrainingComponents,
)
from dlstudio.engine.training.losses import (
    class_weights,
    head_of,
    sample_weights,
    targets_for,
)
from dlstudio.engine.training.metric_factory import MetricFactory
from dlstudio.engine.training.monitored_metric import metric_monitor
from dlstudio.engine.training.normalization import adapt
from dlstudio.engine.training.phases import body_of
from dlstudio.engine.training.schedules import OnPlateau
from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.steering import Steering, every_weight
from dlstudio.engine.training.stepper import Stepper
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasOptimizer, Variable


@dataclass(frozen=True, slots=True)
class PreparedTraining:
    """A training that has not started.

    Attributes:
        model: The built and seeded model.
        components: The loop's components.
        state: The loop's initial state.
        smaller_is_better: Names of the metrics to minimize, the loss first.
    """

    model: Any
    components: TrainingComponents
    state: LoopState
    smaller_is_better: tuple[str, ...] = (LOSS,)

    @property
    def variables(self) -> list[Variable]:
        """All variables that change while training, the model's first."""
        stepper = self.components.stepper
        metrics = [each for metric in stepper.metrics for each in metric.variables]
        return [*self.model.variables, *stepper.optimizer.variables, *metrics]


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
) -> PreparedTraining:
    """Build the model, optimizer, loss and metrics on the device(s).

    Args:
        folder: The project's folder, with the weights of opaque layers.

    Raises:
        UserError: Model, plan and data do not match.
    """
    plan = project.plan
    check_plan(plan)
    with garbage_later(), seeded(plan.seed, plan.deterministic):
        model = build(project, catalog, folder=folder)
        stepper, base_rate, base = _stepper(project, model, samples, catalog, placement)
        training, validation = _feeders(plan, samples, stepper)
        feeds = (
            BatchFeeder(training, stepper, resident),
            BatchFeeder(validation, stepper, resident),
        )
        adapt(model, training)
        schedule = make(plan.schedule, catalog, "schedules")
        early = plan.early_stopping
        monitors = (
            early.monitor if early else "val_loss",
            schedule.monitor if isinstance(schedule, OnPlateau) else "val_loss",
        )
        stopping, falling = (
            metric_monitor(monitor, plan, catalog, validated=len(validation) > 0)
            for monitor in monitors
        )
        state = LoopState(base_rate, stopping, falling)
        first, classes = plan.head_first, tuple(samples.classes)
        body = body_of(project.model, model) if first else ()
        later = first.rate if first else 1.0
        steering = Steering(stepper, feeds[0], classes, body, later)
        components = TrainingComponents(plan, stepper, *feeds, schedule, steering, base)
    metrics = plan_metrics(plan.metrics, catalog)
    smaller = [metric.name for metric in metrics if not metric.larger_is_better]
    return PreparedTraining(model, components, state, (LOSS, *smaller))


def _stepper(
    project: Project,
    model: KerasModel,
    samples: PreparedSamples,
    catalog: Catalog,
    placement: TrainingPlacement,
) -> tuple[Stepper, float, BaseRate | None]:
    plan = project.plan
    head_type = find_head_type(project.head, catalog)
    head = head_of(model, plan, len(samples.classes), multi_label=samples.multi_label)
    _check_images(model, samples)
    loss = make(plan.loss, catalog, "losses")
    optimizer, rate, base = _optimizer(plan, catalog)
    if plan.precision == "mixed_float16":
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(every_weight(model))  # so that layers can be unfrozen later
    replicas = len(placement.devices)
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
    stepper = Stepper(
        model,
        loss,
        optimizer,
        targets_for(plan.loss, head_type, head),
        MetricFactory(head, catalog).make(plan.metrics),
        weighted=plan.class_weights != "none",
        strategy=placement.strategy,
        fuse=placement.devices == ("CPU:0",),
    )
    return stepper, rate, base


def _check_images(model: KerasModel, samples: PreparedSamples) -> None:
    wanted, given = model.inputs[0].shape[1:], samples.images.shape[1:]
    fits = len(wanted) == len(given) and all(
        w in (None, g) for w, g in zip(wanted, given, strict=True)
    )
    if not fits:
        raise UserError(
            _(
                "The images have the shape {given}, but the model expects {wanted}."
            ).format(given=_shape(given), wanted=_shape(wanted)),
            _("Change the shape of the Input layer."),
        )


def _shape(shape: Sequence[int | None]) -> str:
    return " × ".join("?" if side is None else str(side) for side in shape)


def _optimizer(
    plan: TrainingPlan, catalog: Catalog
) -> tuple[KerasOptimizer, float, BaseRate | None]:
    """The optimizer with a constant rate, and its Keras schedule if it had one."""
    spec, rate = plan.optimizer, plan.optimizer.params.get("learning_rate")
    if not isinstance(rate, Spec):
        optimizer = make(spec, catalog, "optimizers")
        return optimizer, float(optimizer.learning_rate.numpy()), None
    moving = make(rate, catalog, "")
    optimizer = make(spec.with_param("learning_rate", 1.0), catalog, "optimizers")

    def base(steps: StepNumbers) -> StepNumbers:
        return np.array([float(moving(step)) for step in steps.astype(np.float32)])

    return optimizer, float(moving(0.0)), base


def _feeders(
    plan: TrainingPlan, samples: PreparedSamples, stepper: Stepper
) -> tuple[SplitView, SplitView]:
    training = np.asarray(samples.splits["train"], np.int64)
    validation = np.asarray(samples.splits["validation"], np.int64)
    if not len(training):
        raise UserError(
            _("There are no images for training."),
            _("Reduce the shares of validation and test, or add images."),
        )
    # All devices take the same number of samples in each step.
    shared = len(training) // stepper.replicas * stepper.replicas
    weights = class_weights(plan, samples.labels[training], samples.classes)
    heavy = sample_weights(weights, samples.labels)
    return (
        SplitView(samples.images, samples.labels, heavy, training[: shared or None]),
        SplitView(samples.images, samples.labels, None, validation),
    )


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
