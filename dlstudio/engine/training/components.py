"""What a loop works with, and the learning rates of its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.plan import TrainingPlan
from dlstudio.engine.training.batch_feeder import BatchFeeder
from dlstudio.engine.training.schedules import OnPlateau, Schedule
from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.steering import Steering
from dlstudio.engine.training.stepper import Losses, Stepper

StepNumbers = npt.NDArray[np.float64]
BaseRate = Callable[[StepNumbers], StepNumbers]


@dataclass(frozen=True, slots=True)
class TrainingComponents:
    """What the loop works with; see `dlstudio.engine.training.setup`.

    Attributes:
        base: Gives the base rate of steps where the optimizer has a schedule of its
            own (Keras'), else None.
    """

    plan: TrainingPlan
    stepper: Stepper
    training: BatchFeeder
    validation: BatchFeeder
    schedule: Schedule
    steering: Steering
    base: BaseRate | None = None

    def rates(
        self, state: LoopState, count: int, per_epoch: int, epochs: int
    ) -> Losses:
        """The learning rates of the next `count` steps, float32 (count,).

        Args:
            per_epoch: Steps of an epoch.
            epochs: How many there are to be, which some schedules go by.
        """
        first = state.epoch * per_epoch + state.step
        numbers = np.arange(first, first + count, dtype=np.float64)
        base = state.base_rate * state.lowered
        bases: Any = base
        if self.base is not None and not state.rate_set:
            bases = self.base(numbers) * state.lowered
        factors = self.schedule.factors(numbers / per_epoch, epochs)
        rates = np.asarray(bases * factors * state.plateau)
        if isinstance(self.schedule, OnPlateau):
            rates = np.maximum(rates, min(self.schedule.minimum, base))
        return rates.astype(np.float32)
