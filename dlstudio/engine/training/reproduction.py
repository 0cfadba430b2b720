"""Repeats a training from a run's record, and compares the results."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import Event, RunStarted
from dlstudio.document.project import Project
from dlstudio.engine.prediction.model_file import load_run_model
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.engine.runtime.versions import versions_now
from dlstudio.engine.training.control import TrainingControl, interventions
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies, check_data
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Differences between a repeated run and the original.

    Attributes:
        run: Id of the original run.
        again: Id of the repeated run.
        outcome: Outcome of the repeated run.
        identical: Whether all weights and metrics are identical, bit for bit.
        weights_difference: Largest absolute difference of weights; NaN if they cannot
            be compared.
        metrics_difference: Absolute difference of each metric, by name.
        versions: Libraries that have changed: name → (then, now).
    """

    run: str
    again: str
    outcome: str
    identical: bool
    weights_difference: float
    metrics_difference: Mapping[str, float]
    versions: Mapping[str, tuple[str, str]]

    def to_json(self) -> JsonObject:
        """A JSON object; values that cannot be compared are null."""
        item = asdict(self)
        if math.isnan(self.weights_difference):
            item["weights_difference"] = None
        item["metrics_difference"] = {
            name: None if math.isnan(value) else value
            for name, value in self.metrics_difference.items()
        }
        return item


def reproduce(
    folder: Path,
    run_id: str,
    catalog: Catalog,
    emit: Callable[[Event], None],
    token: StopToken,
    dependencies: TrainerDependencies,
) -> Reproduction:
    """Repeat the training of a finished run, including interventions.

    The repeated training is a new run, whose record names the original.

    Args:
        folder: The project's folder.
        run_id: Id of the run, or "" for the newest with a model.

    Raises:
        UserError: There is no such run, it has no model, its data has changed, or the
            training cannot start.
        Stopped: It was stopped before it started.
    """
    run = RunStore(folder).find(run_id)
    if run.model_path is None or run.record.outcome != "succeeded":
        raise UserError(
            _("Run {id} did not succeed, so there is nothing to compare with.").format(
                id=run.label
            ),
            _("Choose a run that succeeded; “dlstudio runs” lists the runs."),
        )
    project = _as_begun(run)
    samples = dependencies.prepare(project)
    check_data(run, samples)
    again = Trainer(
        project,
        folder,
        catalog,
        emit,
        token,
        replace(
            dependencies,
            prepare=lambda _project: samples,
            control=TrainingControl(interventions(run.events())),
            reproduces=run.id,
        ),
    ).train()
    return compare(run, again)


def _as_begun(run: Run) -> Project:
    """The project as it was before the number of epochs was changed."""
    project = run.project()
    begun = next((e for e in run.events() if isinstance(e, RunStarted)), None)
    if begun is None or begun.epochs == project.plan.epochs:
        return project
    return replace(project, plan=replace(project.plan, epochs=begun.epochs))


def compare(run: Run, again: Run) -> Reproduction:
    """Compare the models and metrics of two runs.

    Raises:
        UserError: A model cannot be read.
    """
    weights = math.nan
    path, other = run.model_path, again.model_path
    if path is not None and other is not None:
        first, second = load_run_model(run), load_run_model(again)
        weights = largest_difference(first.get_weights(), second.get_weights())
    metrics = _metric_differences(run.record.metrics, again.record.metrics)
    same = weights == 0.0 and all(value == 0.0 for value in metrics.values())
    return Reproduction(
        run.id,
        again.id,
        again.outcome,
        same,
        weights,
        metrics,
        _changed(run.record.versions, versions_now()),
    )


def largest_difference(
    first: Sequence[npt.NDArray[np.generic]], second: Sequence[npt.NDArray[np.generic]]
) -> float:
    """Largest absolute difference of two lists of arrays.

    NaN if shapes differ or values are NaN.
    """
    if [a.shape for a in first] != [a.shape for a in second]:
        return math.nan
    gaps = [
        float(np.abs(a.astype(np.float64) - b.astype(np.float64)).max())
        for a, b in zip(first, second, strict=True)
        if a.size
    ]
    return float(np.max(gaps)) if gaps else 0.0


def _metric_differences(
    first: Mapping[str, float], second: Mapping[str, float]
) -> dict[str, float]:
    names = [*first, *(name for name in second if name not in first)]
    return {
        name: abs(first.get(name, math.nan) - second.get(name, math.nan))
        for name in names
    }


def _changed(
    before: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    names = sorted(set(before) & set(now))
    return {n: (before[n], now[n]) for n in names if before[n] != now[n]}
