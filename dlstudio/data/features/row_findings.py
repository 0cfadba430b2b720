"""Rows of a table that are copies, that contradict each other, or are in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
import polars as pl

from dlstudio.data.columns import Categories, Cells
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.hashes import Hashes, repeated, seen_before
from dlstudio.data.features.inference import InferredColumn
from dlstudio.data.features.inferred_table import (
    InferredTable,
    exclude_fix,
    first_rows,
    numbers_of,
)
from dlstudio.data.findings import Finding
from dlstudio.data.tables.cell_store import MANY_ROWS, StoredCells
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent

SEED = 20
AT_ONCE = 2**20
"""Cells of a large table that are compared at the same time."""
FEWEST = 20
FEW = 0.05
"""Share of rows up to which they can be excluded without a second thought."""


def repeated_rows(
    table: InferredTable, leaking: Collection[str] = ()
) -> Iterator[Finding]:
    """Copies of rows, and rows with the same inputs and different classes.

    Args:
        table: With its target.
        leaking: Columns that do not count as inputs.
    """
    if not len(table):
        return
    names = [each.name for each in table.inputs() if each.name not in leaking]
    target = table.values(table.target)
    if not isinstance(target, Categories) or not names:
        (every,) = _hashes(table, [tuple(table.cells)])
        yield from _copies(every)
        return
    every, inputs = _hashes(table, [tuple(table.cells), names])
    yield from _copies(every)
    yield from _conflicts(inputs, target)


def _copies(hashes: Hashes) -> Iterator[Finding]:
    """Rows that are equal to an earlier one in all columns, ignored ones included."""
    copies = seen_before(hashes)
    count = int(copies.sum())
    if count:
        text = ngettext(
            "{count} row is equal to an earlier one in all columns.",
            "{count} rows are equal to earlier ones in all columns.",
            count,
        ).format(count=f"{count:,}")
        fixes = (exclude_fix(copies),)
        yield Finding("duplicate-rows", "", text, "", fixes, first_rows(copies))


def _conflicts(hashes: Hashes, target: Categories) -> Iterator[Finding]:
    """Rows with the same inputs and different classes, and what that costs at least.

    Args:
        hashes: Of the inputs.
        target: The classes.
    """
    several = repeated(hashes)
    rows = pl.DataFrame({"x": hashes[several], "y": target.codes[several]})
    rows = rows.with_columns(known=pl.col("y") >= 0)
    classes = pl.when("known").then("y").n_unique().over("x", "known")
    conflicts = np.zeros(len(hashes), bool)
    found = rows.select(pl.col("known") & (classes > 1)).to_series()
    conflicts[several] = found.to_numpy()
    count = int(conflicts.sum())
    if not count:
        return
    known = int((target.codes >= 0).sum())
    again = rows.filter("known")
    counts = again.group_by("x", "y").len()
    best = int(counts.group_by("x").agg(pl.col("len").max())["len"].sum())
    right = known - len(again) + best
    text = ngettext(
        "{count} row has the inputs of a row of another class. At most {share} of all "
        "rows can be predicted correctly.",
        "{count} rows have the inputs of rows of another class. At most {share} of all "
        "rows can be predicted correctly.",
        count,
    ).format(count=f"{count:,}", share=percent(right / known))
    fixes = (exclude_fix(conflicts),) if conflicts.mean() <= FEW else ()
    yield Finding("conflicting-rows", "", text, "", fixes, first_rows(conflicts))


def ordered_rows(table: InferredTable, column: InferredColumn) -> Iterator[Finding]:
    """Dates of an input that rise or fall from row to row."""
    if column.name == table.target or not column.kind.endswith(".date"):
        return
    days = numbers_of(table.values(column.name))
    if days is None:
        return
    steps = np.diff(days.values[~np.isnan(days.values)])
    if len(steps) + 1 < FEWEST or not steps.any():
        return
    if (steps >= 0).all() or (steps <= 0).all():
        text = _("The rows are in the order of this date.")
        yield Finding("ordered-rows", column.name, text)


def _hashes(table: InferredTable, sets: Sequence[Sequence[str]]) -> list[Hashes]:
    """Numbers of each row, the same for rows that are equal in a set of columns.

    Args:
        table: Whose cells are read once.
        sets: Names of columns; those of the first are all that are needed.
    """
    names = sets[0]
    cells = [table.cells[name] for name in names]
    found: list[list[pl.Series]] = [[] for _set in sets]
    for piece in _aligned(cells, len(table)):
        values = dict(zip(names, map(_comparable, piece), strict=True))
        for own, hashes in zip(sets, found, strict=True):
            columns = {str(place): values[name] for place, name in enumerate(own)}
            hashes.append(pl.DataFrame(columns).hash_rows(SEED))
    return [pl.concat(each, rechunk=True).to_numpy() for each in found]


def _aligned(cells: Sequence[Cells], rows: int) -> Iterable[Sequence[Cells]]:
    """The same rows of some columns, of a large table some at a time."""
    if not any(isinstance(each, StoredCells) for each in cells):
        return [cells]
    if all(isinstance(each, StoredCells) for each in cells):
        return zip(*(each.pieces() for each in cells), strict=True)
    step = max(1, min(MANY_ROWS, AT_ONCE // len(cells)))
    starts = range(0, rows, step)
    places = (np.arange(start, min(start + step, rows)) for start in starts)
    return ([each.take(some) for each in cells] for some in places)


def _comparable(cells: Cells) -> pl.Series:
    values = cells.values
    nested = values.dtype.is_nested() or values.dtype == pl.Object
    return cell_texts(cells) if nested else values
