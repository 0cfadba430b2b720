"""Jobs that preview a training plan; most need no TensorFlow."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import DataRecipe, TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.workers.jobs import JobContext

if TYPE_CHECKING:
    from dlstudio.engine.runs.record import RunRecord

POINTS = 400


@dataclass(frozen=True, slots=True)
class LearningRates:
    """The learning rate over the course of a training.

    Attributes:
        x: Epochs, float64 (n,).
        y: Rates, float64 (n,).
    """

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]


def rates_of(
    context: JobContext, plan: TrainingPlan, catalog: Catalog
) -> LearningRates | None:
    """The learning rate of the plan's schedule; None for a Keras schedule.

    Args:
        context: Context of the job.
        plan: The plan with optimizer, schedule and epochs.
        catalog: Describes them.

    Returns:
        The rate at `POINTS` places from epoch 0 to the last.

    Raises:
        UserError: There is no such schedule.
    """
    optimizer = catalog.get(plan.optimizer.kind)
    param = optimizer.param("learning_rate") if optimizer else None
    default = param.default if param else 0.001
    base = plan.optimizer.params.get("learning_rate", default)
    schedule = catalog[plan.schedule.kind]
    module, _colon, name = schedule.implementation.partition(":")
    made = getattr(importlib.import_module(module), name)(**dict(plan.schedule.params))
    if isinstance(base, Spec) or not isinstance(base, (int, float)):
        return None
    x = np.linspace(0, plan.epochs, POINTS)
    return LearningRates(x, base * made.factors(x, plan.epochs))


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """Estimates before a training starts.

    Attributes:
        needed: Bytes for weights, gradients, optimizer and one batch.
        free: Free memory in bytes.
        total: Total memory in bytes.
        epoch_seconds: Estimated from the last run's speed; 0 if unknown.
        last: Number of the last run; 0 if there is none.
        changed: Description of the changes since then; "" for none.
        classes: Number of classes of the last run; 0 if unknown.
    """

    needed: int = 0
    free: int = 0
    total: int = 0
    epoch_seconds: float = 0.0
    last: int = 0
    changed: str = ""
    classes: int = 0


def preview_plan(
    context: JobContext,
    project: Project,
    folder: Path | None,
    parameters: int,
    memory: int,
) -> PlanPreview:
    """Estimate a training before it starts; needs no TensorFlow.

    Args:
        parameters: Number of parameters of the model.
        memory: Bytes of all layers' outputs for one sample.
    """
    import psutil

    from dlstudio.engine.cost.training_memory import needed_bytes

    ram = psutil.virtual_memory()
    needed = needed_bytes(project.plan, parameters, memory)
    since = _since_last(project, folder)
    return PlanPreview(needed, ram.available, ram.total, *since)


def _since_last(project: Project, folder: Path | None) -> tuple[float, int, str, int]:
    from dlstudio.document.change_descriptions import describe_change
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.errors import UserError

    if folder is None:
        return 0.0, 0, "", 0
    runs = RunStore(folder).all()
    if not runs:
        return 0.0, 0, "", 0
    last = runs[-1]
    try:
        changed = describe_change(last.project(), project)
    except UserError:
        changed = ""
    timed = next((r for r in reversed(runs) if _seconds(r.record)), None)
    classes = len(last.record.data.get("classes") or ())
    return _seconds(timed.record) if timed else 0.0, len(runs), changed, classes


def _seconds(record: RunRecord) -> float:
    return float(record.seconds) / record.epochs if record.epochs else 0.0


def class_names(
    context: JobContext, recipe: DataRecipe, folder: Path | None, catalog: Catalog
) -> tuple[str, ...]:
    """The classes of the data, including the user's labels.

    Args:
        context: Context of the job.
        recipe: The source and the changed labels.
        folder: The project's folder; relative paths start there.
        catalog: Describes the data source.

    Raises:
        UserError: There is no data, or it cannot be read.
    """
    from dlstudio.data.open_source import open_source
    from dlstudio.data.recipe import apply_recipe

    samples = open_source(recipe.source, catalog, folder or Path.cwd())
    return apply_recipe(samples, recipe).classes


def time_epoch(
    context: JobContext, project: Project, folder: Path, catalog: Catalog
) -> float:
    """Estimate the seconds of an epoch from a few steps.

    Args:
        context: Context of the job.
        project: The project to train.
        folder: The project's folder; relative paths start there.
        catalog: Describes layers and data sources.

    Raises:
        UserError: The training could not start.
        Stopped: The job was cancelled.
    """
    from dlstudio.engine.project.data import prepare_project
    from dlstudio.engine.runtime.stop_token import StopToken
    from dlstudio.engine.training.epoch_time import epoch_seconds

    token = StopToken(context.cancel_event)
    samples = prepare_project(project, folder, catalog, None, token)
    return epoch_seconds(project, samples, catalog, token)
