"""Brings the samples of a split to the stepper: from memory, or block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.pipeline import (
    Indices,
    SplitView,
    resident_blocks,
    steps_in,
    streamed_blocks,
)
from dlstudio.engine.training.device_pool import DevicePool
from dlstudio.engine.training.stepper import Stepper

AIM = 0.1
"""Seconds one call should take: short enough to stop at once, long enough to pay."""
MOST = 512
GROWTH = 4


class StepsPerExecution:
    """How many steps one call takes: as wished, or found out while training.

    It starts with one and grows while calls are short; how many it is changes nothing
    in the result.

    Args:
        fixed: Steps per call, or 0 to find out.
    """

    def __init__(self, fixed: int = 0) -> None:
        self._fixed = fixed
        self._calls = 0
        self.steps = fixed or 1

    def add(self, steps: int, seconds: float) -> None:
        """Take in how long a call took; the first one also compiled."""
        self._calls += 1
        if self._fixed or self._calls == 1 or steps < self.steps:
            return
        target = int(AIM * steps / max(seconds, 1e-6))
        self.steps = max(1, min(target, self.steps * GROWTH, MOST))


@dataclass(frozen=True, slots=True)
class StepBlock:
    """Some steps to take: rows of `index` into `pool`.

    Attributes:
        rows: Which samples of the whole set are in the pool, (n,); None for those of
            the feed itself, in their order.
    """

    pool: DevicePool
    index: Indices
    rows: npt.NDArray[Any] | None = None


class BatchFeeder:
    """One split, ready to be stepped through in any order from any place.

    Args:
        split_view: The samples.
        stepper: Knows which devices they must be on.
        resident: Keep the images in memory; by default if they are small enough.
    """

    def __init__(
        self, split_view: SplitView, stepper: Stepper, resident: bool | None = None
    ) -> None:
        self.split_view = split_view
        self._stepper = stepper
        stays = split_view.fits() if resident is None else resident
        self._pool = stepper.pool(split_view) if stays else None

    def __len__(self) -> int:
        return len(self.split_view)

    def reweigh(self, weights: npt.NDArray[np.float32] | None) -> None:
        """Give all samples of the set other weights, float32 (n,), or none."""
        self.split_view = replace(self.split_view, weights=weights)
        if self._pool is not None:
            self._pool = self._weighed(self._pool, self.split_view.chosen)

    def fresh(self, block: StepBlock) -> StepBlock:
        """A portion that was taken before `reweigh`, with today's weights."""
        rows = self.split_view.chosen if block.rows is None else block.rows
        return replace(block, pool=self._weighed(block.pool, rows))

    def _weighed(self, pool: DevicePool, rows: npt.NDArray[np.generic]) -> DevicePool:
        weights = self.split_view.weights
        return self._stepper.weighed(pool, None if weights is None else weights[rows])

    def steps(self, batch: int) -> int:
        """Steps of an epoch."""
        return steps_in(len(self), batch)

    def blocks(
        self, order: Indices, batch: int, first: int, size: Callable[[int], int]
    ) -> Iterator[StepBlock]:
        """An epoch, cut into blocks of steps.

        Args:
            order: Row numbers of the split, int32 (n,), in the order of the epoch.
            batch: Samples per step; the last step of an epoch may be smaller.
            first: Steps of the epoch that are already done.
            size: Called with the next step; returns how many steps the block may have.
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
                weights = self.split_view.weights  # the block's own may be of before
                heavy = None if weights is None else weights[rows]
                assert block.images is not None and block.labels is not None
                pool = self._stepper.pool_of(block.images, block.labels, heavy)
                yield StepBlock(pool, block.index, rows)


class Stopwatch:
    """Seconds since it was made or last asked."""

    def __init__(self) -> None:
        self._since = perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap."""
        now = perf_counter()
        passed, self._since = now - self._since, now
        return passed

    def exclude(self, seconds: float) -> None:
        """As if these had not passed."""
        self._since += seconds

    @property
    def running(self) -> float:
        """Seconds since the last lap, which goes on."""
        return perf_counter() - self._since
