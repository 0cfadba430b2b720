"""Feeds the samples of a split to the stepper: from memory, or in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dlstudio.data.bucketed_order import bucketed_order
from dlstudio.data.pipeline import (
    Indices,
    SplitView,
    Weights,
    epoch_order,
    resident_blocks,
    steps_in,
    streamed_blocks,
    weights_at,
)
from dlstudio.engine.training.device_pool import DevicePool
from dlstudio.engine.training.selective_stepper import SelectiveStepper
from dlstudio.engine.training.stepper_protocol import StepperProtocol

Chosen: TypeAlias = "npt.NDArray[np.int64]"
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
        lengths: Of all samples of the data set, (n,), if batches are to be of similar
            ones.
    """

    def __init__(
        self,
        split_view: SplitView,
        stepper: StepperProtocol,
        resident: bool | None = None,
        lengths: npt.NDArray[np.int32] | None = None,
    ) -> None:
        self.split_view = split_view
        self._stepper = stepper
        self._resident = resident
        self._lengths = None if lengths is None else lengths[split_view.chosen]
        self._names: frozenset[str] | None = None
        self._outdated = 0
        self._pool: DevicePool | None = None
        if not isinstance(stepper, SelectiveStepper):
            self._place()

    def __len__(self) -> int:
        return len(self.split_view)

    def prepare(self, epoch: int, report: Callable[[int, int], None]) -> None:
        """Compute what the step takes of the samples, if it is computed once.

        Args:
            epoch: That begins, from 0.
            report: Called now and then with how many samples are done, and of how many;
                raises to stop.
        """
        if isinstance(self._stepper, SelectiveStepper):
            self._stepper.prepare(epoch, report)
            self._follow()

    def _follow(self) -> bool:
        """Place other rows of the samples if the step takes others now."""
        if not isinstance(self._stepper, SelectiveStepper):
            return False
        names, outdated = self._stepper.row_names, self._stepper.outdated
        if (self._names, self._outdated) == (names, outdated):
            return False
        self._names, self._outdated = names, outdated
        self._place()
        return True

    def _place(self) -> None:
        """Place the samples on the devices, if they stay there."""
        self._pool = None  # frees what is there
        view = self._taken()
        stays = view.fits() if self._resident is None else self._resident
        self._pool = self._stepper.pool(view) if stays else None

    def _taken(self) -> SplitView:
        """The samples, with the rows that the step takes."""
        if self._names is None:
            return self.split_view
        rows = self.split_view.rows
        taken = {name: each for name, each in rows.items() if name in self._names}
        return replace(self.split_view, rows=taken)

    def reweigh(self, weights: Weights) -> None:
        """Change the weights of all samples of the data set."""
        self.split_view = replace(self.split_view, weights=weights)
        if self._pool is not None:
            self._pool = self._weighed(self._pool, self.split_view.chosen)

    def fresh(self, block: StepBlock) -> StepBlock:
        """A block created before `reweigh`, with the current weights."""
        if self._follow():
            return self._placed_again(block.index, block.rows)
        rows = self.split_view.chosen if block.rows is None else block.rows
        return replace(block, pool=self._weighed(block.pool, rows))

    def _placed_again(self, index: Indices, rows: Chosen | None) -> StepBlock:
        """A block with the rows of its samples that are taken now.

        Args:
            index: Of the block.
            rows: Which samples `index` is about; None for those of the split.
        """
        if rows is None and self._pool is not None:
            return StepBlock(self._pool, index)
        if rows is None:
            rows = self.split_view.chosen[index.reshape(-1)]
            index = np.arange(rows.size, dtype=np.int32).reshape(index.shape)
        view = replace(self._taken(), chosen=rows)
        pool = self._stepper.pool_of(*view.take(np.arange(len(rows))))
        return StepBlock(pool, index, rows)

    def _weighed(self, pool: DevicePool, rows: npt.NDArray[Any]) -> DevicePool:
        return self._stepper.weighed(pool, weights_at(self.split_view.weights, rows))

    def epoch_order(self, batch: int, seed: int, epoch: int) -> Indices:
        """The order of samples in one epoch, int32 (n,).

        Args:
            batch: Samples per step.
            seed: Any integer; the same one gives the same order.
            epoch: From 0; each epoch has its own order.
        """
        if self._lengths is None:
            return epoch_order(len(self), seed, epoch)
        return bucketed_order(self._lengths, batch, seed, epoch)

    def order(self) -> Indices:
        """The order of samples where it makes no difference, int32 (n,)."""
        if self._lengths is None:
            return np.arange(len(self), dtype=np.int32)
        return np.argsort(self._lengths, kind="stable").astype(np.int32)

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
        self._follow()
        if self._pool is not None:
            for block in resident_blocks(order, batch, first, size):
                yield self._placed_again(block.index, None)
            return
        begun, view = (self._names, self._outdated), self._taken()
        with closing(streamed_blocks(view, order, batch, first, size)) as blocks:
            for block in blocks:
                start = block.first * batch
                places = order[start : start + block.index.size]
                rows = self.split_view.chosen[places]
                if (self._names, self._outdated) != begun:  # within the epoch
                    yield self._placed_again(block.index, rows)
                    continue
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
