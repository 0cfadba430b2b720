"""Detects losses that diverge."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from dlstudio.engine.training.state import LoopState
from dlstudio.engine.training.stepper_protocol import Losses

EXPLODED = 1e6
"""A loss this many times the first one (or 1) will not recover."""


class Diverged(Exception):
    """The loss is NaN or has exploded.

    Args:
        epoch: Current epoch, from 1.
        step: Current step of the epoch.
        loss: The loss.
        rate: The learning rate.
    """

    def __init__(self, epoch: int, step: int, loss: float, rate: float) -> None:
        super().__init__(epoch, step, loss, rate)
        self.epoch = epoch
        self.step = step
        self.loss = loss
        self.rate = rate


def check_losses(state: LoopState, losses: Losses, rate: float) -> None:
    """Check the losses of the steps after `state`, before they are counted.

    Args:
        state: The loop's state before these steps; the first loss is stored in it.
        losses: Loss of each step, float (steps,).
        rate: The learning rate, for the message.

    Raises:
        Diverged: One is not finite, or above `EXPLODED` times the first one (or 1).
    """
    if state.first_loss is None and math.isfinite(losses[0]):
        state.first_loss = float(losses[0])
    limit = EXPLODED * max(1.0, abs(state.first_loss or 0.0))
    # A comparison with NaN is False, so this also finds NaN.
    bad = np.flatnonzero(~(np.abs(losses) <= limit))
    if bad.size:
        step, loss = state.step + int(bad[0]) + 1, float(losses[bad[0]])
        raise Diverged(state.epoch + 1, step, loss, rate)


def check_validation(
    state: LoopState, metrics: Mapping[str, float], rate: float
) -> None:
    """Check the metrics of an epoch.

    Args:
        state: The loop's state after the epoch.
        metrics: Metrics by name; "val_loss" is checked.
        rate: The learning rate, for the message.

    Raises:
        Diverged: The validation loss is NaN.
    """
    loss = metrics.get("val_loss", 0.0)
    if not math.isfinite(loss):
        raise Diverged(state.epoch + 1, state.step, loss, rate)
