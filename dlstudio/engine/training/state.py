"""The state of a training: everything except the variables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from dlstudio.document.plan import EarlyStopping
from dlstudio.engine.runs.checkpoints import name_of
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


WATCHES = ("stopping", "falling")
"""Fields of the state that are a `MetricMonitor`."""


@dataclass
class MetricMonitor:
    """Monitors one metric: its best value, and epochs without improvement.

    Attributes:
        monitor: Name of the metric.
        larger_is_better: Its direction; given by the plan, so it is not saved.
        best: Best value so far; None before the first.
        waited: Epochs since the best value.
    """

    monitor: str
    larger_is_better: bool = False
    best: float | None = None
    waited: int = 0

    def update(self, metrics: Mapping[str, float], least: float = 0.0) -> bool:
        """Add an epoch; True if the metric improved by more than `least`."""
        value = metrics.get(self.monitor, math.nan)
        gain = math.inf
        if self.best is not None:
            gain = self.best - value
            if self.larger_is_better:
                gain = -gain
        if math.isfinite(value) and gain > least:
            self.best, self.waited = value, 0
            return True
        self.waited += 1
        return False


@dataclass
class LoopState:
    """Saved with every checkpoint, so that training resumes as if never interrupted.

    Attributes:
        epoch: Number of epochs done.
        step: Steps of the current epoch done.
        total: Sum of loss · samples over those steps, in double precision.
        seen: Number of samples in those steps.
        base_rate: The learning rate before the schedule; changed by interventions.
        plateau: Current factor of the plateau schedule.
        first_loss: Loss of the first step, to detect an explosion.
        stopping: Monitors the metric of early stopping and the best checkpoint.
        falling: Monitors the metric of the plateau schedule.
        trained: Training metrics of an epoch not validated yet.
        best_checkpoint: Name of the best checkpoint.
        best_epoch: Epoch of the best checkpoint, from 1; 0 for none.
        best_metrics: Metrics of that epoch.
        metrics: Metrics of the last epoch.
        ended: Why training ended: "", "epochs" or "early_stopping".
        seconds: Training time so far, over all sessions.
        epochs: Number of epochs, if changed while training; 0 as planned.
        trainable: Layers frozen (False) or unfrozen while training, in order.
        dropout: Dropout rates changed while training.
        class_weights: Class weights set while training; None as planned.
        phase: The plan's current phase; 0 for none.
        lowered: Learning rate factor of the phase.
        rate_set: Whether the base rate was set while training; disables a Keras
            schedule.
    """

    base_rate: float
    stopping: MetricMonitor
    falling: MetricMonitor
    epoch: int = 0
    step: int = 0
    total: float = 0.0
    seen: int = 0
    plateau: float = 1.0
    first_loss: float | None = None
    trained: dict[str, float] = field(default_factory=dict)
    best_checkpoint: str = ""
    best_epoch: int = 0
    best_metrics: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    ended: str = ""
    seconds: float = 0.0
    epochs: int = 0
    trainable: dict[str, bool] = field(default_factory=dict)
    dropout: dict[str, float] = field(default_factory=dict)
    class_weights: dict[str, float] | None = None
    phase: int = 0
    lowered: float = 1.0
    rate_set: bool = False

    def continue_until(self, epochs: int) -> None:
        """Change the total number of epochs; restarts early stopping's count."""
        self.epochs = epochs
        if self.ended and self.epoch < epochs:
            self.ended = ""
            self.stopping.waited = 0

    def add(self, losses: npt.NDArray[np.float32], batch: int) -> None:
        """Add steps of equal batch size."""
        for loss in losses:
            self.total += float(loss) * batch
        self.step += len(losses)
        self.seen += len(losses) * batch

    @property
    def loss(self) -> float:
        """Mean loss of the epoch so far."""
        return self.total / self.seen if self.seen else math.nan

    def next_epoch(self) -> None:
        """End the current epoch."""
        self.epoch += 1
        self.step, self.total, self.seen = 0, 0.0, 0
        self.trained = {}

    def note_best(self, metrics: Mapping[str, float]) -> None:
        """Record the last epoch as the best; its checkpoint is saved next."""
        self.best_checkpoint = name_of(self.epoch, 0)
        self.best_epoch = self.epoch
        self.best_metrics = dict(metrics)

    def should_stop(self, early: EarlyStopping | None) -> bool:
        """Whether early stopping's patience is exhausted."""
        return early is not None and self.stopping.waited >= max(early.patience, 1)

    def to_json(self) -> JsonObject:
        """A JSON object; non-finite numbers become null."""
        item: dict[str, Any] = _finite(asdict(self))
        for name in WATCHES:
            del item[name]["larger_is_better"]
        return item

    @classmethod
    def from_json(cls, item: Mapping[str, Any], planned: LoopState) -> LoopState:
        """The state from its JSON form.

        Args:
            planned: Initial state of the same training, with the metrics' directions.

        Raises:
            TypeError, KeyError: It is not a valid state.
        """
        values = dict(item)
        for name in WATCHES:
            rising = getattr(planned, name).larger_is_better
            values[name] = MetricMonitor(**values[name], larger_is_better=rising)
        for name in ("metrics", "best_metrics", "trained"):
            values[name] = {
                k: math.nan if v is None else v for k, v in values[name].items()
            }
        return cls(**values)


def _finite(value: object) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
