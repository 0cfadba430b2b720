"""The sizes of images in files, by their first bytes."""

from __future__ import annotations

import statistics
from collections import Counter
from pathlib import Path

from dlstudio.data.features.stored_values import LOOKED_AT
from dlstudio.data.images.columns import Files
from dlstudio.data.images.decoders.pillow_decoder import head_of
from dlstudio.data.images.spec import ImageSpec
from dlstudio.errors import UserError

USUAL = 32
"""Side of images where there is none to look at."""


def typical_sizes(files: Files, most: int = 5) -> tuple[tuple[str, int], ...]:
    """The most frequent sizes, "width×height", with the number of images.

    The numbers of a large column are those of some of its images, scaled up.

    Args:
        files: Of a column.
        most: How many sizes.
    """
    forms = image_forms(files)
    if not forms:
        return ()
    count = len(files) - int(files.missing().sum())
    scale = max(1.0, count / len(forms)) if count > LOOKED_AT else 1.0
    found = Counter(f"{width}×{height}" for height, width, _channels in forms)
    return tuple((size, round(n * scale)) for size, n in found.most_common(most))


def typical_form(files: Files) -> ImageSpec:
    """Median height and width, and one channel if all images are grey."""
    forms = image_forms(files)
    if not forms:
        return ImageSpec(USUAL, USUAL)
    height, width = (
        round(statistics.median(each[i] for each in forms)) for i in (0, 1)
    )
    channels = 1 if all(each[2] == 1 for each in forms) else 3
    return ImageSpec(height, width, channels)


def image_forms(files: Files) -> list[tuple[int, int, int]]:
    """(height, width, channels) of up to `LOOKED_AT` evenly spread images."""
    paths = [path for path in files.paths if path]
    step = max(1, -(-len(paths) // LOOKED_AT))
    found = []
    for path in paths[::step]:
        try:
            found.append(head_of(Path(path)))
        except UserError:
            continue
    return found
