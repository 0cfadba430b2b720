"""The components of a training loop, and the learning rates of its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlstudio.document.plan import TrainingPlan
from dlstudio.engine.training.batch_feeder import BatchFeeder
from dlstudio.engine.training.planned_optimizer import BaseRate
from dlstudio.engine.training.schedules import OnPlateau, Schedule
from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.steering import Steering
from dlstudio.engine.training.stepper_protocol import Losses, StepperProtocol


@dataclass(frozen=True, slots=True)
class TrainingComponents:
    """The components of a training loop; see `dlstudio.engine.training.setup`.

    Attributes:
        base: Returns the base rate of steps if the optimizer has a Keras schedule;
            otherwise None.
    """

    plan: TrainingPlan
    stepper: StepperProtocol
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
            per_epoch: Steps per epoch.
            epochs: Total number of epochs, used by some schedules.
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
