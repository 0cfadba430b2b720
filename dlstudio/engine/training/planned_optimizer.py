"""The optimizer of a plan, with the learning rate that the loop varies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.values import Spec
from dlstudio.engine.model.instantiate import make

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasOptimizer

StepNumbers = npt.NDArray[np.float64]
BaseRate = Callable[[StepNumbers], StepNumbers]


@dataclass(frozen=True, slots=True)
class PlannedOptimizer:
    """An optimizer with a constant rate, which the loop sets in each step.

    Attributes:
        optimizer: Not built yet.
        rate: The learning rate before any schedule.
        base: Returns the base rate of steps if the plan has a Keras schedule.
    """

    optimizer: KerasOptimizer
    rate: float
    base: BaseRate | None = None


def planned_optimizer(plan: TrainingPlan, catalog: Catalog) -> PlannedOptimizer:
    """A new optimizer as the plan has it, scaling the loss for mixed precision.

    Raises:
        UserError: A parameter is invalid.
    """
    spec, rate = plan.optimizer, plan.optimizer.params.get("learning_rate")
    if not isinstance(rate, Spec):
        optimizer = make(spec, catalog, "optimizers")
        number = float(optimizer.learning_rate.numpy())
        return PlannedOptimizer(_scaled(optimizer, plan), number)
    moving = make(rate, catalog, "")
    optimizer = make(spec.with_param("learning_rate", 1.0), catalog, "optimizers")

    def base(steps: StepNumbers) -> StepNumbers:
        return np.array([float(moving(step)) for step in steps.astype(np.float32)])

    return PlannedOptimizer(_scaled(optimizer, plan), float(moving(0.0)), base)


def _scaled(optimizer: KerasOptimizer, plan: TrainingPlan) -> KerasOptimizer:
    if plan.precision != "mixed_float16":
        return optimizer
    scaled: KerasOptimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    return scaled
