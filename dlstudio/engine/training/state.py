"""Where a training is: everything the loop knows beside the variables of the model."""

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
    """Follows one figure: its best value, and for how many epochs it was not beaten.

    Attributes:
        monitor: The figure's name.
        larger_is_better: Whether it should rise; the plan says, so it is not saved.
        best: Its best value so far; None before the first.
        waited: Epochs since then.
    """

    monitor: str
    larger_is_better: bool = False
    best: float | None = None
    waited: int = 0

    def update(self, metrics: Mapping[str, float], least: float = 0.0) -> bool:
        """Take in an epoch; True if the figure got better by more than `least`."""
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
    """Saved with every checkpoint, so that a training goes on as if never stopped.

    Attributes:
        epoch: Epochs that are done.
        step: Steps of the present epoch that are done.
        total: Sum over those steps of loss · samples; a double.
        seen: Samples in those steps.
        base_rate: The learning rate before the schedule; changed by interventions.
        plateau: Factor the plateau schedule has come to.
        first_loss: Loss of the very first step, to tell an explosion.
        stopping: Follows the figure of early stopping and of the best checkpoint.
        falling: Follows the figure of the plateau schedule.
        trained: Training figures of an epoch that is not validated yet.
        best_checkpoint: Name of the checkpoint with the best figure.
        best_epoch: The epoch it belongs to, from 1; 0 for none.
        best_metrics: That epoch's figures.
        metrics: The last epoch's figures.
        ended: Why no epoch follows: "", "epochs" or "early_stopping".
        seconds: Time spent in training so far, over all sittings.
        epochs: How many to train, if that was changed on the way; 0 as planned.
        trainable: Layers that were frozen (False) or thawed on the way, in order.
        dropout: Dropout rates that were changed on the way.
        class_weights: Those that were set on the way; None as planned.
        phase: The plan's phase that was entered last; 0 for none.
        lowered: Factor of the learning rate that belongs to the phase.
        rate_set: The base rate was set on the way; no schedule of Keras' moves it.
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
        """Train up to `epochs` instead; early stopping counts anew."""
        self.epochs = epochs
        if self.ended and self.epoch < epochs:
            self.ended = ""
            self.stopping.waited = 0

    def add(self, losses: npt.NDArray[np.float32], batch: int) -> None:
        """Count steps of equal batch size."""
        for loss in losses:
            self.total += float(loss) * batch
        self.step += len(losses)
        self.seen += len(losses) * batch

    @property
    def loss(self) -> float:
        """Mean loss of the epoch so far."""
        return self.total / self.seen if self.seen else math.nan

    def next_epoch(self) -> None:
        """The present epoch is done."""
        self.epoch += 1
        self.step, self.total, self.seen = 0, 0.0, 0
        self.trained = {}

    def note_best(self, metrics: Mapping[str, float]) -> None:
        """The epoch just done is the best so far; its checkpoint comes next."""
        self.best_checkpoint = name_of(self.epoch, 0)
        self.best_epoch = self.epoch
        self.best_metrics = dict(metrics)

    def should_stop(self, early: EarlyStopping | None) -> bool:
        """Early stopping's patience is at its end."""
        return early is not None and self.stopping.waited >= max(early.patience, 1)

    def to_json(self) -> JsonObject:
        """A JSON object; figures that are not finite become null."""
        item: dict[str, Any] = _finite(asdict(self))
        for name in WATCHES:
            del item[name]["larger_is_better"]
        return item

    @classmethod
    def from_json(cls, item: Mapping[str, Any], planned: LoopState) -> LoopState:
        """The state `to_json` was given for.

        Args:
            planned: The beginning of the same training, which knows what is better.

        Raises:
            TypeError, KeyError: It is not such a state.
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
