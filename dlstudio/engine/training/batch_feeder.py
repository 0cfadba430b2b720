"""Feeds the samples of a split to the stepper: from memory, or in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy.typing as npt

from dlstudio.data.pipeline import (
    Indices,
    SplitView,
    Weights,
    resident_blocks,
    steps_in,
    streamed_blocks,
    weights_at,
)
from dlstudio.engine.training.device_pool import DevicePool
from dlstudio.engine.training.stepper_protocol import StepperProtocol

AIM = 0.1
"""Target duration of a call in seconds: short enough to stop promptly."""
MOST = 512
GROWTH = 4


class StepsPerExecution:
    """The number of steps per call: fixed, or tuned while training.

    It starts at one and grows while calls are short; the number does not affect the
    result.

    Args:
        fixed: Steps per call, or 0 to tune it.
    """

    def __init__(self, fixed: int = 0) -> None:
        self._fixed = fixed
        self._calls = 0
        self.steps = fixed or 1

    def add(self, steps: int, seconds: float) -> None:
        """Record the duration of a call; the first one includes compilation."""
        self._calls += 1
        if self._fixed or self._calls == 1 or steps < self.steps:
            return
        target = int(AIM * steps / max(seconds, 1e-6))
        self.steps = max(1, min(target, self.steps * GROWTH, MOST))


@dataclass(frozen=True, slots=True)
class StepBlock:
    """A block of steps: rows of `index` into `pool`.

    Attributes:
        rows: Which samples of the data set are in the pool, (n,); None for the feeder's
            own, in order.
    """

    pool: DevicePool
    index: Indices
    rows: npt.NDArray[Any] | None = None


class BatchFeeder:
    """One split, iterated in any order from any position.

    Args:
        split_view: The samples of the split.
        stepper: Places the samples on its devices.
        resident: Whether to keep the samples in memory; by default if they fit.
    """

    def __init__(
        self,
        split_view: SplitView,
        stepper: StepperProtocol,
        resident: bool | None = None,
    ) -> None:
        self.split_view = split_view
        self._stepper = stepper
        stays = split_view.fits() if resident is None else resident
        self._pool = stepper.pool(split_view) if stays else None

    def __len__(self) -> int:
        return len(self.split_view)

    def reweigh(self, weights: Weights) -> None:
        """Change the weights of all samples of the data set."""
        self.split_view = replace(self.split_view, weights=weights)
        if self._pool is not None:
            self._pool = self._weighed(self._pool, self.split_view.chosen)

    def fresh(self, block: StepBlock) -> StepBlock:
        """A block created before `reweigh`, with the current weights."""
        rows = self.split_view.chosen if block.rows is None else block.rows
        return replace(block, pool=self._weighed(block.pool, rows))

    def _weighed(self, pool: DevicePool, rows: npt.NDArray[Any]) -> DevicePool:
        return self._stepper.weighed(pool, weights_at(self.split_view.weights, rows))

    def steps(self, batch: int) -> int:
        """Number of steps per epoch."""
        return steps_in(len(self), batch)

    def blocks(
        self, order: Indices, batch: int, first: int, size: Callable[[int], int]
    ) -> Iterator[StepBlock]:
        """An epoch, divided into blocks of steps.

        Args:
            order: Row numbers of the split, int32 (n,), in the order of the epoch.
            batch: Samples per step; the last step of an epoch may be smaller.
            first: Number of steps of the epoch already done.
            size: Called with the next step; returns the maximum steps of the block.
        """
        if self._pool is not None:
            for block in resident_blocks(order, batch, first, size):
                yield StepBlock(self._pool, block.index)
            return
        with closing(
            streamed_blocks(self.split_view, order, batch, first, size)
        ) as blocks:
            for block in blocks:
                start = block.first * batch
                places = order[start : start + block.index.size]
                rows = self.split_view.chosen[places]
                # The block's own weights may be outdated.
                weights = weights_at(self.split_view.weights, rows)
                assert block.rows is not None
                pool = self._stepper.pool_of(block.rows, weights)
                yield StepBlock(pool, block.index, rows)


class Stopwatch:
    """Measures seconds since its creation or the last lap."""

    def __init__(self) -> None:
        self._since = perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap."""
        now = perf_counter()
        passed, self._since = now - self._since, now
        return passed

    def exclude(self, seconds: float) -> None:
        """Exclude these seconds from the current lap."""
        self._since += seconds

    @property
    def running(self) -> float:
        """Seconds of the current lap, without ending it."""
        return perf_counter() - self._since
