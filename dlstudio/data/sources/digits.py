"""scikit-learn's 1,797 handwritten digits of 8×8 pixels: available offline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dlstudio.data.data_source import DataSource
from dlstudio.data.images.checks.narrow_values import complete_images
from dlstudio.data.samples import Samples
from dlstudio.data.sources.array_splits import ArraySplit, join_splits

LARGEST = 16


def read(params: Mapping[str, object], base: Path) -> Samples:
    """Read the digits, scaled from 0..16 to 0..255 (UCI, Alpaydin & Kaynak 1998).

    Args:
        params: Unused.
        base: Unused.
    """
    del params, base
    return join_splits([read_digits()])


def read_digits() -> ArraySplit:
    """All digits, uint8 (1797, 8, 8), without a split."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.rint(digits.images * (255 / LARGEST)).astype(np.uint8)
    return ArraySplit("", images, digits.target.astype(np.int32))


SOURCE = DataSource(read, complete=complete_images)
