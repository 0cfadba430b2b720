"""Metric results as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import keras
import numpy as np

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


def flat_results(results: Mapping[str, Tensor]) -> dict[str, float]:
    """Metric results as plain numbers; the mean of per-class results."""
    found: dict[str, float] = {}
    for name, value in results.items():
        if isinstance(value, dict):
            found |= flat_results({f"{name}_{k}": v for k, v in value.items()})
        else:
            found[name] = float(np.mean(keras.ops.convert_to_numpy(value)))
    return found
