"""Outputs as tables, and activations that do not overflow; pure NumPy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def rows(outputs: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Outputs of a head as a table (n, units), in double precision."""
    table = np.asarray(outputs, np.float64)
    return table[:, None] if table.ndim == 1 else table


def sigmoid(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """1 / (1 + e^-x) without overflow for large |x|."""
    small = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1.0, small) / (1.0 + small)


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """e^x over its row's sum, shifted by the largest so that it cannot overflow."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
