"""How far the answers of two models differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False, slots=True)
class AnswerComparison:
    """How far the answers of two models, such as an export and its original, differ.

    Attributes:
        far: Difference for each sample, float64 (n,): of probabilities, or of numbers
            in deviations of the target. Infinite where one is not a number.
        same: Whether the answers are the same, as far as rounding decides, bool (n,).
    """

    far: npt.NDArray[np.float64]
    same: npt.NDArray[np.bool_]
