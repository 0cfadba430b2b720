"""What the training loop asks of the step of a training method.

The loop, the feeders, steering and the session know this protocol alone; how one step
changes which models is the method's affair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from dlstudio.data.pipeline import Indices, Rows, SplitView, Weights
from dlstudio.engine.training.device_pool import DevicePool

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, Variable

Losses = npt.NDArray[np.float32]


class StepperProtocol(Protocol):
    """Trains and tests models several steps at a time.

    How many steps a call has must not change the result: each row of the index is the
    same computation. Whatever a step draws is drawn from a `keras.random.SeedGenerator`
    whose state is among the variables of a model, or from one of the method's
    `ResumableState`s; so it depends on seed, epoch and step alone, and a resumed
    training draws the same.
    """

    @property
    def model(self) -> KerasModel:
        """The model whose layers are frozen, unfrozen and steered while training."""

    @property
    def replicas(self) -> int:
        """Number of devices that share each batch."""

    @property
    def variables(self) -> Mapping[str, Sequence[Variable]]:
        """What a step changes beside the models, such as "optimizer" and "metrics".

        Names and order are those of checkpoints, so they never change.
        """

    def pool(self, split_view: SplitView) -> DevicePool:
        """Place all samples of a split on the device(s)."""

    def pool_of(self, rows: Rows, weights: Weights) -> DevicePool:
        """Samples as tensors, a copy on each device.

        Args:
            rows: What the method takes of each sample, (n, ...), by name.
            weights: Of each target whose samples may have weights; see `weigh`.
        """

    def weighed(self, pool: DevicePool, weights: Weights) -> DevicePool:
        """The same samples with other weights."""

    def weigh(self, weights: Weights) -> None:
        """Set for which targets samples have weights."""

    def retrace(self) -> None:
        """Called after layers were frozen, unfrozen or changed."""

    def watch_gradients(self, on: bool) -> None:
        """Start or stop measuring the norms of gradients in each step."""

    def gradients(self) -> dict[str, float]:
        """Norms of the last step's gradients, by layer; empty if not measured."""

    def train(
        self, pool: DevicePool, index: Indices, rates: Losses
    ) -> tuple[Losses, dict[str, float]]:
        """Run one training step for each row of `index`.

        Args:
            pool: From `pool` or `pool_of`.
            index: int32 (steps, batch), indices into the pool.
            rates: float32 (steps,), the learning rate of each step.

        Returns:
            The loss of each step, (steps,), and the metrics so far.
        """

    def test(self, pool: DevicePool, index: Indices) -> Losses:
        """The loss of each row of `index`, (steps,); nothing is trained or drawn."""

    def results(self) -> dict[str, float]:
        """The metrics so far, by name."""

    def reset_metrics(self) -> None:
        """Reset all metrics before an epoch or a validation."""

    def finalize(self) -> None:
        """Called once at the end: set weights that an optimizer has averaged."""
