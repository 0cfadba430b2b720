"""Splitting a table's rows, all at once: a million of them take a second.

The rules are those of `dlstudio.data.split`: a row's split depends on its number and
the seed alone, so that it is the same on every machine and stays the same when rows are
added at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Column, Indices
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import SPLITS, TEST, TRAIN, VALIDATION
from dlstudio.data.split import check_split, wanted_counts
from dlstudio.data.strata import strata_codes
from dlstudio.document.plan import Split
from dlstudio.errors import UserError
from dlstudio.i18n import _


def split_rows(
    ids: RowIds,
    given: npt.NDArray[np.str_],
    recipe: Split,
    target: Column | None,
    moved: Mapping[str, str],
) -> dict[str, Indices]:
    """Places of the rows of "train", "validation" and "test", each ascending.

    Args:
        ids: The rows.
        given: The split that the source says, strings (n,); "" for none.
        recipe: Mode, shares and seed; rows have no groups.
        target: What rows are stratified by, if the recipe wants that: numbers by
            their tenths. None: by nothing.
        moved: Ids of rows with the split that the user assigned.

    Raises:
        UserError: The shares leave no row for training.
    """
    check_split(recipe)
    number = {name: place for place, name in enumerate(SPLITS)}
    assigned = np.full(len(ids), number[TRAIN], np.int8)
    shares = {VALIDATION: recipe.validation, TEST: recipe.test}
    if recipe.mode == "folders":
        for name in SPLITS:
            assigned[given == name] = number[name]
        present = set(np.unique(assigned).tolist())
        shares = {name: s for name, s in shares.items() if number[name] not in present}
    if any(shares.values()):
        pool = np.flatnonzero(assigned == number[TRAIN])
        codes = strata_codes(target if recipe.stratify else None, len(ids))
        ranks = row_ranks(ids.numbers, recipe.seed)
        for rows in _strata(pool, codes, ranks):
            start = 0
            for name, count in wanted_counts(len(rows), shares).items():
                assigned[rows[start : start + count]] = number[name]
                start += count
    for name in SPLITS:
        chosen = [id for id, split in moved.items() if split == name]
        assigned[ids.places(chosen)] = number[name]
    if not (assigned == number[TRAIN]).any():
        raise UserError(
            _("There are no samples for training."),
            _("Reduce the shares of validation and test, or add rows."),
        )
    return {
        name: np.flatnonzero(assigned == place).astype(np.int64)
        for name, place in number.items()
    }


def row_ranks(numbers: Indices, seed: int) -> npt.NDArray[np.uint64]:
    """A rank for each row, uint64 (n,), as good as random: SplitMix64 of its number.

    Steele, Lea and Flood: Fast splittable pseudorandom number generators, 2014.

    Args:
        numbers: Of the rows, int64 (n,).
        seed: Any integer; the same seed gives the same ranks.
    """
    with np.errstate(over="ignore"):
        value = numbers.astype(np.uint64)  # changed in place: there may be millions
        value += np.uint64(seed % 2**64) * np.uint64(0xD1B54A32D192ED03) + np.uint64(1)
        value *= np.uint64(0x9E3779B97F4A7C15)
        value ^= value >> np.uint64(30)
        value *= np.uint64(0xBF58476D1CE4E5B9)
        value ^= value >> np.uint64(27)
        value *= np.uint64(0x94D049BB133111EB)
        value ^= value >> np.uint64(31)
    return value


def _strata(
    pool: Indices, codes: npt.NDArray[np.int64], ranks: npt.NDArray[np.uint64]
) -> Iterator[Indices]:
    """Rows of equal codes, each time in the order of their ranks."""
    by_rank = pool[np.argsort(ranks[pool])]  # no two ranks are the same
    narrow = np.abs(codes).max(initial=0) < 2**15  # which NumPy sorts much faster
    order = codes[by_rank].astype(np.int16 if narrow else np.int64)
    ordered = by_rank[np.argsort(order, kind="stable")]
    breaks = np.flatnonzero(np.diff(codes[ordered])) + 1
    yield from np.split(ordered, breaks)
