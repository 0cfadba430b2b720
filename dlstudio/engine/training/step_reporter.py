"""Reports steps and computed features, often enough for charts, at little cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import psutil
import tensorflow as tf

from dlstudio.document.events import Event, FeaturesComputed, StepsDone
from dlstudio.document.values import FrozenMap
from dlstudio.engine.training.batch_feeder import Stopwatch
from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.stepper_protocol import Losses

REPORT_SECONDS = 1 / 15
"""Minimum seconds between two `StepsDone` events."""
WEIGH = 1.0
"""Seconds between two measurements of memory."""


class StepReporter:
    """Collects the losses of steps until a report is due.

    Args:
        emit: Called with each `StepsDone` event.
        steps: Steps per epoch; the last one is always reported.
    """

    def __init__(self, emit: Callable[[Event], None], steps: int) -> None:
        self._emit = emit
        self._steps = steps
        self._pending: list[float] = []
        self._clock = Stopwatch()
        self._process = psutil.Process()
        self._gpus = len(tf.config.list_logical_devices("GPU"))
        self._weighed = -WEIGH

    def begin(self) -> None:
        """Start an epoch."""
        self._clock.lap()

    def add(
        self,
        state: LoopState,
        losses: Losses,
        results: Mapping[str, float],
        rate: float,
        speed: float,
        gradients: Callable[[], dict[str, float]],
    ) -> None:
        """Add finished steps, and report them if due.

        Args:
            state: The loop's state, including these steps.
            losses: Loss of each step, (steps,).
            results: Metrics of the epoch so far, by name.
            rate: Learning rate of the last step.
            speed: Samples per second.
            gradients: Returns the gradient norms, if requested.
        """
        self._pending.extend(losses.tolist())
        if state.step < self._steps and self._clock.running < REPORT_SECONDS:
            return
        self._clock.lap()
        losses_so_far, self._pending = tuple(self._pending), []
        self._emit(
            StepsDone(
                time.time(),
                state.epoch + 1,
                state.step,
                FrozenMap({"loss": state.loss, **results}),
                losses_so_far,
                rate,
                speed,
                FrozenMap(gradients()),
                self._memory(),
            )
        )

    def _memory(self) -> FrozenMap[str, float]:
        now = time.monotonic()
        if now - self._weighed < WEIGH:
            return FrozenMap()
        self._weighed = now
        found = {"process": float(self._process.memory_info().rss)}
        for number in range(self._gpus):
            device = f"GPU:{number}"
            losses_so_far = tf.config.experimental.get_memory_info(device)
            found[device] = float(losses_so_far["current"])
        return FrozenMap(found)


class FeatureReporter:
    """Reports computed features a few times a second.

    Args:
        emit: Called with each `FeaturesComputed` event.
        check: Called each time; raises to stop.
    """

    def __init__(
        self, emit: Callable[[Event], None], check: Callable[[], None]
    ) -> None:
        self._emit, self._check = emit, check
        self._last = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Report how many samples are done."""
        self._check()
        now = time.monotonic()
        if now - self._last >= REPORT_SECONDS or done == total:
            self._last = now
            self._emit(FeaturesComputed(time.time(), done, total))
