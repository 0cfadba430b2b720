"""Splitting samples into training, validation and test splits.

A sample's split depends on its id and the seed alone, so it is the same on every
machine, and adding samples moves few of the others.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.source_hints import ADD_FOR_TRAINING
from dlstudio.data.sample_groups import kept_together
from dlstudio.data.samples import SPLITS, TEST, TRAIN, VALIDATION, Samples
from dlstudio.data.strata import strata_codes
from dlstudio.document.plan import Split
from dlstudio.errors import UserError
from dlstudio.i18n import _

Indices = npt.NDArray[np.int64]
FEW = 3
"""Least samples with which a class is represented in every split with a share."""


def split(
    samples: Samples,
    recipe: Split,
    groups: Sequence[Hashable] | None = None,
    moved: Mapping[str, str] | None = None,
) -> dict[str, Indices]:
    """Indices of the samples of "train", "validation" and "test", each ascending.

    The three are disjoint and cover all samples. With "folders", a split that the
    source lacks is taken from the training split, as a share of that split.

    Args:
        samples: Samples to split.
        recipe: Mode, shares and seed.
        groups: A key for each sample; samples with equal keys (copies of one file)
            stay together, besides those that the recipe keeps together.
        moved: Ids of samples with the split that the user assigned; their groups go
            there too.

    Raises:
        UserError: The shares leave no sample for training.
    """
    check_split(recipe)
    groups = kept_together(samples.ids, recipe, groups)
    assigned = np.full(len(samples), TRAIN, dtype="<U10")
    shares = {VALIDATION: recipe.validation, TEST: recipe.test}
    if recipe.mode == "folders":
        assigned[samples.splits != ""] = samples.splits[samples.splits != ""]
        present = set(np.unique(assigned))
        shares = {name: s for name, s in shares.items() if name not in present}
    if any(shares.values()):
        pool = np.flatnonzero(assigned == TRAIN)
        units = _units(samples, pool, recipe.seed, groups)
        for stratum, wanted in _strata(samples, units, shares, recipe.stratify):
            _fill(assigned, stratum, wanted)
    if moved:
        _move(assigned, samples.ids, moved, groups)
    if not (assigned == TRAIN).any():
        raise UserError(
            _("There are no samples for training."),
            _(ADD_FOR_TRAINING),
        )
    return {name: np.flatnonzero(assigned == name).astype(np.int64) for name in SPLITS}


def check_split(recipe: Split) -> None:
    """Raise if shares or mode are invalid.

    Raises:
        UserError: A share or the mode is invalid.
    """
    shares = (recipe.validation, recipe.test)
    if any(not 0 <= share < 1 for share in shares) or sum(shares) >= 1:
        raise UserError(
            _(
                "With {validation} for validation and {test} for testing, no "
                "samples remain for training."
            ).format(validation=recipe.validation, test=recipe.test),
            _("Each share must be at least 0, and their sum less than 1."),
        )
    if recipe.mode not in ("random", "folders"):
        raise UserError(
            _("There is no split mode called “{mode}”.").format(mode=recipe.mode),
            _("Use “random” or “folders”."),
        )


def _move(
    assigned: npt.NDArray[np.str_],
    ids: Sequence[str],
    moved: Mapping[str, str],
    groups: Sequence[Hashable] | None,
) -> None:
    """Move samples to the user's splits, with their groups; the last one wins."""
    wanted: dict[Hashable, str] = {}
    for row, name in enumerate(ids):
        split_name = moved.get(name, "")
        if split_name in SPLITS:
            wanted[groups[row] if groups is not None else row] = split_name
    for row in range(len(ids)):
        key = groups[row] if groups is not None else row
        if key in wanted:
            assigned[row] = wanted[key]


@dataclass
class _Unit:
    """Samples that stay together, ordered by the seed."""

    rank: bytes
    rows: list[int] = field(default_factory=list)


def _units(
    samples: Samples, pool: Indices, seed: int, groups: Sequence[Hashable] | None
) -> list[_Unit]:
    key = hashlib.sha256(str(seed).encode()).digest()[:32]
    made: dict[Hashable, _Unit] = {}
    for row in pool.tolist():
        name = samples.ids[row].encode("utf-8", "replace")
        rank = hashlib.blake2b(name, digest_size=16, key=key).digest()
        unit = made.setdefault(groups[row] if groups is not None else row, _Unit(rank))
        unit.rank = min(unit.rank, rank)
        unit.rows.append(row)
    return sorted(made.values(), key=lambda unit: unit.rank)


def _strata(
    samples: Samples, units: list[_Unit], shares: dict[str, float], stratify: bool
) -> list[tuple[list[_Unit], dict[str, int]]]:
    """Strata of units, each with the number of samples for each split."""
    if not stratify:
        return [(units, _wanted(units, shares))]
    codes = strata_codes(samples.label_column, len(samples))
    by_code: dict[int, list[_Unit]] = {}
    for unit in units:
        by_code.setdefault(int(codes[unit.rows[0]]), []).append(unit)
    return [(found, _wanted(found, shares)) for _code, found in sorted(by_code.items())]


def _wanted(units: list[_Unit], shares: dict[str, float]) -> dict[str, int]:
    """The number of samples of a stratum for each split; training always gets one."""
    return wanted_counts(sum(len(unit.rows) for unit in units), shares)


def wanted_counts(count: int, shares: dict[str, float]) -> dict[str, int]:
    """How many of a stratum's samples each split gets; training always gets one.

    Args:
        count: Samples of the stratum.
        shares: Of validation and test, 0 to less than 1.
    """
    wanted = {name: _rounded(count, share) for name, share in shares.items()}
    if count < FEW:
        # Of two samples one may be held out, preferably for validation.
        first = next((name for name in wanted if shares[name] > 0), "")
        return {first: 1} if first and count == FEW - 1 else {}
    while sum(wanted.values()) >= count:
        largest = max(wanted, key=lambda name: wanted[name])
        wanted[largest] -= 1
    return wanted


def _rounded(count: int, share: float) -> int:
    return max(1, math.floor(count * share + 0.5)) if share > 0 else 0


def _fill(
    assigned: npt.NDArray[np.str_], units: list[_Unit], wanted: dict[str, int]
) -> None:
    """Fill each split with its number of samples; units that are too big stay."""
    left = dict(wanted)
    for unit in units:
        size = len(unit.rows)
        name = next((name for name, room in left.items() if 0 < size <= room), "")
        if name:
            assigned[unit.rows] = name
            left[name] -= size
