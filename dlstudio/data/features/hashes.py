"""Which of many hashes are the same; by sorting, which takes little memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Mask

Hashes = npt.NDArray[np.uint64]
"""Of 64 bits, (n,): two of millions of different values have the same hash less often
than once in a million."""
AT_ONCE = 2**16
"""Hashes that are looked for at the same time."""


def count_different(hashes: Hashes) -> int:
    """How many different hashes there are."""
    ordered = np.sort(hashes)  # several times faster than a set
    steps = int(np.count_nonzero(ordered[1:] != ordered[:-1]))
    return steps + (len(ordered) > 0)


def repeated(hashes: Hashes) -> Mask:
    """Where a hash occurs more than once, bool (n,)."""
    ordered = np.sort(hashes)
    several = ordered[1:][ordered[1:] == ordered[:-1]]
    del ordered
    return _are_among(hashes, several)


def are_among(hashes: Hashes, others: Hashes) -> Mask:
    """Where a hash is one of others, bool (n,)."""
    return _are_among(hashes, np.sort(others))


def _are_among(hashes: Hashes, ordered: Hashes) -> Mask:
    """As `are_among`; some at a time, so that other threads go on, in little memory."""
    found = np.zeros(len(hashes), bool)
    for start in range(0, len(hashes) if len(ordered) else 0, AT_ONCE):
        some = hashes[start : start + AT_ONCE]
        at = np.searchsorted(ordered, some)
        found[start : start + AT_ONCE] = ordered[at % len(ordered)] == some
    return found


def seen_before(hashes: Hashes) -> Mask:
    """Where a hash is that of an earlier place, bool (n,)."""
    places = np.flatnonzero(repeated(hashes))
    found = np.zeros(len(hashes), bool)
    _values, first = np.unique(hashes[places], return_index=True)
    found[places] = True
    found[places[first]] = False
    return found
