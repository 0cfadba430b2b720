"""The history of a run, accumulated from its events. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlstudio.document.events import (
    CheckpointSaved,
    EpochBegan,
    EpochEnded,
    Event,
    FeaturesComputed,
    Intervened,
    RunEnded,
    RunStarted,
    SamplesExcluded,
    StepsDone,
)
from dlstudio.document.excluded_samples import excluded_text
from dlstudio.ui.services.training.curve import Curve, ThinnedCurve
from dlstudio.ui.services.training.run_log import EARLY, log_lines, mark_text

GIGA = 1e9


@dataclass
class RunHistory:
    """Everything that is plotted about one run.

    Attributes:
        losses: Loss per step.
        training, validation: Curves by metric name, one point per epoch.
        step_metrics: Running metrics within epochs.
        rates: The learning rate.
        gradients: Gradient norm per layer, recorded while displayed.
        speeds: Samples per second.
        memory: Gigabytes by "process", "GPU:0", ...
        marked: Interventions and early stopping, with their positions.
        logged: Events shown in the log.
        excluded_samples: Samples that were skipped, if any.
        features: How many features are computed, while they are.
        smaller_is_better: Names of the metrics to minimize, without prefix.
        paused: Whether the training is paused.
        checkpoint: Epoch of the latest checkpoint.
        planned: Names of what the project reports, without "val_"; they count until
            the run reports something.
    """

    run: str = ""
    number: int = 0
    epochs: int = 0
    epoch: int = 0
    step: int = 0
    steps_per_epoch: int = 1
    samples: int = 0
    device: str = ""
    losses: Curve = field(default_factory=Curve)
    step_metrics: dict[str, Curve] = field(default_factory=dict)
    training: dict[str, Curve] = field(default_factory=dict)
    validation: dict[str, Curve] = field(default_factory=dict)
    rates: Curve = field(default_factory=ThinnedCurve)
    marked: list[tuple[float, Event]] = field(default_factory=list)
    logged: list[Event] = field(default_factory=list)
    excluded_samples: SamplesExcluded | None = None
    features: FeaturesComputed | None = None
    speed: float = 0.0
    seconds: float = 0.0
    best_epoch: int = 0
    gradients: dict[str, Curve] = field(default_factory=dict)
    speeds: Curve = field(default_factory=ThinnedCurve)
    memory: dict[str, Curve] = field(default_factory=dict)
    paused: bool = False
    checkpoint: int = -1
    refusal: str = ""
    base_rate: float = 0.0
    smaller_is_better: tuple[str, ...] = ("loss",)
    outcome: str = ""
    message: str = ""
    planned: tuple[str, ...] = ()

    @property
    def place(self) -> float:
        """Position in epochs, including the fraction of the current one."""
        return max(self.epoch - 1, 0) + self.step / max(self.steps_per_epoch, 1)

    @property
    def marks(self) -> list[tuple[float, str]]:
        """The marks of a curve as (x, text), in the current language."""
        return [(x, mark_text(event)) for x, event in self.marked]

    @property
    def excluded_text(self) -> str:
        """How many samples were skipped and why; "" for none."""
        return (
            excluded_text(self.excluded_samples)
            if self.excluded_samples is not None
            else ""
        )

    @property
    def log(self) -> list[str]:
        """The lines of the log, in the current language."""
        return [text for event in self.logged for text in log_lines(event)]

    @property
    def share(self) -> float:
        """Progress of the whole training, 0 to 1."""
        return min(self.place / self.epochs, 1.0) if self.epochs else 0.0

    def left(self) -> float | None:
        """Estimated remaining seconds; None while unknown."""
        if self.outcome:
            return 0.0
        if self.seconds and self.epoch > 1:
            done = self.epoch - 1
            return self.seconds / done * max(self.epochs - self.place, 0)
        if self.speed and self.samples:
            return (self.epochs - self.place) * self.samples / self.speed
        return None

    def truncate_after(self, checkpoint: str) -> None:
        """Discard everything after a checkpoint, as the training resumes from it."""
        numbers = [int(word) for word in checkpoint.split("-") if word.isdigit()]
        epochs, step = numbers if len(numbers) == 2 else (0, 0)
        place = epochs + step / max(self.steps_per_epoch, 1)
        for curve in self.curves():
            curve.truncate(place)
        if self.best_epoch > place:
            self.best_epoch = 0
        self.marked = [mark for mark in self.marked if mark[0] <= place]
        self.epoch, self.step = epochs + bool(step), step

    def curves(self) -> Iterator[Curve]:
        """All curves."""
        yield from (self.losses, self.rates, self.speeds)
        for named in (self.step_metrics, self.training, self.validation):
            yield from named.values()
        for named in (self.gradients, self.memory):
            yield from named.values()

    def best_of(self, metric: str) -> tuple[float, float] | None:
        """The best epoch of a metric and its value; None while unknown."""
        curve = self.validation.get(metric) or self.training.get(metric)
        if not self.best_epoch or curve is None:
            return None
        place = int(np.searchsorted(curve.x, self.best_epoch))
        if place >= len(curve) or curve.x[place] != self.best_epoch:
            return None
        return float(self.best_epoch), float(curve.y[place])

    def metric_names(self) -> list[str]:
        """Names of metrics without "val_", the loss first."""
        names = dict.fromkeys(["loss", *self.training, *self.validation])
        return [n for n in names if n in self.training or n in self.validation]

    def reported(self) -> tuple[str, ...]:
        """Names of all that is reported, or is going to be, without "val_"."""
        known = dict.fromkeys([*self.metric_names(), *self.step_metrics])
        return tuple(known) or self.planned

    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs, if there are several: each has a loss of its own."""
        losses = [each for each in self.reported() if each.endswith("_loss")]
        names = tuple(each.removesuffix("_loss") for each in losses)
        return names if len(names) > 1 else ()

    def add_events(self, events: Iterable[Event]) -> None:
        """Process events."""
        for event in events:
            self.add_event(event)

    def add_event(self, event: Event) -> None:
        """Process one event."""
        for kind, handle in _HANDLERS.items():
            if isinstance(event, kind):
                handle(self, event)
                return


