"""The loop: epochs, steps, validation, what follows from them, checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlstudio.data.pipeline import epoch_order
from dlstudio.document.events import (
    EpochBegan,
    EpochEnded,
    Event,
    Intervened,
    StepsDone,
)
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.values import FrozenMap
from dlstudio.engine.schedules import OnPlateau, Schedule
from dlstudio.engine.tokens import StopToken
from dlstudio.engine.training.control import (
    PAUSE,
    PLATEAU,
    REFUSED,
    RESUME,
    Control,
    Place,
)
from dlstudio.engine.training.feeding import Feed, Pace, Stopwatch
from dlstudio.engine.training.keeper import Keeper, NotFinite
from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.steering import Steering
from dlstudio.engine.training.steps import Losses, Stepper
from dlstudio.errors import UserError

TELL = 1 / 15
"""Seconds between two `StepsDone`, at least."""
LOOK = 0.05
"""Seconds between two looks, while it waits, whether to stop."""
EXPLODED = 1e6
"""A loss this many times the first one (or 1) will not come back."""


class Diverged(Exception):
    """The loss is not a number any more, or has exploded."""

    def __init__(self, epoch: int, step: int, loss: float, rate: float) -> None:
        super().__init__(epoch, step, loss, rate)
        self.epoch = epoch
        self.step = step
        self.loss = loss
        self.rate = rate


@dataclass(frozen=True, slots=True)
class Parts:
    """What the loop works with; see `dlstudio.engine.training.setup`.

    Attributes:
        base: Gives the base rate of steps where the optimizer has a schedule of its
            own (Keras'), else None.
    """

    plan: TrainingPlan
    stepper: Stepper
    training: Feed
    validation: Feed
    schedule: Schedule
    steering: Steering
    base: Callable[[Any], Any] | None = None


class Loop:
    """Trains from a state on, until the plan is fulfilled.

    Args:
        parts: Model, data and plan.
        state: Where to begin; changed in place.
        keeper: Writes checkpoints.
        emit: Told what happens.
        token: Asked between any two calls whether to stop.
        control: Interventions.
    """

    def __init__(
        self,
        parts: Parts,
        state: LoopState,
        keeper: Keeper,
        emit: Callable[[Event], None],
        token: StopToken,
        control: Control,
    ) -> None:
        self.state = state
        self.pace = Pace(parts.plan.steps_per_execution)
        self._tested = Pace(parts.plan.steps_per_execution)
        self._parts = parts
        self._plan = parts.plan
        self._stepper = parts.stepper
        self._keeper = keeper
        self._emit = emit
        self._token = token
        self._control = control
        self._steps = parts.training.steps(parts.plan.batch_size)
        self._rate = state.base_rate
        self._checkpoint_clock = Stopwatch()
        self._epoch_clock = Stopwatch()
        self._untold: list[float] = []
        self._told_clock = Stopwatch()
        self._validating = False

    def run(self) -> None:
        """Train to the end; the state says why it ended.

        Raises:
            Stopped: It was asked to stop; the state is that after the last call.
            Diverged: The loss cannot be used.
        """
        if self.state.epoch >= self.epochs:
            self.state.ended = self.state.ended or "epochs"
        if self.state.ended:
            self._intervene()  # it may be wished that it goes on
        while not self.state.ended:
            self._epoch()

    @property
    def epochs(self) -> int:
        """How many are to be trained, as things stand."""
        return self.state.epochs or self._plan.epochs

    def steer(self, what: str, value: Any) -> None:
        """Do what was wished, and tell of it; what cannot be done is told too."""
        try:
            done = self._parts.steering.apply(self.state, what, value)
        except UserError as error:
            self._tell_of(REFUSED, str(error))
        else:
            self._tell_of(what, done)

    def _epoch(self) -> None:
        state = self.state
        self._epoch_clock.lap()
        self._emit(EpochBegan(time.time(), state.epoch + 1))
        if not state.trained:
            self._train()
        validated = self._validate()
        metrics = {**state.trained, **validated}
        self._check_validation(metrics)
        self._finish_epoch(metrics)

    def _train(self) -> None:
        state = self.state
        if state.step == 0:
            self._stepper.reset_metrics()
        feed = self._parts.training
        order = epoch_order(len(feed), self._plan.seed, state.epoch)
        results = self._stepper.results() if state.step else {}
        watch = Stopwatch()
        self._told_clock.lap()
        for portion in feed.portions(
            order, self._plan.batch_size, state.step, self._room
        ):
            self._token.check()
            if self._intervene():
                portion = feed.fresh(portion)
                watch.lap()
            self._stepper.watch_gradients(self._control.gradients)
            steps, batch = portion.index.shape
            rates = self._rates(steps)
            losses, results = self._stepper.train(portion.pool, portion.index, rates)
            self._rate = float(rates[-1])
            self._check(losses)
            state.add(losses, batch)
            seconds = watch.lap()
            state.seconds += seconds
            self.pace.saw(steps, seconds)
            self._tell(losses, results, steps * batch / seconds)
            self._keep_time()
        state.trained = {"loss": state.loss, **results}

    def _room(self, step: int) -> int:
        """Steps the next call may take."""
        room = self._control.room((self.state.epoch + 1, step))
        return self.pace.steps if room is None else min(room, self.pace.steps)

    def _rates(self, steps: int) -> Losses:
        state = self.state
        first = state.epoch * self._steps + state.step
        numbers = np.arange(first, first + steps, dtype=np.float64)
        base = state.base_rate
        bases = base if self._parts.base is None else self._parts.base(numbers)
        factors = self._parts.schedule.factors(numbers / self._steps, self.epochs)
        rates = bases * factors * state.plateau
        if isinstance(self._parts.schedule, OnPlateau):
            rates = np.maximum(rates, min(self._parts.schedule.minimum, base))
        return rates.astype(np.float32)

    def _check(self, losses: Losses) -> None:
        state = self.state
        if state.first_loss is None and math.isfinite(losses[0]):
            state.first_loss = float(losses[0])
        limit = EXPLODED * max(1.0, abs(state.first_loss or 0.0))
        # A comparison with NaN is False, so this finds NaN too.
        bad = np.flatnonzero(~(np.abs(losses) <= limit))
        if bad.size:
            step, loss = state.step + int(bad[0]) + 1, float(losses[bad[0]])
            raise Diverged(state.epoch + 1, step, loss, self._rate)

    def _check_validation(self, metrics: dict[str, float]) -> None:
        loss = metrics.get("val_loss", 0.0)
        if not math.isfinite(loss):
            raise Diverged(self.state.epoch + 1, self.state.step, loss, self._rate)

    def _tell(self, losses: Losses, results: dict[str, float], speed: float) -> None:
        self._untold.extend(losses.tolist())
        state = self.state
        if state.step < self._steps and self._told_clock.running < TELL:
            return
        self._told_clock.lap()
        told, self._untold = tuple(self._untold), []
        metrics = FrozenMap({"loss": state.loss, **results})
        self._emit(
            StepsDone(
                time.time(),
                state.epoch + 1,
                state.step,
                metrics,
                told,
                self._rate,
                speed,
                FrozenMap(self._stepper.gradients()),
            )
        )

    def _keep_time(self) -> None:
        """A checkpoint within the epoch, if it is time for one."""
        self._keeper.poll()
        minutes = self._plan.checkpoint_minutes
        due = minutes > 0 and self._checkpoint_clock.running >= minutes * 60
        if due and self.state.step < self._steps:
            self._keep()

    def _keep(self) -> None:
        try:
            self._keeper.save(self.state)
        except NotFinite:
            state = self.state
            place = max(state.epoch, 1), state.step or self._steps
            raise Diverged(*place, math.nan, self._rate) from None
        self._checkpoint_clock.lap()

    def _intervene(self) -> bool:
        """Do what is due, and wait if that is wished; whether there was anything."""
        done = self._steer_all()
        if not self._control.paused:
            return done
        self._wait()
        return True

    def _steer_all(self) -> bool:
        done = False
        for what, value in self._control.due(self._place):
            self.steer(what, value)
            done = True
        return done

    def _wait(self) -> None:
        """Keep everything, then wait; what is wished meanwhile is done at once."""
        state, since = self.state, self._epoch_clock.running
        self._tell_of(PAUSE, None)
        if 0 < state.step < self._steps or state.trained:
            self._keep()
            self._keeper.poll(wait=True)
        while self._control.paused:
            self._token.check()
            self._steer_all()
            self._control.wait(LOOK)
        self._tell_of(RESUME, None)
        self._epoch_clock.leave_out(self._epoch_clock.running - since)

    def _tell_of(self, what: str, value: Any) -> None:
        self._emit(Intervened(time.time(), *self._place, what, value))

    @property
    def _place(self) -> Place:
        """Where something is done; what comes in validation counts for what follows."""
        state = self.state
        if self._validating:
            return state.epoch + 2, 0
        return state.epoch + 1, state.step

    def _validate(self) -> dict[str, float]:
        feed, stepper = self._parts.validation, self._stepper
        if not len(feed):
            return {}
        stepper.reset_metrics()
        order = np.arange(len(feed), dtype=np.int32)
        total, watch, self._validating = 0.0, Stopwatch(), True
        # Nothing is kept for a backward pass, so twice the batch takes no more memory.
        for portion in feed.portions(
            order, 2 * self._plan.batch_size, 0, lambda _step: self._tested.steps
        ):
            self._token.check()
            self._intervene()
            losses = stepper.test(portion.pool, portion.index)
            steps, batch = portion.index.shape
            total += float(losses.astype(np.float64).sum()) * batch
            self._tested.saw(steps, watch.lap())
        self._validating = False
        figures = {"loss": total / len(feed), **stepper.results()}
        return {f"val_{name}": value for name, value in figures.items()}

    def _finish_epoch(self, metrics: dict[str, float]) -> None:
        state, early = self.state, self._plan.early_stopping
        state.metrics = metrics
        better = state.stopping.see(metrics, early.min_delta if early else 0.0)
        self._follow_plateau(metrics)
        state.next_epoch()
        if better:
            state.note_best(metrics)
        if state.should_stop(early):
            state.ended = "early_stopping"
        elif state.epoch >= self.epochs:
            state.ended = "epochs"
        self._emit(
            EpochEnded(
                time.time(),
                state.epoch,
                FrozenMap(metrics),
                self._rate,
                self._epoch_clock.lap(),
                better,
            )
        )
        self._keep()
        if state.ended:
            self._intervene()  # it may be wished that it goes on

    def _follow_plateau(self, metrics: dict[str, float]) -> None:
        rule, state = self._parts.schedule, self.state
        if not isinstance(rule, OnPlateau):
            return
        better = state.falling.see(metrics)
        if not better and state.falling.waited >= rule.patience:
            state.plateau *= rule.factor
            state.falling.waited = 0
            self._tell_of(PLATEAU, state.base_rate * state.plateau)
