"""How long models of tables are trained."""

from __future__ import annotations

STEPS, FEWEST_EPOCHS, MOST_EPOCHS = 4000, 15, 150


def batch_size(rows: int) -> int:
    """A batch size with enough steps per epoch for small tables."""
    limits = ((1000, 16), (5000, 32), (20_000, 64), (100_000, 256))
    return next((size for most, size in limits if rows < most), 1024)


def epochs(rows: int) -> int:
    """Epochs for about the same number of steps for each table."""
    steps = max(1, rows // batch_size(rows))
    return min(MOST_EPOCHS, max(FEWEST_EPOCHS, STEPS // steps))
