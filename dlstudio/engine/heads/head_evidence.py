"""What a report of an output can say beside its targets: inputs, and the training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlstudio.data.columns import Fitted, Rows


@dataclass(frozen=True, eq=False, slots=True)
class HeadEvidence:
    """The samples of a report with what entered the model, and those of the training.

    Attributes:
        ids: Of the evaluated samples.
        inputs: Their rows by kind of feature; of several of one kind the first.
        truth: The rows of their targets.
        known_inputs: Rows of the training split, likewise; empty of other data.
        known_truth: The rows of their targets.
        fitted: What the target has learned.
        outputs: Of the model for the evaluated samples.
        split: What is evaluated.
    """

    ids: Sequence[str]
    inputs: Mapping[str, Rows]
    truth: Any
    known_inputs: Mapping[str, Rows]
    known_truth: Any
    fitted: Fitted
    outputs: Any = None
    split: str = ""
