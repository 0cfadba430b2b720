"""Columns that give the target away: a model that sees them learns nothing else.

A column of numbers leaks a number with |correlation| of at least 0.999. Names, or
numbers that repeat, leak it where equal values always mean the same class, or a number
that hardly varies among them, so often that it can hardly be chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log10

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.columns import Categories, Cells, Column
from dlstudio.data.features.cell_text import named_texts
from dlstudio.data.features.hashes import count_different
from dlstudio.data.features.inference import InferredColumn
from dlstudio.data.features.inferred_table import (
    InferredTable,
    ignore_fix,
    numbers_of,
)
from dlstudio.data.findings import Finding, RecipeFix
from dlstudio.data.tables.cell_store import StoredCells
from dlstudio.data.tables.thinned_rows import LOOK
from dlstudio.i18n import _

DETERMINED = 0.998
"""R² from which a number is determined: of a correlation of 0.999."""
TRIMMED = (0.01, 0.99)
"""Quantiles between which numbers are compared."""
FEWEST = 10
"""Rows of which R² is taken, and rows more than values."""
CHANCE = -9.0
"""Power of ten of the chance that equal values have equal classes all the same."""


def leaking_columns(table: InferredTable) -> Iterator[Finding]:
    """Columns that determine the target; ignored ones are among them."""
    target = table.columns.get(table.target)
    if target is None or target.parsed is None:
        return
    inputs = list(table.inputs())
    numbers = numbers_of(table.values(table.target))
    usual = None if numbers is None else _usual(numbers.values)
    for column in table.columns.values():
        # A single input that determines a number may be a law to be learned.
        if column.name != table.target and (len(inputs) > 1 or not column.kind):
            text = _leak(table, column, usual)
            if text:
                fixes = _fixes(column)
                yield Finding("leaking-column", column.name, text, "", fixes)


def _leak(
    table: InferredTable,
    column: InferredColumn,
    usual: npt.NDArray[np.float64] | None,
) -> str:
    """How a column determines the target; "" where it does not.

    Args:
        table: With its target.
        column: Perhaps ignored.
        usual: The target's numbers without the least and the greatest; None of classes.
    """
    if column.reason in ("missing", "constant", "text"):
        return ""
    target = table.values(table.target)
    cells, wanted = table.cells[column.name], table.cells[table.target]
    message = ""
    if not _is_refuted(cells, target):
        keys = _keys(cells)
        if keys.equals(_keys(wanted)):
            message = _("It is equal to the target “{target}”.")
        elif isinstance(target, Categories) and _decides_class(keys, target):
            message = _("Each of its values belongs to one class of “{target}”.")
    explained = 0.0
    if usual is not None and not message:
        own = numbers_of(table.values(column.name))
        explained = _explained(cells, usual) or 0.0
        if own is not None:
            linear = _squared_correlation(_usual(own.values), usual)
            explained = max(explained, linear)
    if explained >= DETERMINED:
        message = _("It determines the target: its R² with “{target}” is {value}.")
    return message.format(target=table.target, value=f"{explained:.3f}")


def _fixes(column: InferredColumn) -> tuple[RecipeFix, ...]:
    if column.kind:
        return (ignore_fix(column.name),)
    kind = next((kind for kind, _certainty in column.alternatives), "")
    return (RecipeFix(_("Use anyway"), column.name, kind),) if kind else ()


def _step(cells: Cells) -> int:
    """Of how many rows one is looked at first: what these refute is refuted."""
    return max(1, len(cells) // LOOK)


def _usual(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Numbers without the least and the greatest, which are NaN.

    A single outlier explains nearly all of the variance that it makes.
    """
    present = values[~np.isnan(values)]
    if not len(present):
        return values
    low, high = np.quantile(present, TRIMMED)
    with np.errstate(invalid="ignore"):
        return np.where((values >= low) & (values <= high), values, np.nan)


def _is_refuted(cells: Cells, target: Column | None) -> bool:
    """Whether some rows show that equal cells have different targets."""
    step = _step(cells)
    texts = named_texts(cells.every(step))
    if isinstance(target, Categories):
        return not _is_function(_class_pairs(texts, target.codes[::step]))
    numbers = numbers_of(target)
    if numbers is None:
        return False
    explained = _explained_by_groups(texts, _usual(numbers.values[::step]))
    return explained is not None and explained < DETERMINED


def _keys(cells: Cells) -> pl.Series:
    """The texts of cells, or in their place what is the same for the same text.

    Of a large table they are hashes: all texts of a column are as large as its file.
    """
    if not isinstance(cells, StoredCells):
        return named_texts(cells)
    found = []
    for each in cells.pieces():
        texts = named_texts(each)
        found.append(texts.hash().set(texts.is_null(), None))
    return pl.concat(found, rechunk=True).alias("")


def _class_pairs(texts: pl.Series, codes: npt.NDArray[np.int32]) -> pl.DataFrame:
    pairs = pl.DataFrame({"x": texts, "y": codes})
    return pairs.filter((pl.col("y") >= 0) & pl.col("x").is_not_null())


def _is_function(pairs: pl.DataFrame) -> bool:
    return pairs.n_unique() == pairs["x"].n_unique()


def _decides_class(texts: pl.Series, target: Categories) -> bool:
    """Whether equal texts have equal classes, more often than by chance."""
    pairs = _class_pairs(texts, target.codes)
    if not len(pairs):
        return False
    shares = np.bincount(pairs["y"].to_numpy()) / len(pairs)
    alike = float((shares**2).sum())  # two rows have the same class by chance
    repeats = len(pairs) - _count_different(pairs["x"])
    by_chance = alike >= 1 or repeats * log10(alike) > CHANCE
    return not by_chance and _is_function(pairs)


def _count_different(keys: pl.Series) -> int:
    if keys.dtype == pl.UInt64:
        return count_different(keys.to_numpy())
    return keys.n_unique()


def _explained(cells: Cells, values: npt.NDArray[np.float64]) -> float | None:
    """As `_explained_by_groups`, unless some rows refute it already."""
    step = _step(cells)
    some = _explained_by_groups(named_texts(cells.every(step)), values[::step])
    if step == 1 or (some is not None and some < DETERMINED):
        return some
    return _explained_by_groups(_keys(cells), values)


def _explained_by_groups(
    texts: pl.Series, values: npt.NDArray[np.float64]
) -> float | None:
    """R² of a number by equal texts, corrected for their count; None of too few."""
    pairs = pl.DataFrame({"x": texts, "y": values})
    pairs = pairs.filter(pl.col("y").is_not_nan() & pl.col("x").is_not_null())
    freedom = len(pairs) - pairs["x"].n_unique()
    if freedom < FEWEST:
        return None
    y = pl.col("y")
    within = pairs.select(((y - y.mean().over("x")) ** 2).sum())["y"][0] / freedom
    total = pairs["y"].var()
    if not isinstance(total, float) or not 0 < total < float("inf"):
        return None
    return max(0.0, 1 - float(within) / total)


def _squared_correlation(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> float:
    both = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[both], y[both]
    if len(x) < FEWEST:
        return 0.0
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        x, y = x - x.mean(), y - y.mean()
        found = float((x @ y) ** 2 / ((x @ x) * (y @ y)))
    return found if np.isfinite(found) else 0.0
