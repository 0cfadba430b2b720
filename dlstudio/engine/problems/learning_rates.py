"""The highest learning rate of each optimizer."""

from __future__ import annotations

HIGHEST_RATE = {"SGD": 2.0, "Adadelta": 10.0, "Adagrad": 1.0, "Ftrl": 1.0, "Lion": 0.01}
"""Above these rates an optimizer diverges; 0.05 for all others (similar to Adam)."""


def highest_rate(optimizer: str) -> float:
    """The highest reasonable learning rate of an optimizer, by class name."""
    return HIGHEST_RATE.get(optimizer, 0.05)
