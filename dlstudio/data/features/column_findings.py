"""What the user should know about the columns of a table.

Kinds of findings: "missing-values", "unreadable-values"; "identifier",
"constant-column", "blank-column", "text-column"; "leaking-column"; "duplicate-rows",
"conflicting-rows", "ordered-rows"; "outlier-values"; "one-class", "rare-class",
"imbalance", "skewed-target"; and those of the feature types.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from dlstudio.data.columns import Mask
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.inference import InferredColumn, absent_type, reason_text
from dlstudio.data.features.inferred_table import (
    InferredTable,
    exclude_fix,
    first_rows,
    ignore_fix,
)
from dlstudio.data.features.leaks import leaking_columns
from dlstudio.data.features.row_findings import (
    ordered_rows,
    repeated_rows,
)
from dlstudio.data.features.value_findings import (
    class_counts,
    outliers,
    skewed_target,
)
from dlstudio.data.findings import Finding, RecipeFix
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import _, marked, ngettext
from dlstudio.percent_text import percent

IGNORED = {
    "missing": "blank-column",
    "constant": "constant-column",
    "identifier": "identifier",
    "text": "text-column",
}
FILLS = {
    "median": marked("Fill with median"),
    "mean": marked("Fill with mean"),
    "most_frequent": marked("Fill with most frequent"),
    "own_class": marked("Own class"),
    "drop": marked("Drop rows"),
}
"""Buttons for the choices of a type's setting “missing”."""
ColumnCheck = Callable[[InferredTable, str], Iterable[Finding]]
"""What the findings of a feature type are: given a table and a column of the type."""
SHOWN, LONGEST = 3, 24
MOSTLY = 0.5


def column_findings(table: InferredTable) -> tuple[Finding, ...]:
    """All that is found about the columns, the rows and the target of a table."""
    leaks = tuple(leaking_columns(table))
    leaking = {each.path for each in leaks}
    missing: list[Finding] = []
    unreadable: list[Finding] = []
    of_types: list[Finding] = []
    far: list[Finding] = []
    ordered: list[Finding] = []
    for column in table.used():  # one after the other, as they may be in a file
        missing.extend(_missing(table, column))
        unreadable.extend(_unreadable(table, column))
        of_types.extend(_of_type(table, column))
        far.extend(outliers(table, column))
        ordered.extend(ordered_rows(table, column))
    return (
        *leaks,
        *missing,
        *unreadable,
        *of_types,
        *(found for each in table.columns.values() for found in _ignored(table, each)),
        *repeated_rows(table, leaking),
        *far,
        *class_counts(table),
        *skewed_target(table),
        *ordered,
    )


def _of_type(table: InferredTable, column: InferredColumn) -> Iterable[Finding]:
    """What only the column's type can find."""
    described = table.description(column.kind).implementations.findings
    if not described:
        return ()
    module, _colon, name = described.partition(":")
    find: ColumnCheck = getattr(importlib.import_module(module), name)
    return find(table, column.name)


def _missing(table: InferredTable, column: InferredColumn) -> Iterator[Finding]:
    assert column.parsed is not None
    missing = column.parsed.column.missing() & ~column.parsed.unreadable
    count = int(missing.sum())
    if not count:
        return
    text = ngettext(
        "{count} value is missing ({share}).",
        "{count} values are missing ({share}).",
        count,
    ).format(count=f"{count:,}", share=percent(count / len(missing)))
    fixes = _fills(table, column, missing)
    yield Finding("missing-values", column.name, text, "", fixes, first_rows(missing))


def _fills(
    table: InferredTable, column: InferredColumn, missing: Mask
) -> tuple[RecipeFix, ...]:
    """How missing values can be treated; a missing target can only be excluded."""
    param = table.description(column.kind).param("missing")
    if column.name == table.target:
        return (exclude_fix(missing),)
    fixes = [
        RecipeFix(_(FILLS[choice]), column.name, None, FrozenMap({"missing": choice}))
        for choice in (param.choices if param is not None else ())
        if choice in FILLS
    ]
    if missing.mean() > MOSTLY:
        fixes.append(ignore_fix(column.name))
    return tuple(fixes)


def _unreadable(table: InferredTable, column: InferredColumn) -> Iterator[Finding]:
    assert column.parsed is not None
    unreadable = column.parsed.unreadable
    count = int(unreadable.sum())
    if not count:
        return
    title = _(table.description(column.kind).title).lower()
    text = ngettext(
        "{count} cell cannot be read as {type}: {examples}",
        "{count} cells cannot be read as {type}: {examples}",
        count,
    ).format(
        count=f"{count:,}",
        type=title,
        examples=_examples(table, column.name, unreadable),
    )
    fixes = (exclude_fix(unreadable), *_other_kinds(table, column))
    rows = first_rows(unreadable)
    yield Finding("unreadable-values", column.name, text, "", fixes, rows)


def _examples(table: InferredTable, name: str, mask: Mask) -> str:
    """The first different cells of a mask."""
    rows = table.cells[name].take(np.flatnonzero(mask)[:1000])
    texts = cell_texts(rows).unique(maintain_order=True).to_list()
    short = [
        f"{text[:LONGEST]}…" if len(text) > LONGEST else text
        for text in map(str, texts[:SHOWN])
    ]
    quoted = ", ".join(_("“{text}”").format(text=text) for text in short)
    return f"{quoted}, …" if len(texts) > SHOWN else quoted


def _other_kinds(table: InferredTable, column: InferredColumn) -> tuple[RecipeFix, ...]:
    """The surest other type of a column."""
    found = []
    for kind, _certainty in column.alternatives[:1]:
        title = _(table.description(kind).title).lower()
        label = _("Use as {type}").format(type=title)
        found.append(RecipeFix(label, column.name, kind))
    return tuple(found)


def _ignored(table: InferredTable, column: InferredColumn) -> Iterator[Finding]:
    if not column.reason:
        return
    is_target = column.name == table.target
    if is_target and column.reason == "constant":
        text = _("All rows have the same value, so there is nothing to predict.")
        yield Finding("one-class", column.name, text)
        return
    useless = column.reason in ("missing", "constant")
    fixes = () if useless else _other_kinds(table, column)
    text = reason_text(column, table.catalog)
    absent = absent_type(column, table.catalog)
    kind = IGNORED[column.reason] if absent is None else absent.extra["absent_finding"]
    yield Finding(kind, column.name, text, "", fixes)
