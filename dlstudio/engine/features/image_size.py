"""The size in which a template lets images of any size enter a model."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from dlstudio.data.images.checks.opposite_classes import (
    ACROSS,
    are_signs,
    named_opposites,
)

LONGEST = 128
USUAL = (32, 32, 3)


@dataclass(frozen=True, slots=True)
class ImageSize:
    """How images of a column enter a model.

    Attributes:
        height, width: In pixels, as the model sees them.
        channels: 1 or 3.
        resized: Whether they have to be resized.
        mirrored: Whether an image and its mirror image mean the same.
    """

    height: int
    width: int
    channels: int
    resized: bool = False
    mirrored: bool = False

    @classmethod
    def of(
        cls, forms: Sequence[tuple[int, int, int]], classes: Sequence[str]
    ) -> ImageSize:
        """A size that fits images.

        Args:
            forms: Height, width and channels of some of them.
            classes: That are predicted; none of a number, as it may tell left from
                right.
        """
        some = forms or (USUAL,)
        height = round(statistics.median(each[0] for each in some))
        width = round(statistics.median(each[1] for each in some))
        seen = fit(height, width, LONGEST)
        varying = len({each[:2] for each in some}) > 1
        grey = all(each[2] == 1 for each in some)
        resized = varying or seen != (height, width)
        signs = are_signs(classes) or ACROSS in named_opposites(classes)
        mirrored = bool(classes) and not grey and not signs
        return cls(*seen, 1 if grey else 3, resized, mirrored)

    @property
    def input_shape(self) -> tuple[int | None, int | None, int]:
        """Shape of the input layer for one image; None for any size."""
        if self.resized:
            return None, None, self.channels
        return self.height, self.width, self.channels


def fit(height: int, width: int, longest: int) -> tuple[int, int]:
    """A size of the same aspect ratio whose longer side is at most `longest`.

    Sides of larger images are rounded to multiples of 8.

    Args:
        height: In pixels.
        width: In pixels.
        longest: In pixels.

    Returns:
        Height and width, at least 4.
    """
    share = longest / max(height, width)
    if share >= 1:
        return max(height, 4), max(width, 4)
    return _eighths(height * share), _eighths(width * share)


def _eighths(side: float) -> int:
    return max(8, round(side / 8) * 8)
