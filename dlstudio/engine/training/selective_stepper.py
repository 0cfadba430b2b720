"""Steps that take other rows of the samples when layers are frozen or thawed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from dlstudio.engine.training.stepper_protocol import StepperProtocol


@runtime_checkable
class SelectiveStepper(StepperProtocol, Protocol):
    """A step that takes other rows of the samples when layers are frozen or thawed."""

    @property
    def row_names(self) -> frozenset[str]:
        """Names of the rows that it takes now."""

    @property
    def outdated(self) -> int:
        """How often what it takes under the same names has changed."""

    def prepare(self, epoch: int, report: Callable[[int, int], None]) -> None:
        """Compute what it takes of the samples in an epoch, unless that was done.

        Args:
            epoch: From 0.
            report: Called now and then with how many samples are done, and of how many;
                raises to stop.
        """
