"""Dividing samples into training, validation and test splits.

A sample's place depends on its id and the seed alone, so it is the same on every
machine, and adding images moves few of the others.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dlstudio.data.sample_groups import kept_together
from dlstudio.data.samples import SPLITS, TEST, TRAIN, VALIDATION, Samples
from dlstudio.document.plan import Split
from dlstudio.errors import UserError
from dlstudio.i18n import _

Indices = npt.NDArray[np.int64]
FEW = 3
"""From so many samples on, a class has some in every split that has a share."""


def split(
    samples: Samples,
    recipe: Split,
    groups: Sequence[Hashable] | None = None,
    moved: Mapping[str, str] | None = None,
) -> dict[str, Indices]:
    """Indices of the samples of "train", "validation" and "test", each ascending.

    The three are disjoint and together have every sample. With "folders", a split
    the source does not have is taken from the training split, its share being of
    what there is to take from.

    Args:
        samples: What to divide.
        recipe: Mode, shares and seed.
        groups: A key for each sample; those with equal keys (copies of one
            image) stay together, beside those the recipe keeps together.
        moved: Ids of samples with the split the user wants them in; what stays
            together with one of them goes there too.

    Raises:
        UserError: The shares leave nothing for training, or no sample is for it.
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
            _("Add images to train/, or set data.split.mode to random."),
        )
    return {name: np.flatnonzero(assigned == name).astype(np.int64) for name in SPLITS}


def check_split(recipe: Split) -> None:
    """Refuse shares and modes that cannot be.

    Raises:
        UserError: There is such a one.
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
    """Put samples where the user wants them, with their groups; the last one wins."""
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
    """Samples that stay together, in an order drawn by the seed."""

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
    """Units that are divided alike, with the number of samples each split gets."""
    if not stratify:
        return [(units, _wanted(units, shares))]
    if samples.multi_label:
        return _label_strata(samples, units, shares)
    by_class: dict[int, list[_Unit]] = {}
    for unit in units:
        by_class.setdefault(int(samples.labels[unit.rows[0]]), []).append(unit)
    return [
        (found, _wanted(found, shares)) for _label, found in sorted(by_class.items())
    ]


def _label_strata(
    samples: Samples, units: list[_Unit], shares: dict[str, float]
) -> list[tuple[list[_Unit], dict[str, int]]]:
    """Strata of many-labelled samples: each by the rarest label it has.

    A simple form of iterative stratification (Sechidis et al., 2011): rare labels,
    which chance would treat worst, are divided exactly.
    """
    counts = samples.counts()
    by_label: dict[int, list[_Unit]] = {}
    for unit in units:
        has = np.flatnonzero(samples.labels[unit.rows[0]])
        rarest = int(has[np.argmin(counts[has])]) if len(has) else -1
        by_label.setdefault(rarest, []).append(unit)
    return [
        (found, _wanted(found, shares)) for _label, found in sorted(by_label.items())
    ]


def _wanted(units: list[_Unit], shares: dict[str, float]) -> dict[str, int]:
    """How many samples of a stratum each split gets; training always gets one."""
    count = sum(len(unit.rows) for unit in units)
    wanted = {name: _rounded(count, share) for name, share in shares.items()}
    if count < FEW:
        # Of two samples one may be held out, for validation first.
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
    """Give each split its number of samples; a unit that is too big stays."""
    left = dict(wanted)
    for unit in units:
        size = len(unit.rows)
        name = next((name for name, room in left.items() if 0 < size <= room), "")
        if name:
            assigned[unit.rows] = name
            left[name] -= size
