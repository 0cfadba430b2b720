"""Writes checkpoints in the background: a snapshot now, the file later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.engine.runs.checkpoints import Checkpoints, name_of
from dlstudio.engine.runtime.seeds import values_of
from dlstudio.engine.training.method import ResumableState
from dlstudio.engine.training.state import LoopState

if TYPE_CHECKING:
    from dlstudio.engine.typing import Variable


STATES = "states"
"""Where a checkpoint's state has those of the method."""


class NotFinite(Exception):
    """A weight is NaN or infinite; such a state is never saved."""


class CheckpointWriter:
    """Takes snapshots of a training and writes them one after another.

    Args:
        checkpoints: The destination.
        variables: All variables that change: model, optimizer, metrics.
        weights: Number of leading variables that belong to the model.
        saved: Called with epoch (from 1; 0 before the first), step and name once a
            checkpoint is on disk; only from within `save`, `poll` and `close`.
        states: What else changes, by name.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        variables: Sequence[Variable],
        weights: int,
        saved: Callable[[int, int, str], None],
        states: Mapping[str, ResumableState] | None = None,
    ) -> None:
        self._checkpoints = checkpoints
        self._variables = list(variables)
        self._weights = weights
        self._saved = saved
        self._states = states or {}
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="dlstudio-checkpoint")
        self._writing: tuple[Future[None], int, int, str] | None = None

    def save(self, state: LoopState) -> None:
        """Start writing a checkpoint; waits for the previous one.

        Raises:
            NotFinite: A weight is NaN or infinite.
            UserError: The previous one could not be written.
        """
        # First, as a state may hold what variables are to get; see `ResumableState`.
        states = {name: each.to_json() for name, each in self._states.items()}
        arrays = values_of(self._variables)
        if not all(_finite(array) for array in arrays[: self._weights]):
            raise NotFinite
        self.poll(wait=True)
        name, item = name_of(state.epoch, state.step), state.to_json()
        if states:
            item[STATES] = states
        future = self._writer.submit(self._checkpoints.save, name, arrays, item)
        self._writing = future, state.epoch, state.step, name

    def poll(self, *, wait: bool = False) -> None:
        """Report a checkpoint that has been written (or wait for it).

        Raises:
            UserError: It could not be written.
        """
        if self._writing is None:
            return
        future, epoch, step, name = self._writing
        if wait or future.done():
            self._writing = None
            future.result()
            self._saved(epoch, step, name)

    def close(self) -> None:
        """Wait for the last checkpoint and close. See `poll`."""
        try:
            self.poll(wait=True)
        finally:
            self._writer.shutdown()


def _finite(array: npt.NDArray[np.generic]) -> bool:
    if array.dtype.kind in "iub":
        return True
    return bool(np.isfinite(array).all())
