"""Values that stand out: outliers, rare classes, and a target of great range."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Categories
from dlstudio.data.features.inference import InferredColumn
from dlstudio.data.features.inferred_table import (
    InferredTable,
    exclude_fix,
    first_rows,
    numbers_of,
)
from dlstudio.data.findings import Finding, RecipeFix
from dlstudio.document.values import FrozenMap, Value
from dlstudio.i18n import _, ngettext
from dlstudio.number_text import number_text

FEWEST = 20
RANGES = 5.0
"""Interquartile ranges from the median from which a number is an outlier."""
RARE = 0.02
"""Share of a column; if more are far from the median, they are not outliers."""
FEW, UNEVEN, SHOWN = 10, 10, 5
SKEWED = 2.0


def outliers(table: InferredTable, column: InferredColumn) -> Iterator[Finding]:
    """Numbers of a column that are far from its others."""
    if not _is_quantity(table, column):
        return
    numbers = numbers_of(table.values(column.name))
    if numbers is not None:
        limits = (column.params.get(name) for name in ("minimum", "maximum"))
        values = _limited(numbers.values, *limits)
        yield from _outliers_of(table, column, values)


def _is_quantity(table: InferredTable, column: InferredColumn) -> bool:
    """Whether numbers have limits that a user can set, as dates have not."""
    return bool(table.description(column.kind).param("minimum"))


def _limited(
    values: npt.NDArray[np.float64], least: object = None, most: object = None
) -> npt.NDArray[np.float64]:
    """Numbers as the limits of a feature leave them."""
    if isinstance(least, (int, float)):
        values = np.maximum(values, least)
    return np.minimum(values, most) if isinstance(most, (int, float)) else values


def _outliers_of(
    table: InferredTable, column: InferredColumn, values: npt.NDArray[np.float64]
) -> Iterator[Finding]:
    present = values[~np.isnan(values)]
    if len(present) < FEWEST:
        return
    # Halves, whose differences are never infinite.
    low, middle, high = np.quantile(present / 2, (0.25, 0.5, 0.75))
    reach = RANGES * (high - low)
    below, above = values / 2 < middle - reach, values / 2 > middle + reach
    far = below | above
    count = int(far.sum())
    if not reach or not count or count > max(1, RARE * len(present)):
        return
    row = int(np.argmax(np.where(far, np.abs(values / 2 - middle), -1.0)))
    text = ngettext(
        "{count} value is far from the others: {value} (row {row}).",
        "{count} values are far from the others. The farthest is {value} (row {row}).",
        count,
    ).format(
        count=f"{count:,}",
        value=_readable(values[row]),
        row=f"{table.row_number(row):,}",
    )
    limits: dict[str, Value] = {}
    if below.any():
        limits["minimum"] = _rounded(2 * (middle - reach))
    if above.any():
        limits["maximum"] = _rounded(2 * (middle + reach))
    clip = RecipeFix(_("Clip"), column.name, None, FrozenMap(limits))
    fixes = (clip, exclude_fix(far))
    yield Finding("outlier-values", column.name, text, "", fixes, first_rows(far))


def _readable(value: float) -> str:
    whole = float(value).is_integer() and abs(value) < 1e15
    return f"{value:,.0f}" if whole else f"{value:,.6g}"


def _rounded(value: float) -> float:
    return float(number_text(float(f"{value:.4g}")))


def class_counts(table: InferredTable) -> Iterator[Finding]:
    """Classes of the target that are rare, and classes of very different size."""
    target = table.values(table.target)
    if not isinstance(target, Categories):
        return
    counts = target.counts()
    if (counts > 0).sum() == 1:
        text = _("All rows have the same value, so there is nothing to predict.")
        yield Finding("one-class", table.target, text)
    rare = np.flatnonzero((counts > 0) & (counts < FEW))
    if len(rare) and counts.sum() >= FEW * FEW:
        names = ", ".join(f"{target.names[n]} ({counts[n]})" for n in rare[:SHOWN])
        if len(rare) > SHOWN:
            names += ", …"
        text = _("These classes have few rows: {names}.")
        mask = np.isin(target.codes, rare)
        yield Finding(
            "rare-class",
            table.target,
            text.format(names=names),
            "",
            (exclude_fix(mask),),
            first_rows(mask),
        )
    present = counts[counts > 0]
    if len(present) > 1 and present.max() >= UNEVEN * present.min():
        times = int(present.max() // present.min())
        text = _("The largest class has {times} times as many rows as the smallest.")
        yield Finding("imbalance", table.target, text.format(times=times))


def skewed_target(table: InferredTable) -> Iterator[Finding]:
    """A number to be predicted that is mostly small and sometimes very great."""
    numbers = numbers_of(table.values(table.target))
    target = table.columns.get(table.target)
    if numbers is None or target is None or not _is_quantity(table, target):
        return
    values = numbers.values[~np.isnan(numbers.values)]
    if len(values) < FEWEST or values.min() < 0:
        return
    scaled = values / (values.max() or 1.0)
    deviation = scaled.std()
    if deviation and (((scaled - scaled.mean()) / deviation) ** 3).mean() > SKEWED:
        text = _("Most values are small, and a few are very large.")
        yield Finding("skewed-target", table.target, text)
