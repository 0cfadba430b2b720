"""Learning rate schedules: factors of the base rate by training progress.

Pure functions of the progress, so that a training can be resumed anywhere; what depends
on the training's results (`OnPlateau`) is part of its state instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.float64]


class Schedule(Protocol):
    """The interface of schedules."""

    def factors(self, places: Places, epochs: int) -> Places:
        """Factors of the base rate.

        Args:
            places: Fractional epochs done before each step, (steps,).
            epochs: Total number of epochs.
        """


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant rate, after an optional warm-up."""

    warmup_epochs: float = 0.0

    def factors(self, places: Places, epochs: int) -> Places:
        return _warm_up(places, self.warmup_epochs)


@dataclass(frozen=True, slots=True)
class Step:
    """Multiplied by `factor` every `every_epochs`."""

    every_epochs: int = 10
    factor: float = 0.5

    def factors(self, places: Places, epochs: int) -> Places:
        return np.power(self.factor, np.floor(places / self.every_epochs))


@dataclass(frozen=True, slots=True)
class Exponential:
    """Multiplied by `factor` each epoch, smoothly."""

    factor: float = 0.9

    def factors(self, places: Places, epochs: int) -> Places:
        return np.power(self.factor, places)


@dataclass(frozen=True, slots=True)
class Cosine:
    """Falls along half a cosine to `final` (Loshchilov & Hutter, SGDR, 2017)."""

    warmup_epochs: float = 0.0
    final: float = 0.0

    def factors(self, places: Places, epochs: int) -> Places:
        left = max(epochs - self.warmup_epochs, 1e-9)
        done = np.clip((places - self.warmup_epochs) / left, 0.0, 1.0)
        return _warm_up(places, self.warmup_epochs) * _fall(done, 1.0, self.final)


@dataclass(frozen=True, slots=True)
class OneCycle:
    """Rises from `start` to the base rate, then falls to `final` (Smith, 2018)."""

    start: float = 0.04
    final: float = 0.0001
    rise: float = 0.3

    def factors(self, places: Places, epochs: int) -> Places:
        done = np.clip(places / max(epochs, 1), 0.0, 1.0)
        up = np.clip(done / max(self.rise, 1e-9), 0.0, 1.0)
        down = np.clip((done - self.rise) / max(1.0 - self.rise, 1e-9), 0.0, 1.0)
        rising, falling = _fall(up, self.start, 1.0), _fall(down, 1.0, self.final)
        return np.where(done < self.rise, rising, falling)


@dataclass(frozen=True, slots=True)
class OnPlateau:
    """Multiplied by `factor` when `monitor` has not improved for `patience` epochs.

    The training state has the current factor; this one is always 1.
    """

    monitor: str = "val_loss"
    factor: float = 0.5
    patience: int = 3
    minimum: float = 0.0

    def factors(self, places: Places, epochs: int) -> Places:
        return np.ones_like(places)


def _warm_up(places: Places, epochs: float) -> Places:
    """Rises from zero to one; the first step is above zero, so it is not wasted."""
    if epochs <= 0:
        return np.ones_like(places)
    return np.clip((places + min(epochs, 1.0) * 1e-2) / epochs, 0.0, 1.0)


def _fall(done: Places, high: float, low: float) -> Places:
    return low + (high - low) * 0.5 * (1.0 + np.cos(math.pi * done))
