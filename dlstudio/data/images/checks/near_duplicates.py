"""Finding near-duplicates among many images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

BANDS = 4
MOST_BITS = BANDS - 1
"""Number of bands: hashes that differ in fewer bits agree in at least one band."""
MOST_DIFFERENCE = 3.0
"""Most mean difference of grey values (0..255) of similar thumbnails."""
MOST_COMPARED = 16
"""Neighbours compared within a band, which bounds the cost of many similar images."""

Hashes = npt.NDArray[np.uint64]
Thumbs = npt.NDArray[np.uint8]


def find_near_duplicates(
    hashes: Sequence[int], thumbs: Thumbs
) -> list[tuple[int, int]]:
    """Pairs of rows (first similar image, image) for each near-duplicate.

    Args:
        hashes: 64-bit difference hashes.
        thumbs: uint8 (n, k), thumbnails in the same order.
    """
    parent = list(range(len(hashes)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for left, right in _candidates(np.array(hashes, np.uint64), thumbs):
        first, second = sorted((root(left), root(right)))
        parent[second] = first
    roots = [root(index) for index in range(len(parent))]
    return [(first, index) for index, first in enumerate(roots) if first != index]


def _candidates(hashes: Hashes, thumbs: Thumbs) -> Iterator[tuple[int, int]]:
    width = np.uint64(64 // BANDS)
    for band in range(BANDS):
        keys = (hashes >> (np.uint64(band) * width)) & np.uint64(0xFFFF)
        order = np.lexsort((hashes, keys))
        for step in range(1, min(MOST_COMPARED, len(order) - 1) + 1):
            left, right = order[:-step], order[step:]
            same = keys[left] == keys[right]
            if not same.any():
                break
            left, right = left[same], right[same]
            near = _bits(hashes[left] ^ hashes[right]) <= MOST_BITS
            left, right = left[near], right[near]
            gaps = thumbs[left].astype(np.int16) - thumbs[right]
            sure = np.abs(gaps).mean(axis=1) <= MOST_DIFFERENCE
            yield from zip(left[sure].tolist(), right[sure].tolist(), strict=True)


def _bits(values: Hashes) -> npt.NDArray[np.int64]:
    """The number of set bits in each."""
    bits = np.unpackbits(values[:, np.newaxis].view(np.uint8), axis=1)
    return np.asarray(bits.sum(axis=1, dtype=np.int64))
