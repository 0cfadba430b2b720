"""The training loop: epochs, steps, validation and checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from dlstudio.document.events import EpochBegan, EpochEnded, Event
from dlstudio.document.values import FrozenMap
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.engine.training.batch_feeder import StepsPerExecution, Stopwatch
from dlstudio.engine.training.checkpoint_writer import CheckpointWriter, NotFinite
from dlstudio.engine.training.components import TrainingComponents
from dlstudio.engine.training.control import PLATEAU, TrainingControl
from dlstudio.engine.training.divergence import (
    Diverged,
    check_losses,
    check_validation,
)
from dlstudio.engine.training.interventions import InterventionHandler
from dlstudio.engine.training.phases import HEAD
from dlstudio.engine.training.schedules import OnPlateau
from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.step_reporter import FeatureReporter, StepReporter


class Loop:
    """Trains from a given state to the end of the plan.

    Args:
        components: Model, data and plan of the training.
        state: The state to start from; updated in place.
        checkpoint_writer: Writes checkpoints in the background.
        emit: Called with each event.
        token: Checked between any two calls of the step.
        control: Interventions.
    """

    def __init__(
        self,
        components: TrainingComponents,
        state: LoopState,
        checkpoint_writer: CheckpointWriter,
        emit: Callable[[Event], None],
        token: StopToken,
        control: TrainingControl,
    ) -> None:
        self.state = state
        self.pace = StepsPerExecution(components.plan.steps_per_execution)
        self._tested = StepsPerExecution(components.plan.steps_per_execution)
        self._components = components
        self._plan = components.plan
        self._stepper = components.stepper
        self._checkpoint_writer = checkpoint_writer
        self._emit = emit
        self._token = token
        self._control = control
        self._steps = components.training.steps(components.plan.batch_size)
        self._rate = state.base_rate
        self._checkpoint_clock = Stopwatch()
        self._epoch_clock = Stopwatch()
        self._reporter = StepReporter(emit, self._steps)
        self._interventions = InterventionHandler(
            state, components.steering, control, emit, token
        )

    def run(self) -> None:
        """Train to the end; `state.ended` has the reason.

        Raises:
            Stopped: A stop was requested; the state is that after the last call.
            Diverged: The loss is NaN or exploded.
        """
        if self.state.epoch >= self.epochs:
            self.state.ended = self.state.ended or "epochs"
        if self.state.ended:
            self._intervene()  # more epochs may be requested
        while not self.state.ended:
            self._epoch()

    @property
    def epochs(self) -> int:
        """The current total number of epochs."""
        return self.state.epochs or self._plan.epochs

    def steer(self, what: str, value: object) -> None:
        """Apply an intervention and report it, or report that it failed."""
        self._interventions.steer(what, value)

    def _epoch(self) -> None:
        state = self.state
        self._epoch_clock.lap()
        self._emit(EpochBegan(time.time(), state.epoch + 1))
        if not state.trained:
            self._train()
        validated = self._validate()
        metrics = {**state.trained, **validated}
        check_validation(state, metrics, self._rate)
        self._finish_epoch(metrics)

    def _train(self) -> None:
        state = self.state
        if state.step == 0:
            self._interventions.enter_phase(self._plan)
            self._stepper.reset_metrics()
        feed = self._components.training
        feed.prepare(state.epoch, FeatureReporter(self._emit, self._token.check))
        order = feed.epoch_order(self._plan.batch_size, self._plan.seed, state.epoch)
        results = self._stepper.results() if state.step else {}
        watch = Stopwatch()
        self._reporter.begin()
        for block in feed.blocks(order, self._plan.batch_size, state.step, self._room):
            self._token.check()
            if self._intervene():
                block = feed.fresh(block)
                watch.lap()
            self._stepper.watch_gradients(self._control.gradients)
            steps, batch = block.index.shape
            rates = self._components.rates(state, steps, self._steps, self.epochs)
            losses, results = self._stepper.train(block.pool, block.index, rates)
            self._rate = float(rates[-1])
            check_losses(state, losses, self._rate)
            state.add(losses, batch)
            seconds = watch.lap()
            state.seconds += seconds
            self.pace.add(steps, seconds)
            speed, gradients = steps * batch / seconds, self._stepper.gradients
            self._reporter.add(state, losses, results, self._rate, speed, gradients)
            self._keep_time()
        state.trained = {"loss": state.loss, **results}

    def _room(self, step: int) -> int:
        """Maximum number of steps of the next call."""
        room = self._control.room((self.state.epoch + 1, step))
        return self.pace.steps if room is None else min(room, self.pace.steps)

    def _keep_time(self) -> None:
        """Save a checkpoint within the epoch, if one is due."""
        self._checkpoint_writer.poll()
        minutes = self._plan.checkpoint_minutes
        due = minutes > 0 and self._checkpoint_clock.running >= minutes * 60
        if due and self.state.step < self._steps:
            self._keep()

    def _keep(self) -> None:
        try:
            self._checkpoint_writer.save(self.state)
        except NotFinite:
            state = self.state
            place = max(state.epoch, 1), state.step or self._steps
            raise Diverged(*place, math.nan, self._rate) from None
        self._checkpoint_clock.lap()

    def _intervene(self) -> bool:
        """Apply due interventions, and wait while paused; False if there were none."""
        done, waited = self._interventions.follow(self._checkpoint_before_pause)
        self._epoch_clock.exclude(waited)
        return done

    def _checkpoint_before_pause(self) -> None:
        """Save a checkpoint before pausing."""
        if 0 < self.state.step < self._steps or self.state.trained:
            self._keep()
            self._checkpoint_writer.poll(wait=True)

    def _validate(self) -> dict[str, float]:
        feed, stepper = self._components.validation, self._stepper
        if not len(feed):
            return {}
        stepper.reset_metrics()
        order = feed.order()
        total, watch, self._interventions.validating = 0.0, Stopwatch(), True
        # There is no backward pass, so twice the batch size takes no more memory.
        for block in feed.blocks(
            order, 2 * self._plan.batch_size, 0, lambda _step: self._tested.steps
        ):
            self._token.check()
            self._intervene()
            losses = stepper.test(block.pool, block.index)
            steps, batch = block.index.shape
            total += float(losses.astype(np.float64).sum()) * batch
            self._tested.add(steps, watch.lap())
        self._interventions.validating = False
        metrics = {"loss": total / len(feed), **stepper.results()}
        return {f"val_{name}": value for name, value in metrics.items()}

    def _finish_epoch(self, metrics: dict[str, float]) -> None:
        state, early = self.state, self._plan.early_stopping
        state.metrics = metrics
        better = state.stopping.update(metrics, early.min_delta if early else 0.0)
        self._follow_plateau(metrics)
        state.next_epoch()
        if better:
            state.note_best(metrics)
        if state.should_stop(early) and state.phase != HEAD:
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
            self._intervene()  # more epochs may be requested

    def _follow_plateau(self, metrics: dict[str, float]) -> None:
        rule, state = self._components.schedule, self.state
        if not isinstance(rule, OnPlateau):
            return
        better = state.falling.update(metrics)
        if not better and state.falling.waited >= rule.patience:
            state.plateau *= rule.factor
            state.falling.waited = 0
            rate = state.base_rate * state.lowered * state.plateau
            self._interventions.report(PLATEAU, rate)
