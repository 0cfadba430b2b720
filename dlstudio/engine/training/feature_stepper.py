"""A step that starts behind a frozen backbone while it is frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from dlstudio.engine.preprocessing.feature_rows import FrontFeatures
from dlstudio.engine.training.device_pool import DevicePool
from dlstudio.engine.training.stepper import Stepper
from dlstudio.engine.training.stepper_protocol import Losses

if TYPE_CHECKING:
    from dlstudio.data.pipeline import Indices, Rows, SplitView, Weights
    from dlstudio.engine.heads.bound_metric import MetricProtocol
    from dlstudio.engine.typing import KerasModel, Variable


class FeatureStepper:
    """Trains the head on computed features while the front of the model is frozen.

    Both steps share layers, optimizer and metrics, so that a training may change
    between them at any step.

    Args:
        whole: The step of the whole model.
        head: That of the model behind the front.
        features: What enters it.
    """

    def __init__(self, whole: Stepper, head: Stepper, features: FrontFeatures) -> None:
        self._whole, self._head = whole, head
        self._features = features
        self._last = whole

    @property
    def model(self) -> KerasModel:
        """The whole model."""
        return self._whole.model

    @property
    def replicas(self) -> int:
        """Number of devices that share each batch."""
        return self._whole.replicas

    @property
    def metrics(self) -> tuple[MetricProtocol, ...]:
        """Those of both steps."""
        return self._whole.metrics

    @property
    def variables(self) -> Mapping[str, Sequence[Variable]]:
        """What both steps change beside the model."""
        return self._whole.variables

    @property
    def row_names(self) -> frozenset[str]:
        """Names of the rows that the present step takes."""
        frozen = self._features.divided.is_frozen
        return _rows_of(self._head if frozen else self._whole)

    @property
    def outdated(self) -> int:
        """How often the features have changed, by training or by another pass."""
        return self._features.outdated + self._features.turns

    def prepare(self, epoch: int, report: Callable[[int, int], None]) -> None:
        """Compute the features if they are needed."""
        self._features.begin(epoch)
        if self._features.divided.is_frozen:
            self._features.compute(report)

    def pool(self, split_view: SplitView) -> DevicePool:
        """Place the samples of a split on the device(s)."""
        return self._taking(split_view.rows).pool(split_view)

    def pool_of(self, rows: Rows, weights: Weights) -> DevicePool:
        """Samples as tensors on the device(s)."""
        return self._taking(rows).pool_of(rows, weights)

    def weighed(self, pool: DevicePool, weights: Weights) -> DevicePool:
        """The same samples with other weights."""
        return self._whole.weighed(pool, weights)

    def weigh(self, weights: Weights) -> None:
        """Set for which targets samples have weights."""
        self._whole.weigh(weights)
        self._head.weigh(weights)

    def retrace(self) -> None:
        """Trace both steps again, as layers were frozen or thawed."""
        self._features.follow()
        self._whole.retrace()
        self._head.retrace()

    def watch_gradients(self, on: bool) -> None:
        """Start or stop measuring the norms of gradients."""
        self._whole.watch_gradients(on)
        self._head.watch_gradients(on)

    def gradients(self) -> dict[str, float]:
        """Norms of the last step's gradients, by layer."""
        return self._last.gradients()

    def train(
        self, pool: DevicePool, index: Indices, rates: Losses
    ) -> tuple[Losses, dict[str, float]]:
        """Run one training step for each row of `index`; see `Stepper.train`.

        Args:
            pool: From `pool` or `pool_of`, with the rows of either step.
            index: int32 (steps, batch), indices into the pool.
            rates: float32 (steps,), the learning rate of each step.
        """
        self._last = self._taking(pool.rows)
        return self._last.train(pool, index, rates)

    def test(self, pool: DevicePool, index: Indices) -> Losses:
        """The loss of each row of `index`."""
        return self._taking(pool.rows).test(pool, index)

    def results(self) -> dict[str, float]:
        """The metrics so far, by name."""
        return self._whole.results()

    def reset_metrics(self) -> None:
        """Reset all metrics."""
        self._whole.reset_metrics()

    def finalize(self) -> None:
        """Set the weights that the optimizer has averaged, if it does."""
        self._whole.finalize()

    def _taking(self, rows: Mapping[str, object]) -> Stepper:
        """The step that takes some rows."""
        names = self._features.divided.names
        return self._head if any(name in rows for name in names) else self._whole


def _rows_of(stepper: Stepper) -> frozenset[str]:
    inputs = {each.row for each in stepper.inputs}
    return frozenset(inputs | {each.row for each in stepper.outputs})
