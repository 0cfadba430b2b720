"""Metrics of an output, as the training step updates them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor, TensorFunction
    from dlstudio.engine.typing import Variable


class MetricProtocol(Protocol):
    """The interface of metrics that the stepper needs; Keras metrics implement it."""

    name: str

    @property
    def variables(self) -> Sequence[Variable]:
        """Its sums, as Keras variables."""

    def update_state(self, labels: Tensor, answers: Tensor) -> None:
        """Add a batch."""

    def result(self) -> Tensor:
        """The current value."""

    def reset_state(self) -> None:
        """Reset all sums."""


@dataclass(frozen=True, slots=True)
class BoundMetric:
    """A metric with the form in which it takes the rows of its target.

    Attributes:
        metric: See `MetricProtocol`.
        targets: Converts a batch of rows.
    """

    metric: Any
    targets: TensorFunction


def unchanged(labels: Tensor) -> Tensor:
    """The form of losses and metrics that take rows as they are."""
    return labels
