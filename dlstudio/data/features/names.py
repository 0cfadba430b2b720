"""The names in a column: their order, and the place of each cell's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.columns import Categories
from dlstudio.data.features.short_texts import FEW, different

AT_ONCE = 2**20
"""Texts that are found at the same time: it takes several times their memory."""
MANY = 2**16
"""More names than that are found by their hashes, so many texts at a time."""
Codes = npt.NDArray[np.int32]
"""Places in names, (n,)."""


def ordered_names(texts: pl.Series) -> pl.Series:
    """Different texts in the order of classes: numbers by their value."""
    names: pl.Series = different(texts).sort()
    values: pl.Series = names.cast(pl.Float64, strict=False)
    if values.null_count() or not values.is_finite().all():
        return names
    return names.gather(values.arg_sort())


def joined_names(parts: Sequence[tuple[Codes, pl.Series]]) -> Categories:
    """The names of a column, from those of its parts.

    Args:
        parts: Codes of each part, -1 where there is no name, and the names that they
            are places of, in any order.
    """
    every = pl.concat([own for _codes, own in parts])
    names = ordered_names(every)
    place, start, found = places(every, names, -1), 0, []
    for codes, own in parts:
        of_part = place[start : start + len(own)]
        found.append(np.append(of_part, np.int32(-1))[codes])  # the last is of -1
        start += len(own)
    return Categories(np.concatenate(found), tuple(names.to_list()))


def places(texts: pl.Series, names: pl.Series, other: int) -> npt.NDArray[np.int32]:
    """The place of each text among names, int32 (n,).

    Args:
        texts: To be found.
        names: All different.
        other: For a text that is not among them, and for null.
    """
    if not len(names):
        return np.full(len(texts), other, np.int32)
    if len(texts) <= FEW:
        place = {name: number for number, name in enumerate(names.to_list())}
        return np.array([place.get(text, other) for text in texts.to_list()], np.int32)
    if (
        len(names) > MANY
        and (found := _places_of_many(texts, names, other)) is not None
    ):
        return found
    if len(texts) > AT_ONCE:
        parts = [places(each, names, other) for each in _slices(texts, AT_ONCE)]
        return np.concatenate(parts)
    numbers = pl.Series(np.arange(len(names), dtype=np.int32))
    found = texts.replace_strict(names, numbers, default=other, return_dtype=pl.Int32)
    return np.asarray(found.to_numpy(), np.int32)


def _places_of_many(texts: pl.Series, names: pl.Series, other: int) -> Codes | None:
    """As `places`, by hashes, which take much less memory than a table of the names.

    Returns:
        None where two names have the same hash of 64 bits.
    """
    hashes = names.hash().to_numpy()
    order = np.argsort(hashes).astype(np.int32)
    hashes = hashes[order]
    if (hashes[1:] == hashes[:-1]).any():
        return None
    found = np.empty(len(texts), np.int32)
    for start, some in zip(
        range(0, len(texts), MANY), _slices(texts, MANY), strict=True
    ):
        wanted = some.hash().to_numpy()
        by_hash = np.argsort(wanted)  # neighbours are found in the same pages
        place = np.empty(len(some), np.int32)
        at = np.searchsorted(hashes, wanted[by_hash])
        place[by_hash] = order[np.minimum(at, len(order) - 1)]
        same = (names.gather(place) == some).fill_null(False).to_numpy()
        found[start : start + len(some)] = np.where(same, place, other)
    return found


def _slices(texts: pl.Series, rows: int) -> Iterator[pl.Series]:
    for start in range(0, len(texts), rows):
        yield texts.slice(start, rows)
