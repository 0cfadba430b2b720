"""Sentences whose tokens and tags are not equally many."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from small_images import CATALOG

from dlstudio.data.columns import Cells
from dlstudio.data.features.inference import infer_columns
from dlstudio.data.features.inferred_table import InferredTable
from dlstudio.data.features.tag_findings import unlike_lengths
from dlstudio.data.findings import Finding, RecipeFix

COUNTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6)
SOUND = [(3, 3), (2, 2)]
"""Sentences that are there always, so that the columns are what they are called."""


def found(counts: list[tuple[int, int]]) -> list[Finding]:
    tokens = pl.Series([" ".join(["word"] * n) or None for n, _m in counts])
    tags = pl.Series([" ".join(["B-x", *["O"] * 4][:m]) or None for _n, m in counts])
    cells = {"tokens": Cells(tokens), "tags": Cells(tags)}
    inferred = infer_columns(cells, CATALOG)
    assert [each.kind.rpartition(".")[2] for each in inferred.values()] == [*cells]
    table = InferredTable(cells, inferred, "tags", CATALOG)
    return list(unlike_lengths(table, "tags"))


@settings(max_examples=25, deadline=None)
@given(COUNTS)
def test_rows_with_tags_have_as_many_as_tokens(counts: list[tuple[int, int]]) -> None:
    every = [*SOUND, *counts]
    bad = tuple(row for row, (n, m) in enumerate(every) if m and n != m)
    findings = found(every)
    assert [each.rows for each in findings] == [bad] * bool(bad)
    for each in findings:
        (fix,) = each.fixes
        assert isinstance(fix, RecipeFix) and fix.exclude == bad
        n, m = every[bad[0]]
        assert f"row {bad[0] + 1}: {m} instead of {n}" in each.message


def test_tags_alone_have_no_lengths_to_compare() -> None:
    cells = {"tags": Cells(pl.Series(["B-x O", "O O B-x"]))}
    inferred = infer_columns(cells, CATALOG)
    table = InferredTable(cells, inferred, "tags", CATALOG)
    assert list(unlike_lengths(table, "tags")) == []
