"""Images and statistics of a layer's output. Independent of Qt."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.i18n import _
from dlstudio.percent_text import percent

MAX_MAPS = 64
BINS = 40
LARGEST_SHOWN = 5


def feature_maps(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8] | None:
    """Tile the channels of an (h, w, c) array, each scaled to its own range.

    Sequences (steps, features) become one map. Vectors have no image.

    Returns:
        uint8 (rows, columns, 4), transparent between the maps, or None.
    """
    numbers = np.nan_to_num(np.asarray(values, np.float32))
    if numbers.ndim == 2 and min(numbers.shape) > 1:
        numbers = numbers[..., np.newaxis]
    if numbers.ndim != 3 or min(numbers.shape[:2]) < 2:
        return None
    height, width, count = numbers.shape
    count = min(count, MAX_MAPS)
    columns = max(1, math.ceil(math.sqrt(count * height / width)))
    rows = math.ceil(count / columns)
    gap = 1
    sheet = np.zeros(
        (rows * (height + gap) - gap, columns * (width + gap) - gap, 4), np.uint8
    )
    for index in range(count):
        row, column = divmod(index, columns)
        top, left = row * (height + gap), column * (width + gap)
        place = sheet[top : top + height, left : left + width]
        place[..., :3] = _scaled(numbers[..., index])[..., np.newaxis]
        place[..., 3] = 255
    return sheet


def maps_text(values: npt.NDArray[np.float64]) -> str:
    """Return how many feature maps are shown, or "" for all of them."""
    count = values.shape[-1] if values.ndim == 3 else 1
    if count <= MAX_MAPS:
        return ""
    return _("First {shown} of {count} feature maps").format(
        shown=MAX_MAPS, count=count
    )


def _scaled(values: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-12:
        return np.zeros(values.shape, np.uint8)
    return ((values - low) * (255.0 / (high - low))).astype(np.uint8)


def histogram(
    values: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return counts and bin edges of all finite values, in `BINS` bins."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.zeros(1, np.int64), np.array([0.0, 1.0])
    low, high = float(finite.min()), float(finite.max())
    # Bins cannot be narrower than a float's resolution.
    spread = max(high - low, 1e-6 * max(abs(low), abs(high), 1.0))
    counts, edges = np.histogram(finite, BINS, (low, low + spread))
    return counts.astype(np.int64), edges


def statistics_text(values: npt.NDArray[np.float64]) -> str:
    """Return shape, range, mean, share of zeros and count of non-finite values."""
    finite = values[np.isfinite(values)]
    shape = "×".join(map(str, values.shape)) or "1"
    if not finite.size:
        return _("{shape}; no finite values").format(shape=shape)
    parts = [
        shape,
        _("from {low:.3g} to {high:.3g}").format(low=finite.min(), high=finite.max()),
        _("mean {mean:.3g}").format(mean=finite.mean()),
        _("{share} zeros").format(share=percent((finite == 0).mean(), 0)),
    ]
    if finite.size < values.size:
        parts.append(
            _("{count} NaN or infinite").format(count=values.size - finite.size)
        )
    return " · ".join(parts).replace(" %", "\u00a0%")  # never in two lines


def largest_text(values: npt.NDArray[np.float64]) -> str:
    """Return the largest entries of a vector, one per line."""
    if values.ndim != 1 or values.size < 2:
        return ""
    order = np.argsort(np.nan_to_num(values, nan=-np.inf))[::-1][:LARGEST_SHOWN]
    return "".join(f"\n[{index}]  {values[index]:.4g}" for index in order)
