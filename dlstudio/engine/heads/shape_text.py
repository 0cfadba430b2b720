"""Shapes of samples in messages."""

from __future__ import annotations

from collections.abc import Sequence


def shape_text(shape: Sequence[int | None]) -> str:
    """Sides with "×" between them, "?" for any: "28 × 28 × 1"."""
    return " × ".join("?" if side is None else str(side) for side in shape) or "()"
