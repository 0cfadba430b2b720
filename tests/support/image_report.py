"""A report about reconstructed images, section by section."""

from __future__ import annotations

import numpy as np

from dlstudio.data.images.png import png_text
from dlstudio.document.image_sections import (
    AnomalyThreshold,
    ErrorHistogram,
    ReconstructedImage,
    Reconstructions,
    WorstImages,
)


def png(grey: int) -> str:
    """A small grey image."""
    return png_text(np.full((8, 8, 1), grey, np.uint8))


def _rows(count: int) -> tuple[ReconstructedImage, ...]:
    return tuple(
        ReconstructedImage(f"{row}.png", 0.01 * (row + 1), png(20 * row), png(90))
        for row in range(count)
    )


PAIRS = Reconstructions("image", _rows(4))
WORST_PAIRS = WorstImages("image", _rows(3))
ERRORS = ErrorHistogram((0.0, 0.1, 0.2), (3, 1), quantiles=(0.01, 0.02, 0.03, 0.15))
THRESHOLD = AnomalyThreshold(0.1, 0.99, "validation", 36, 0.25)
IMAGE_SECTIONS = (PAIRS, ERRORS, WORST_PAIRS)
