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
    found = np.zeros(len(hashes), bool)
    for start in range(0, len(hashes) if len(several) else 0, AT_ONCE):
        some = hashes[start : start + AT_ONCE]
        at = np.searchsorted(several, some)
        found[start : start + AT_ONCE] = several[at % len(several)] == some
    return found


def seen_before(hashes: Hashes) -> Mask:
    """Where a hash is that of an earlier place, bool (n,)."""
    places = np.flatnonzero(repeated(hashes))
    found = np.zeros(len(hashes), bool)
    _values, first = np.unique(hashes[places], return_index=True)
    found[places] = True
    found[places[first]] = False
    return found
