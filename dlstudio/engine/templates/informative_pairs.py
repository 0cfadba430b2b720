"""Which pairs of categories say more of the target than each of them alone."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

CROSSES = 2
MOST_CELLS = 2000
"""Of a pair of categories: with more, most combinations are rare."""
Codes = npt.NDArray[np.int64]


def informative_pairs(
    categories: Mapping[str, Codes], target: Codes, most: int = CROSSES
) -> tuple[tuple[str, str], ...]:
    """Pairs of categories that say more of the target than the better one alone.

    Args:
        categories: Codes of each column, (n,), from 0.
        target: Codes of the classes, or of ranges of numbers, (n,), from 0.
        most: Number of pairs returned at most.
    """
    alone = {
        name: penalized_information(codes, target) for name, codes in categories.items()
    }
    gains = []
    for first, second in itertools.combinations(categories, 2):
        width = int(categories[second].max(initial=0)) + 1
        both = categories[first] * width + categories[second]
        if both.max(initial=0) >= MOST_CELLS:
            continue
        gain = penalized_information(both, target) - max(alone[first], alone[second])
        gains.append((gain, (first, second)))
    gains.sort(key=lambda each: -each[0])
    return tuple(pair for gain, pair in gains[:most] if gain > 0)


def penalized_information(one: Codes, other: Codes) -> float:
    """Mutual information in nats, less what the number of combinations costs (BIC).

    So columns of noise do not seem informative because they have many values.

    Args:
        one: Codes from 0, (n,).
        other: Likewise.
    """
    if not len(one):
        return 0.0
    table = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(table, (one, other), 1)
    count = table.sum()
    joint = table / count
    expected = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    present = joint > 0
    found = (joint[present] * np.log(joint[present] / expected[present])).sum()
    rows, columns = ((table.sum(axis=axis) > 0).sum() for axis in (1, 0))
    return float(found - (rows - 1) * (columns - 1) * np.log(count) / (2 * count))
