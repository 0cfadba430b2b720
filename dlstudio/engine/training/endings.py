"""How a training can end, each with a message."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf

from dlstudio.engine.runtime.code_place import code_place
from dlstudio.engine.runtime.error_text import plain
from dlstudio.engine.runtime.stop_token import Stopped
from dlstudio.engine.training.divergence import Diverged
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class TrainingEnding:
    """The outcome with its message.

    Attributes:
        outcome: "succeeded", "failed" or "cancelled".
        reason: A stable identifier: "epochs", "early_stopping", "stopped", "diverged",
            "memory", "refused", "unexpected".
        expected: Whether `message` is complete; otherwise keep the details.
    """

    outcome: str
    reason: str
    message: str = ""
    hint: str = ""
    expected: bool = True


def is_memory(error: BaseException) -> bool:
    """Whether the computer or the GPU ran out of memory."""
    return isinstance(error, (MemoryError, tf.errors.ResourceExhaustedError))


def ending_of(
    error: BaseException, fitting: Callable[[], int | None]
) -> TrainingEnding:
    """The ending of a training for an exception.

    Args:
        fitting: Finds a batch size that fits; returns None if not even one sample does.
    """
    if isinstance(error, (Stopped, KeyboardInterrupt)):
        return TrainingEnding("cancelled", "stopped")
    if isinstance(error, Diverged):
        return _diverged(error)
    if is_memory(error):
        return _memory(fitting())
    if isinstance(error, UserError):
        return TrainingEnding("failed", "refused", error.message, error.hint)
    lines = str(error).strip().splitlines()
    if code_place(error) is not None:  # the line of custom code says more
        lines = [plain(error).rstrip(".") + "."]
    return TrainingEnding(
        "failed",
        "unexpected",
        _("Training failed: {reason}").format(
            reason=lines[0][:300] if lines else type(error).__name__
        ),
        _("See error.txt in the run folder for details."),
        expected=False,
    )


def _diverged(error: Diverged) -> TrainingEnding:
    if math.isfinite(error.loss):
        happened = _("The loss diverged to {loss:.3g} in epoch {epoch}, step {step}.")
    else:
        happened = _("The loss became NaN or infinite in epoch {epoch}, step {step}.")
    return TrainingEnding(
        "failed",
        "diverged",
        happened.format(loss=error.loss, epoch=error.epoch, step=error.step),
        _(
            "Lower the learning rate (it was {rate:g}; try {lower:g}), clip "
            "the gradients (set clipnorm to 1), and check that the inputs are "
            "rescaled. The last good checkpoint was kept."
        ).format(rate=error.rate, lower=error.rate / 10),
    )


def _memory(batch: int | None) -> TrainingEnding:
    message = _("There is not enough memory for this batch size.")
    if batch is None:
        return TrainingEnding(
            "failed",
            "memory",
            message,
            _("Not even a single sample fits. Use smaller inputs or a smaller model."),
        )
    return TrainingEnding(
        "failed",
        "memory",
        message,
        _("A batch size of {batch} fits; set it in the plan.").format(batch=batch),
    )


def largest_fitting(attempt: Callable[[int], None], batch: int) -> int | None:
    """The largest half, quarter, ... of `batch` with which `attempt` succeeds."""
    while batch > 1:
        batch //= 2
        try:
            attempt(batch)
        except Exception as error:
            if not is_memory(error):
                raise
        else:
            return batch
    return None
