"""Human-readable byte sizes, in the same format everywhere."""

from __future__ import annotations

BYTES_PER_WEIGHT = 4


def size_text(count: float) -> str:
    """Bytes in units of 1024, like Keras' `model.summary()`: 942080 → "920 KB"."""
    for size, unit in ((2**40, "TB"), (2**30, "GB"), (2**20, "MB"), (2**10, "KB")):
        if count >= size:
            scaled = count / size
            return f"{scaled:.0f} {unit}" if scaled >= 100 else f"{scaled:.3g} {unit}"
    return f"{count:.0f} B"


def weights_text(parameters: int) -> str:
    """The size of a number of 32-bit weights."""
    return size_text(parameters * BYTES_PER_WEIGHT)
