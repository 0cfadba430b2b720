"""How large a learning rate an optimizer bears."""

from __future__ import annotations

HIGHEST_RATE = {"SGD": 2.0, "Adadelta": 10.0, "Adagrad": 1.0, "Ftrl": 1.0, "Lion": 0.01}
"""Above these an optimizer's steps are too wild; 0.05 for all others (Adam's kin)."""


def highest_rate(optimizer: str) -> float:
    """The highest rate that an optimizer bears, by its class's name."""
    return HIGHEST_RATE.get(optimizer, 0.05)
