"""Entities of tagged tokens, found and counted as by `conlleval`, all at once.

Tags are the numbers of those of IOB2: 0 is outside, 2 k + 1 begins an entity of type k,
and 2 k + 2 goes on with one; -1 stands behind the last token of a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.integer]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Entities:
    """Entities of some sentences; each array is int64 (entities,).

    Attributes:
        row: Sentence.
        start: First token.
        end: Token behind the last one.
        type: Number of the type.
    """

    row: Counts
    start: Counts
    end: Counts
    type: Counts

    def __len__(self) -> int:
        return len(self.row)

    def keys(self, length: int, types: int) -> Counts:
        """A number for each entity, the same for equal ones.

        Args:
            length: Of all sentences.
            types: Number of types.
        """
        place = (self.row * (length + 1) + self.start) * (length + 1) + self.end
        return place * max(1, types) + self.type


def find_entities(tags: Numbers) -> Entities:
    """The entities of sentences.

    Args:
        tags: (n, length).
    """
    tags = np.asarray(tags, np.int64)
    inside = tags > 0
    types = np.where(inside, (tags - 1) // 2, -1)
    before = np.pad(types, [(0, 0), (1, 0)], constant_values=-1)[:, :-1]
    starts = inside & ((tags % 2 == 1) | (before != types))
    next_starts = np.pad(starts, [(0, 0), (0, 1)])[:, 1:]
    next_types = np.pad(types, [(0, 0), (0, 1)], constant_values=-1)[:, 1:]
    ends = inside & (next_starts | (next_types != types))
    row, start = np.nonzero(starts)
    _row, last = np.nonzero(ends)
    return Entities(
        row.astype(np.int64),
        start.astype(np.int64),
        last.astype(np.int64) + 1,
        types[row, start],
    )


@dataclass(frozen=True, eq=False, slots=True)
class EntityCounts:
    """How many entities of each type there are; each array is int64 (types,).

    Attributes:
        correct: Predicted with the right type at the right place.
        predicted: All that are predicted.
        actual: All that there are.
    """

    correct: Counts
    predicted: Counts
    actual: Counts


def count_entities(truth: Numbers, predicted: Numbers, types: int) -> EntityCounts:
    """Count the entities of sentences.

    Args:
        truth: Tags (n, length).
        predicted: Tags (n, length).
        types: Number of types.
    """
    actual, found = find_entities(truth), find_entities(predicted)
    length = truth.shape[1]
    right = np.isin(found.keys(length, types), actual.keys(length, types))

    def count(each: Counts) -> Counts:
        return np.bincount(each, minlength=types).astype(np.int64)

    return EntityCounts(count(found.type[right]), count(found.type), count(actual.type))


def scores_of(correct: int, predicted: int, actual: int) -> dict[str, float]:
    """Precision, recall and F1; 0 where there is nothing to divide by.

    Args:
        correct: Entities that are right.
        predicted: Entities that are predicted.
        actual: Entities that there are.
    """
    return {
        "precision": correct / predicted if predicted else 0.0,
        "recall": correct / actual if actual else 0.0,
        "f1": 2 * correct / (predicted + actual) if predicted + actual else 0.0,
    }