def _started(history: RunHistory, event: RunStarted) -> None:
    history.run, history.epochs = event.run, event.epochs
    history.number = event.number
    history.steps_per_epoch, history.samples = event.steps_per_epoch, event.samples
    history.smaller_is_better = event.smaller_is_better
    history.device, history.outcome, history.paused = event.device, "", False
    if event.resumed_from:
        history.truncate_after(event.resumed_from)


def _excluded(history: RunHistory, event: SamplesExcluded) -> None:
    history.excluded_samples = event
    history.logged.append(event)


def _began(history: RunHistory, event: EpochBegan) -> None:
    history.epoch, history.step = event.epoch, 0


def _computed(history: RunHistory, event: FeaturesComputed) -> None:
    history.features = event if event.done < event.total else None


def _steps(history: RunHistory, event: StepsDone) -> None:
    history.features = None
    count = len(event.losses)
    steps = event.step - count + 1 + np.arange(count)
    places = event.epoch - 1 + steps / max(history.steps_per_epoch, 1)
    history.losses.extend(places, np.array(event.losses, np.float64))
    history.epoch, history.step = event.epoch, event.step
    history.speed = event.samples_per_second
    for name, value in event.metrics.items():
        history.step_metrics.setdefault(name, ThinnedCurve()).add(history.place, value)
    history.rates.add(history.place, event.learning_rate)
    for name, value in event.gradients.items():
        history.gradients.setdefault(name, ThinnedCurve()).add(history.place, value)
    history.speeds.add(history.place, event.samples_per_second)
    for name, value in event.memory.items():
        history.memory.setdefault(name, ThinnedCurve()).add(history.place, value / GIGA)


def _ended(history: RunHistory, event: EpochEnded) -> None:
    for name, value in event.metrics.items():
        plain = name.removeprefix("val_")
        where = history.validation if name != plain else history.training
        where.setdefault(plain, Curve()).add(float(event.epoch), value)
    history.epoch, history.step = event.epoch, history.steps_per_epoch
    history.seconds += event.seconds
    if event.best:
        history.best_epoch = event.epoch
    history.logged.append(event)


def _intervened(history: RunHistory, event: Intervened) -> None:
    x = max(event.epoch - 1, 0) + event.step / max(history.steps_per_epoch, 1)
    history.logged.append(event)
    if event.what in ("pause", "resume"):
        history.paused = event.what == "pause"
    if event.what == "refused":
        history.refusal = str(event.value)
        return
    if event.what == "learning_rate":
        history.base_rate = float(event.value)
    if event.what == "phase":
        history.base_rate = float(event.value[1])
    if event.what == "epochs":
        history.epochs = int(event.value)
    if event.what != "resume" and x > 0:  # at x = 0 there is nothing to separate
        history.marked.append((x, event))


def _saved(history: RunHistory, event: CheckpointSaved) -> None:
    history.checkpoint = event.epoch


def _run_ended(history: RunHistory, event: RunEnded) -> None:
    history.outcome, history.paused = event.outcome, False
    history.features = None
    history.message = f"{event.message} {event.hint}".strip()
    if event.reason == EARLY:
        history.marked.append((history.place, event))
    history.logged.append(event)


_HANDLERS: dict[type[Event], Callable[[RunHistory, Any], None]] = {
    RunStarted: _started,
    SamplesExcluded: _excluded,
    EpochBegan: _began,
    FeaturesComputed: _computed,
    StepsDone: _steps,
    EpochEnded: _ended,
    Intervened: _intervened,
    CheckpointSaved: _saved,
    RunEnded: _run_ended,
}
